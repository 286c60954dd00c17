"""Questions about conversations. Managers see all of the company's; an agent sees their own, their queues', and what nobody has."""

import datetime
from collections.abc import Collection, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from connectors.models import Connection, Media
from connectors.registry import provider_named
from connectors.types import Delivery, MessageKind
from contacts.models import Address, Contact, Tag
from tenants.lib.pacing import Hold, Sent
from tickets.models import ConnectionRouting, Message, Queue, QueueMember, QuickReply, Schedule, ScheduleRun, Ticket
from tickets.recurrence import Recurrence, next_after, times_between
from tickets.types import Calendar, Occurrence, TicketLook

# What we send that stands at another message, and not in the conversation by itself.
WORDLESS = Q(kind="reaction", direction="out", origin="agent")
SERVICE_WINDOW = datetime.timedelta(hours=24)
SHORTEST_TEXT_SEARCH = 3
MOST_OCCURRENCES = 1000
TICKET_PREFETCHES = (Prefetch("tags", Tag.objects.order_by("name", "id")),)


def tickets_with_parts() -> QuerySet[Ticket]:
    """Tickets with everything that their JSON shows. Credentials are left in the database."""
    return (
        Ticket.objects.select_related("contact", "connection", "queue", "assignee", "last_message")
        .defer("connection__credentials", "connection__facts")
        .prefetch_related(*TICKET_PREFETCHES)
    )


def looks_of_tickets(ids: Collection[int]) -> dict[int, TicketLook]:
    rows = (
        Ticket.objects.filter(pk__in=ids)
        .order_by()
        .values_list("pk", "status", "queue_id", "assignee_id", "unread_count", "last_message_id", "last_message__status")
    )
    return {row[0]: TicketLook(row[1], row[2], row[3], row[4], row[5], row[6]) for row in rows}


def messages_with_parts() -> QuerySet[Message]:
    return Message.objects.select_related("author", "media", "connection").exclude(WORDLESS)


def tickets_visible_to(user: User) -> QuerySet[Ticket]:
    tickets = tickets_with_parts()
    if user.is_manager:
        return tickets
    theirs = QueueMember.objects.filter(user=user).values("queue_id")
    return tickets.filter(Q(assignee=user) | Q(queue_id__in=theirs) | Q(queue__isnull=True, assignee__isnull=True))


def ticket_for(user: User, pk: int) -> Ticket:
    return get_object_or_404(tickets_visible_to(user), pk=pk)


def agents_who_see(*, queue_id: int | None, assignee_id: int | None) -> set[int]:
    """Ids of the agents that the rule of `tickets_visible_to` shows such a ticket to; managers see it anyway and are left out."""
    agents = User.objects.filter(is_active=True, role="agent")
    if queue_id is None and assignee_id is None:
        return set(agents.values_list("pk", flat=True))
    return set(
        agents.filter(Q(pk=assignee_id) | Q(memberships__queue_id=queue_id, memberships__queue__isnull=False)).values_list("pk", flat=True)
    )


def messages_of(ticket: Ticket) -> QuerySet[Message]:
    """What was said in the ticket, and the campaigns' messages to the same contact through the same connection."""
    return messages_with_parts().filter(
        Q(ticket=ticket) | Q(ticket__isnull=True, connection_id=ticket.connection_id), contact_id=ticket.contact_id
    )


def messages_visible_to(user: User) -> QuerySet[Message]:
    """For the search over messages: those of the tickets that the user sees; managers see campaigns' too."""
    messages = messages_with_parts()
    if user.is_manager:
        return messages
    return messages.filter(ticket__in=tickets_visible_to(user).values("pk"))


def message_for(user: User, pk: int) -> Message:
    return get_object_or_404(messages_visible_to(user).select_related("author", "ticket"), pk=pk)


