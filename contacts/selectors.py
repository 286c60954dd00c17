"""Questions about contacts. Everybody who works in a company sees all of its contacts."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.shortcuts import get_object_or_404

from accounts.models import User
from contacts import statements
from contacts.models import ConsentEntry, Contact, ContactImport, ContactList, CustomField, Tag
from contacts.types import Condition


def contacts_with_parts() -> QuerySet[Contact]:
    return Contact.objects.prefetch_related("tags", "lists", "addresses", "opt_outs")


def contacts_for(user: User) -> QuerySet[Contact]:
    return contacts_with_parts()


def contact_for(user: User, pk: int) -> Contact:
    return get_object_or_404(contacts_for(user), pk=pk)


def consent_of(contact: Contact) -> QuerySet[ConsentEntry]:
    """Newest first."""
    return contact.consent.select_related("by")


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


def contacts_meeting(conditions: Sequence[Condition]) -> QuerySet[Contact]:
    """Contacts of whom all of these hold. What a contact does not have differs from everything."""
    kinds = dict(CustomField.objects.values_list("key", "kind"))
    contacts = Contact.objects.order_by()
    for place, condition in enumerate(conditions):
        key = condition.field.removeprefix("custom.")
        is_custom = key != condition.field
        said = f"said_{place}"
        contacts = contacts.alias(**{said: KeyTextTransform(key, "custom") if is_custom else F(condition.field)})
        contacts = contacts.filter(_holds(condition, said, key if is_custom else "", kinds.get(key, "")))
    return contacts


def _holds(condition: Condition, said: str, key: str, kind: str) -> Q:
    """`said` is the alias of the value as a text; numbers are compared as JSON, which keeps them apart from words."""
    value: Any = condition.value
    is_empty = Q(**{f"{said}__isnull": True}) | Q(**{said: ""})
    if condition.operator == "is_empty":
        return is_empty
    if condition.operator == "is_set":
        return ~is_empty
    if condition.operator == "contains":
        return Q(**{f"{said}__icontains": value})
    compared = said
    if kind == CustomField.Kind.NUMBER:
        compared, value = f"custom__{key}", float(value)
    if condition.operator in ("greater", "less"):
        return Q(**{f"{compared}__{'gt' if condition.operator == 'greater' else 'lt'}": value})
    is_same = Q(**{compared if compared != said else f"{said}__iexact": value})
    return is_same if condition.operator == "equals" else (~is_same | is_empty)
