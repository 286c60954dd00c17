"""The first page of a company's admin: what waits, what goes on and how fast, of what this person sees."""

import datetime
import statistics
from typing import Any

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.permissions import may
from campaigns.models import Campaign
from campaigns.selectors import campaigns_for
from config.dashboards.parts import Chart, Link, Table, Tile, Tone, chart_of_days
from connectors.models import Connection
from connectors.selectors import connections_for
from tickets.models import Message, Ticket
from tickets.selectors import tickets_visible_to

DAYS = 14
LONGEST_WAITS = 6
# The median of so many says as much as that of all.
MOST_ANSWERS = 2000
TICKETS = "admin:tickets_ticket_changelist"


def dashboard(user: User) -> dict[str, Any]:
    tickets = tickets_visible_to(user).select_related(None).prefetch_related(None).order_by()
    connections = list(connections_for(user).only("name", "state", "state_reason", "is_enabled", "provider"))
    return {
        "tiles": [*_ticket_tiles(tickets), *_connection_tiles(connections), *_campaign_tiles(user)],
        "chart": _opened_and_closed(tickets),
        "tables": [_longest_waiting(user), _queues(tickets), _connections(connections)],
    }


def _ticket_tiles(tickets: QuerySet[Ticket]) -> list[Tile]:
    today = _midnight()
    by_status = dict(tickets.exclude(status=Ticket.Status.CLOSED).values_list("status").annotate(Count("id")))
    pending, opened = by_status.get(Ticket.Status.PENDING, 0), by_status.get(Ticket.Status.OPEN, 0)
    oldest = tickets.filter(status=Ticket.Status.PENDING).aggregate(oldest=Min("created_at"))["oldest"]
    closed = tickets.filter(closed_at__gte=today, status=Ticket.Status.CLOSED).count()
    waits = _first_answers(tickets, today)
    return [
        Tile(
            _("Waiting"),
            pending,
            _("oldest: %(time)s") % {"time": duration(timezone.now() - oldest)} if oldest else _("nobody waits"),
            Tone.WARN if pending else Tone.GOOD,
            f"{reverse(TICKETS)}?status__exact=pending",
        ),
        Tile(_("Open"), opened, _("being answered"), url=f"{reverse(TICKETS)}?status__exact=open"),
        Tile(_("Closed today"), closed, "", url=f"{reverse(TICKETS)}?status__exact=closed"),
        Tile(
            _("First response"),
            duration(datetime.timedelta(seconds=statistics.median(waits))) if waits else "—",
            ngettext("median of %(count)d conversation of today", "median of %(count)d conversations of today", len(waits))
            % {"count": len(waits)}
            if waits
            else _("no conversation of today was answered yet"),
        ),
    ]


def _first_answers(tickets: QuerySet[Ticket], since: datetime.datetime) -> list[float]:
    """Seconds from the opening to a person's first answer, of the newest conversations opened since."""
    answers = Message.objects.filter(ticket=OuterRef("pk"), direction="out", origin__in=("agent", "device")).order_by("id")
    newest = tickets.filter(created_at__gte=since).order_by("-created_at")[:MOST_ANSWERS]
    found = newest.annotate(answered_at=Subquery(answers.values("occurred_at")[:1])).values_list("created_at", "answered_at")
    return [(answered - created).total_seconds() for created, answered in found if answered is not None and answered >= created]


def _opened_and_closed(tickets: QuerySet[Ticket]) -> Chart:
    today = timezone.localdate()
    first = today - datetime.timedelta(days=DAYS - 1)
    since = _midnight() - datetime.timedelta(days=DAYS - 1)
    opened = dict(tickets.filter(created_at__gte=since).values_list(TruncDate("created_at")).annotate(Count("id")))
    closed = dict(tickets.filter(closed_at__gte=since).values_list(TruncDate("closed_at")).annotate(Count("id")))
    days = [first + datetime.timedelta(days=number) for number in range(DAYS)]
    return chart_of_days(
        _("Conversations of the last 14 days"),
        {day: (opened.get(day, 0), closed.get(day, 0)) for day in days},
        first_label=_("Opened"),
        second_label=_("Ended"),
    )


def _longest_waiting(user: User) -> Table:
    waiting = tickets_visible_to(user).filter(status=Ticket.Status.PENDING).order_by("created_at", "id")[:LONGEST_WAITS]
    rows = [
        [
            Link(ticket.contact.display_name, reverse("admin:tickets_ticket_change", args=[ticket.pk])),
            ticket.queue or "—",
            duration(timezone.now() - ticket.created_at),
        ]
        for ticket in waiting
    ]
    return Table(_("Waiting longest"), [_("contact"), _("queue"), _("waits for")], rows, _("Nobody waits for an answer."))


def _queues(tickets: QuerySet[Ticket]) -> Table:
    unclosed = tickets.exclude(status=Ticket.Status.CLOSED).annotate(queue_name=F("queue__name"))
    counts: dict[str, dict[str, int]] = {}
    for name, status, count in unclosed.values_list("queue_name", "status").annotate(Count("id")).order_by("queue_name"):
        counts.setdefault(name or "—", {})[status] = count
    rows = [[name, by_status.get("pending", 0), by_status.get("open", 0)] for name, by_status in counts.items()]
    return Table(_("Queues"), [_("queue"), _("waiting"), _("open")], rows, _("No conversation is open."))


def _connections(connections: list[Connection]) -> Table:
    rows = [
        [Link(one.name, reverse("admin:connectors_connection_change", args=[one.pk])), one.get_state_display(), one.state_reason]
        for one in connections
    ]
    return Table(_("Connections"), [_("connection"), _("state"), _("reason")], rows, _("No number is linked yet."))


def _connection_tiles(connections: list[Connection]) -> list[Tile]:
    enabled = [one for one in connections if one.is_enabled]
    up = [one for one in enabled if one.state == Connection.State.CONNECTED]
    tone = Tone.GOOD if len(up) == len(enabled) else Tone.BAD
    words = _("of %(count)d") % {"count": len(enabled)}
    return [Tile(_("Connections up"), len(up), words, tone, reverse("admin:connectors_connection_changelist"))]


def _campaign_tiles(user: User) -> list[Tile]:
    if not may(user, "campaign.read"):
        return []
    running = campaigns_for(user).filter(status=Campaign.Status.RUNNING).order_by().values("pk").count()
    return [Tile(_("Campaigns running"), running, "", url=reverse("admin:campaigns_campaign_changelist"))]


def duration(time: datetime.timedelta) -> str:
    """ "42 s", "5 min", "3 h 20 min", "2 d 4 h"."""
    seconds = int(time.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h"


def _midnight() -> datetime.datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