def media_visible_to(user: User) -> QuerySet[Media]:
    """Files of the messages that the user sees in conversations (campaigns' to the same contact too) and of the quick replies that they
    are offered, and what they uploaded."""
    if user.is_manager:
        return Media.objects.all()
    tickets = tickets_visible_to(user).select_related(None).prefetch_related(None).order_by()
    seen = Message.objects.filter(media=OuterRef("pk"))
    in_tickets = seen.filter(ticket__in=tickets.values("pk"))
    beside = tickets.filter(contact_id=OuterRef("contact_id"), connection_id=OuterRef("connection_id"))
    from_campaigns = seen.filter(Exists(beside), ticket__isnull=True)
    in_quick_replies = quick_replies_for(user).filter(media=OuterRef("pk")).order_by()
    return Media.objects.filter(Q(author=user) | Exists(in_tickets) | Exists(from_campaigns) | Exists(in_quick_replies))


def media_for(user: User, pk: int) -> Media:
    return get_object_or_404(media_visible_to(user), pk=pk)


def queues_for(user: User) -> QuerySet[Queue]:
    """Everybody sees all queues: a ticket can be transferred to any."""
    return Queue.objects.prefetch_related(Prefetch("memberships", QueueMember.objects.select_related("user").order_by("user__name", "id")))


def open_tickets_of(user: User) -> QuerySet[Ticket]:
    """What waits again when the person leaves."""
    return Ticket.objects.filter(assignee=user, status=Ticket.Status.OPEN)


def queue_for(user: User, pk: int) -> Queue:
    return get_object_or_404(queues_for(user), pk=pk)


def quick_replies_for(user: User) -> QuerySet[QuickReply]:
    """The company's, one's own, and those of one's queues; managers have every queue's. Nobody sees another person's own."""
    queues = Queue.objects.all() if user.is_manager else Queue.objects.filter(memberships__user=user)
    offered = Q(scope=QuickReply.Scope.COMPANY) | Q(owner=user) | Q(queue__in=queues.order_by().values("pk"))
    return QuickReply.objects.filter(offered).select_related("media", "queue", "owner")


def quick_reply_for(user: User, pk: int) -> QuickReply:
    return get_object_or_404(quick_replies_for(user), pk=pk)


def schedules_with_parts() -> QuerySet[Schedule]:
    return Schedule.objects.select_related("contact", "connection", "media", "template", "created_by").defer(
        "connection__credentials", "connection__facts"
    )


def schedules_for(user: User) -> QuerySet[Schedule]:
    """Managers see all; others their own, and those written in conversations that they see."""
    schedules = schedules_with_parts()
    if user.is_manager:
        return schedules
    tickets = tickets_visible_to(user).select_related(None).prefetch_related(None).order_by()
    return schedules.filter(Q(created_by=user) | Q(ticket__in=tickets.values("pk")))


def schedule_for(user: User, pk: int) -> Schedule:
    return get_object_or_404(schedules_for(user), pk=pk)


def runs_of(schedule: Schedule) -> QuerySet[ScheduleRun]:
    return ScheduleRun.objects.filter(schedule=schedule).select_related("message__author", "message__media", "message__connection")


def calendar_of(schedules: QuerySet[Schedule], *, start: datetime.datetime, end: datetime.datetime, zone: ZoneInfo) -> Calendar[Schedule]:
    """What went in [start, end), and what will go as things stand; those that repeat are counted on."""
    ran = ScheduleRun.objects.filter(schedule__in=schedules.order_by().values("pk"), due_at__gte=start, due_at__lt=end)
    shown = list(ran.order_by("due_at")[: MOST_OCCURRENCES + 1])
    waiting = list(schedules.filter(status=Schedule.Status.WAITING, due_at__lt=end).order_by("due_at")[: MOST_OCCURRENCES + 1])
    by_id = {schedule.pk: schedule for schedule in waiting}
    by_id |= {schedule.pk: schedule for schedule in schedules.filter(pk__in={run.schedule_id for run in shown} - by_id.keys())}
    found = [
        Occurrence(run.due_at, by_id[run.schedule_id], state="failed" if run.error_code else "sent", error_text=run.error_text)
        for run in shown
    ]
    for schedule in waiting:
        found += [Occurrence(at, schedule) for at in _times_to_come(schedule, start=start, end=end, zone=zone)]
    found.sort(key=lambda occurrence: occurrence.at)
    is_complete = max(len(found), len(waiting)) <= MOST_OCCURRENCES
    return Calendar(tuple(found[:MOST_OCCURRENCES]), is_complete)


