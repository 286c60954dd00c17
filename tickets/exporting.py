"""Conversations as a table."""

import zoneinfo
from collections.abc import Iterator

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from contacts.models import Tag
from tenants.lib.tenancy import current_company
from tickets.models import Ticket

ROWS_AT_ONCE = 1_000
MINUTES = "%Y-%m-%d %H:%M"
NAMES = ("contact_shown", "contact__phone", "connection__name", "queue__name", "assignee__name")
TIMES = ("created_at", "accepted_at", "closed_at", "last_message_at")


def ticket_table(tickets: QuerySet[Ticket]) -> tuple[list[str], Iterator[list[object]]]:
    """Header and rows, the oldest ticket first; read from the database a thousand at a time. Times are the company's."""
    header = [_("Protocol"), _("Status"), _("Contact"), _("Phone"), _("Connection"), _("Queue"), _("Agent"), _("Tags")]
    return [*header, _("Created at"), _("Accepted at"), _("Closed at"), _("Last message at")], _rows(tickets)


def _rows(tickets: QuerySet[Ticket]) -> Iterator[list[object]]:
    """Plain values, and tags gathered by the database: objects would take ten times as long."""
    zone = zoneinfo.ZoneInfo(current_company().timezone)
    states = {status.value: str(status.label) for status in Ticket.Status}
    told = (
        tickets.select_related(None)
        .prefetch_related(None)
        .defer(None)
        .annotate(
            contact_shown=Coalesce(NullIf("contact__name", Value("")), NullIf("contact__phone", Value("")), "contact__username"),
            tag_names=ArraySubquery(Tag.objects.filter(tickets=OuterRef("pk")).order_by("name").values("name")),
        )
        .order_by("pk")
        .values_list("protocol", "status", *NAMES, "tag_names", *TIMES)
    )
    for protocol, status, *names, tags, created, accepted, closed, last in told.iterator(chunk_size=ROWS_AT_ONCE):
        times = (at.astimezone(zone).strftime(MINUTES) if at else "" for at in (created, accepted, closed, last))
        yield [protocol, states[status], *names, ", ".join(tags), *times]
