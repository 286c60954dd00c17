"""Contacts as a table."""

import zoneinfo
from collections.abc import Iterator

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from contacts.models import Contact, ContactList, CustomField, OptOut, Tag
from tenants.lib.tenancy import current_company

ROWS_AT_ONCE = 1_000
PLAIN = ("pk", "name", "phone", "email", "username", "notes")
MINUTES = "%Y-%m-%d %H:%M"


def contact_table(contacts: QuerySet[Contact]) -> tuple[list[str], Iterator[list[object]]]:
    """Header and rows, the oldest contact first; read from the database a thousand at a time."""
    custom = list(CustomField.objects.all())
    header = [_("Id"), _("Name"), _("Phone"), _("E-mail"), _("Username"), _("Notes"), _("Tags"), _("Lists"), _("Opted out"), _("Blocked")]
    return [*header, _("Created at"), *(field.label for field in custom)], _rows(contacts, custom)


def _rows(contacts: QuerySet[Contact], custom: list[CustomField]) -> Iterator[list[object]]:
    """Plain values, and names gathered by the database: objects would take ten times as long."""
    zone = zoneinfo.ZoneInfo(current_company().timezone)
    purposes = {purpose.value: str(purpose.label) for purpose in OptOut.Purpose}
    words = {True: _("Yes"), False: _("No")}
    told = (
        contacts.prefetch_related(None)
        .annotate(
            tag_names=ArraySubquery(Tag.objects.filter(contacts=OuterRef("pk")).order_by("name").values("name")),
            list_names=ArraySubquery(ContactList.objects.filter(contacts=OuterRef("pk")).order_by("name").values("name")),
            said_no_to=ArraySubquery(OptOut.objects.filter(contact=OuterRef("pk")).order_by("purpose").values("purpose")),
        )
        .order_by("pk")
        .values_list(*PLAIN, "tag_names", "list_names", "said_no_to", "is_blocked", "created_at", "custom")
    )
    for *plain, tags, lists, no_to, is_blocked, created_at, values in told.iterator(chunk_size=ROWS_AT_ONCE):
        yield [
            *plain,
            ", ".join(tags),
            ", ".join(lists),
            ", ".join(purposes[purpose] for purpose in no_to),
            words[is_blocked],
            created_at.astimezone(zone).strftime(MINUTES),
            *(values.get(field.key) for field in custom),
        ]


def example_table() -> tuple[list[str], list[list[object]]]:
    """What a file to import may look like; its numbers belong to nobody."""
    custom = list(CustomField.objects.all())
    header = [_("Name"), _("Phone"), _("E-mail"), _("Tags"), _("Lists"), _("Opted out"), _("Notes"), *(field.label for field in custom)]
    examples = {
        CustomField.Kind.NUMBER: "12",
        CustomField.Kind.DATE: "1990-12-31",
        CustomField.Kind.BOOLEAN: _("Yes"),
        CustomField.Kind.TEXT: "",
    }
    own: list[object] = [field.choices[0] if field.choices else examples.get(CustomField.Kind(field.kind), "") for field in custom]
    first: list[object] = ["Marina Duarte", "+55 11 95555-0101", "marina@example.com", "VIP", "Newsletter", _("No"), ""]
    second: list[object] = ["Rafael Nogueira", "21 95555-0102", "", "", "Newsletter", _("Yes"), ""]
    return header, [[*first, *own], [*second, *own]]