def next_time(schedule: Schedule, rule: Recurrence, zone: ZoneInfo, *, after: datetime.datetime) -> datetime.datetime | None:
    return next_after(schedule.first_at, rule, zone, max(after, schedule.first_at - datetime.timedelta(microseconds=1)))


def _times_to_come(schedule: Schedule, *, start: datetime.datetime, end: datetime.datetime, zone: ZoneInfo) -> Sequence[datetime.datetime]:
    due_at = schedule.due_at
    assert due_at is not None
    if schedule.repeats == Schedule.Repeats.NEVER:
        return [due_at] if due_at >= start else []
    rule = recurrence_of(schedule)
    left = MOST_OCCURRENCES if schedule.most is None else schedule.most - schedule.count
    times = times_between(schedule.first_at, rule, zone, due_at, end, most=min(left, MOST_OCCURRENCES))
    return [at for at in times if at >= start]


def recurrence_of(schedule: Schedule) -> Recurrence:
    return Recurrence(schedule.repeats, every=schedule.every, weekdays=tuple(schedule.weekdays), ends_on=schedule.ends_on)


def routings_for(user: User) -> QuerySet[ConnectionRouting]:
    return (
        ConnectionRouting.objects.select_related("queue", "connection").defer("connection__credentials").order_by("connection__name", "id")
    )


def queue_ids_of(user: User) -> frozenset[int]:
    return frozenset(QueueMember.objects.filter(user=user).values_list("queue_id", flat=True))


