"""Conversations as a table."""

import datetime
import zoneinfo
from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from contacts.models import Tag
from tenants.lib.tenancy import current_company
from tickets.models import Ticket

ROWS_AT_ONCE = 1_000
MINUTES = "%Y-%m-%d %H:%M"


def ticket_table(tickets: QuerySet[Ticket]) -> tuple[list[str], Iterator[list[object]]]:
    """Header and rows, the oldest ticket first; read from the database a thousand at a time. Times are the company's."""
    header = [_("Protocol"), _("Status"), _("Contact"), _("Phone"), _("Connection"), _("Queue"), _("Agent"), _("Tags")]
    return [*header, _("Created at"), _("Accepted at"), _("Closed at"), _("Last message at")], _rows(tickets)


def _rows(tickets: QuerySet[Ticket]) -> Iterator[list[object]]:
    zone = zoneinfo.ZoneInfo(current_company().timezone)
    with_names = tickets.select_related(None).select_related("contact", "connection", "queue", "assignee").defer(None)
    narrow = with_names.only(
        *("protocol", "status", "created_at", "accepted_at", "closed_at", "last_message_at"),
        *("contact__name", "contact__phone", "contact__username", "connection__name", "queue__name", "assignee__name"),
    )
    tags = Prefetch("tags", Tag.objects.order_by("name", "id"))
    for ticket in narrow.prefetch_related(None).prefetch_related(tags).order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        yield [
            ticket.protocol,
            ticket.get_status_display(),
            ticket.contact.display_name,
            ticket.contact.phone,
            ticket.connection.name,
            ticket.queue.name if ticket.queue else "",
            ticket.assignee.name if ticket.assignee else "",
            ", ".join(tag.name for tag in ticket.tags.all()),
            *(_when(at, zone) for at in (ticket.created_at, ticket.accepted_at, ticket.closed_at, ticket.last_message_at)),
        ]


def _when(at: datetime.datetime | None, zone: zoneinfo.ZoneInfo) -> str:
    return at.astimezone(zone).strftime(MINUTES) if at else ""
