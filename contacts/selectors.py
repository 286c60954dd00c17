"""Questions about contacts. Everybody who works in a company sees all of its contacts."""

from django.db import connection
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from contacts import statements
from contacts.models import Contact, ContactImport, ContactList, CustomField, Tag


def contacts_for(user: User) -> QuerySet[Contact]:
    return Contact.objects.prefetch_related("tags", "lists", "addresses", "opt_outs")


def contact_for(user: User, pk: int) -> Contact:
    return get_object_or_404(contacts_for(user), pk=pk)


def tags_for(user: User) -> QuerySet[Tag]:
    return Tag.objects.all()


def contact_lists_for(user: User) -> QuerySet[ContactList]:
    return ContactList.objects.all()


def custom_fields_for(user: User) -> QuerySet[CustomField]:
    return CustomField.objects.all()


def contact_imports_for(user: User) -> QuerySet[ContactImport]:
    return ContactImport.objects.select_related("created_by")


def reasons_of(contact_import: ContactImport) -> list[dict[str, object]]:
    """Why rows were skipped or refused, the most frequent reason first. What differs from row to row is left out of the sentences."""
    with connection.cursor() as cursor:
        cursor.execute(statements.REASONS, {"import": contact_import.pk})
        return [dict(zip(("outcome", "reason", "count", "rows"), row, strict=True)) for row in cursor.fetchall()]


def contact_import_for(user: User, pk: int) -> ContactImport:
    return get_object_or_404(contact_imports_for(user), pk=pk)