def tickets_matching(tickets: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    """Tickets whose contact's name or phone, protocol, or a message holds the text.

    One question for each, put together: joined by OR they would have every ticket looked at, where each has an index of its own.
    """
    words = text.strip()
    digits = "".join(character for character in words if character.isdigit())
    contacts = Q(name__icontains=words)
    if len(digits) >= SHORTEST_TEXT_SEARCH:
        contacts |= Q(phone__icontains=digits)
    every = Ticket.objects.order_by().values("pk")
    of_contacts = every.filter(contact_id__in=Contact.objects.order_by().filter(contacts).values("pk"))
    parts: list[QuerySet[Any, Any]] = [of_contacts, every.filter(protocol__icontains=words)]
    if len(words) >= SHORTEST_TEXT_SEARCH:
        parts.append(Message.objects.order_by().filter(body__icontains=words, ticket__isnull=False).values("ticket_id"))
    return tickets.filter(pk__in=parts[0].union(*parts[1:]))


def unclosed_ticket_of(contact: Contact, connection: Connection) -> Ticket | None:
    return tickets_with_parts().filter(contact=contact, connection=connection).exclude(status=Ticket.Status.CLOSED).first()


def last_inbound_of(contact_id: int, connection_id: int) -> datetime.datetime | None:
    """When the customer last wrote through this connection, in any ticket."""
    return Ticket.objects.filter(contact_id=contact_id, connection_id=connection_id).aggregate(last=Max("last_inbound_at"))["last"]


def has_written(contact_id: int, *, since: datetime.datetime) -> bool:
    """Whether this customer wrote since then, through any connection."""
    return Ticket.objects.filter(contact_id=contact_id, last_inbound_at__gt=since).exists()


def window_expires_at(ticket: Ticket) -> datetime.datetime | None:
    """Until when free text may be sent: 24 hours after the customer's last message (the customer service window).

    None when the gateway has no such window. A customer who never wrote: a time that is over.
    https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages#customer-service-windows
    """
    if not provider_named(ticket.connection.provider).capabilities.has_service_window:
        return None
    if ticket.last_inbound_at is None:
        return ticket.created_at
    return ticket.last_inbound_at + SERVICE_WINDOW


def addresses_of(contact_ids: list[int]) -> dict[int, Address]:
    """The address to reach each contact at: one that is not known to be invalid, phones first."""
    best: dict[int, Address] = {}
    rank = {"phone": 0, "bsuid": 1, "lid": 2}
    for address in Address.objects.filter(contact_id__in=contact_ids).order_by("id"):
        known = best.get(address.contact_id)
        if known is None or (address.is_invalid, rank[address.kind]) < (known.is_invalid, rank[known.kind]):
            best[address.contact_id] = address
    return best


def counts_for(user: User) -> dict[str, int]:
    """How many tickets wait for this person, by where the inbox shows them."""
    tickets = tickets_visible_to(user).select_related(None).prefetch_related(None)
    return {
        "pending": tickets.filter(status=Ticket.Status.PENDING).count(),
        "open": tickets.filter(status=Ticket.Status.OPEN).count(),
        "mine": tickets.filter(status=Ticket.Status.OPEN, assignee=user).count(),
        "unread": tickets.exclude(status=Ticket.Status.CLOSED).filter(unread_count__gt=0).count(),
    }


def marketing_messages_of(contact: Contact, *, since: datetime.datetime) -> int:
    """How many the contact got: campaigns, and scheduled advertising. Those that failed do not count."""
    sent = Message.objects.filter(contact=contact, direction=Message.Direction.OUT, occurred_at__gt=since).exclude(status=Delivery.FAILED)
    advertising = Schedule.objects.filter(is_marketing=True).values("pk")
    return sent.filter(Q(origin=Message.Origin.CAMPAIGN) | Q(origin=Message.Origin.SCHEDULE, origin_id__in=advertising)).count()


def sent_first_through(
    connection_id: int, *, sisters: Sequence[int], moment: datetime.datetime, zone: ZoneInfo, counts_agents: bool = False
) -> Sent:
    """What campaigns and schedules sent through this number of late, and agents where they count too; `sisters`: all numbers of its
    account, itself too. What failed before it left does not count."""
    hour, day = moment - datetime.timedelta(hours=1), moment - datetime.timedelta(days=1)
    midnight = datetime.datetime.combine(moment.astimezone(zone).date(), datetime.time(), zone)
    since = min(day, midnight)
    out = Message.objects.filter(direction=Message.Direction.OUT, created_at__gte=since, occurred_at__gte=since)
    out = out.exclude(status=Delivery.FAILED, external_id="")
    sent = out.filter(origin__in=FIRST_WRITTEN)
    counted = out.filter(origin__in=WRITTEN).exclude(kind=MessageKind.NOTE) if counts_agents else sent
    own = counted.filter(connection_id=connection_id).aggregate(
        hour=Count("id", filter=Q(occurred_at__gt=hour)),
        day=Count("id", filter=Q(occurred_at__gt=day)),
        today=Count("id", filter=Q(occurred_at__gte=midnight)),
        first_of_hour=Min("occurred_at", filter=Q(occurred_at__gt=hour)),
        first_of_day=Min("occurred_at", filter=Q(occurred_at__gt=day)),
        last=Max("occurred_at", filter=Q(origin__in=FIRST_WRITTEN)),
    )
    people = sent.filter(connection_id__in=sisters, occurred_at__gt=day).aggregate(people=Count("contact_id", distinct=True))["people"]
    frees = {}
    if own["first_of_hour"]:
        frees[Hold.HOUR_CAP] = own["first_of_hour"] + datetime.timedelta(hours=1)
    if own["first_of_day"]:
        frees[Hold.DAY_CAP] = own["first_of_day"] + datetime.timedelta(days=1)
    return Sent(own["hour"], own["day"], own["today"], people, own["last"], frees)


# Whose failed messages a person may send again; campaigns have a retry of their own.
RETRIED = (Message.Origin.AGENT, Message.Origin.SYSTEM, Message.Origin.SCHEDULE)
FIRST_WRITTEN = (Message.Origin.CAMPAIGN, Message.Origin.SCHEDULE)
WRITTEN = (*FIRST_WRITTEN, Message.Origin.AGENT, Message.Origin.FLOW, Message.Origin.BOT, Message.Origin.DEVICE)
