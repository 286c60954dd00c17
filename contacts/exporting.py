"""Contacts as a table."""

import zoneinfo
from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from contacts.models import Contact, ContactList, CustomField, OptOut
from tenants.lib.tenancy import current_company

ROWS_AT_ONCE = 1_000
MINUTES = "%Y-%m-%d %H:%M"


def contact_table(contacts: QuerySet[Contact]) -> tuple[list[str], Iterator[list[object]]]:
    """Header and rows, the oldest contact first; read from the database a thousand at a time."""
    custom = list(CustomField.objects.all())
    header = [_("Id"), _("Name"), _("Phone"), _("E-mail"), _("Username"), _("Notes"), _("Tags"), _("Lists"), _("Opted out"), _("Blocked")]
    return [*header, _("Created at"), *(field.label for field in custom)], _rows(contacts, custom)


def _rows(contacts: QuerySet[Contact], custom: list[CustomField]) -> Iterator[list[object]]:
    zone = zoneinfo.ZoneInfo(current_company().timezone)
    parts = (
        "tags",
        Prefetch("lists", ContactList.objects.only("name")),
        Prefetch("opt_outs", OptOut.objects.only("purpose", "contact_id")),
    )
    for contact in contacts.prefetch_related(None).prefetch_related(*parts).order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        yield [
            contact.pk,
            contact.name,
            contact.phone,
            contact.email,
            contact.username,
            contact.notes,
            ", ".join(tag.name for tag in contact.tags.all()),
            ", ".join(each.name for each in contact.lists.all()),
            ", ".join(str(out.get_purpose_display()) for out in contact.opt_outs.all()),
            _("Yes") if contact.is_blocked else _("No"),
            contact.created_at.astimezone(zone).strftime(MINUTES),
            *(contact.custom.get(field.key) for field in custom),
        ]
