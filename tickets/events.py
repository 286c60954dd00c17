"""What browsers are told of conversations, and who is told. Services call the verbs; the inbox makes `frames_of_…` and tells them now.

Who commits first may publish last, and then browsers would keep what was true before. So whoever has told looks once more, and
tells again if it is not true any more: the last word on a conversation is always one that was still true after it was said.
"""

import threading
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import prefetch_related_objects

from accounts.models import Role
from tenants.lib.realtime import EVERYONE, Audience, Frame, publish, publish_now
from tenants.lib.tenancy import current_company, enter
from tickets import selectors
from tickets.models import ConnectionRouting, Message, Queue, QuickReply, Schedule, Ticket
from tickets.quick_reply_serializers import quick_reply_json
from tickets.schedule_serializers import schedule_json
from tickets.serializers import DELIVERY_WORDS, RoutingSerializer, contact_json, look_of, message_json, queue_json, ticket_json
from tickets.types import Applied, Received, TicketLook

MANAGERS = frozenset({Role.ADMIN.value, Role.SUPERVISOR.value})
MOST_CORRECTIONS = 10


def audience_of(ticket: Ticket) -> Audience:
    """The people of `selectors.tickets_visible_to`."""
    return Audience(
        everyone=ticket.queue_id is None and ticket.assignee_id is None,
        queue_ids=frozenset({ticket.queue_id} - {None}),
        user_ids=frozenset({ticket.assignee_id} - {None}),
        roles=MANAGERS,
        ticket_id=ticket.pk,
    )


def tell_now(frames: Sequence[Frame]) -> None:
    """For the inbox: at once, outside of a transaction. Raises redis.RedisError when Valkey cannot be told."""
    publish_now(list(frames))
    _correct(frames)


def ticket_created(ticket: Ticket) -> None:
    _tell([_ticket_frame("create", ticket)])


def ticket_updated(ticket: Ticket) -> None:
    _tell([_ticket_frame("update", ticket)])


def ticket_moved(ticket: Ticket, *, lost_by: Iterable[int]) -> None:
    """The ticket went to other people; `lost_by` are users who do not see it any more."""
    lost = frozenset(lost_by)
    gone = [Frame("ticket", {"action": "delete", "ticketId": ticket.pk}, Audience(user_ids=lost, ticket_id=ticket.pk))] if lost else []
    _tell([*gone, _ticket_frame("update", ticket)])


def unread_changed(ticket: Ticket) -> None:
    _tell([Frame("ticket", {"action": "updateUnread", "ticketId": ticket.pk, "unread": ticket.unread_count}, audience_of(ticket))])


def message_created(message: Message, ticket: Ticket) -> None:
    _tell([_message_frame("create", message, ticket)])


def messages_updated(message_ids: Sequence[int]) -> None:
    _tell(frames_of_messages(message_ids))


def queue_changed(action: str, queue: Queue) -> None:
    publish([Frame("queue", {"action": action, "queue": queue_json(queue)})])


def queue_deleted(queue_id: int) -> None:
    publish([Frame("queue", {"action": "delete", "queueId": queue_id})])


def routing_changed(routing: ConnectionRouting) -> None:
    publish([Frame("settings", {"action": "update", "connectionRouting": RoutingSerializer(routing).data})])


def readers_of(reply: QuickReply) -> Audience:
    """The people of `selectors.quick_replies_for`."""
    if reply.scope == QuickReply.Scope.COMPANY:
        return EVERYONE
    if reply.scope == QuickReply.Scope.PERSONAL:
        return Audience(user_ids=frozenset({reply.owner_id}))
    return Audience(queue_ids=frozenset({reply.queue_id}), roles=MANAGERS)


def quick_reply_created(reply: QuickReply) -> None:
    publish([_quick_reply_frame("create", reply)])


def quick_reply_updated(reply: QuickReply, *, before: Audience) -> None:
    """`before`: who saw it until now; those who do not any more are told to forget it, just before the others are told."""
    after = readers_of(reply)
    gone = [] if before == after else [Frame("quickReply", {"action": "delete", "quickReplyId": reply.pk}, before)]
    publish([*gone, _quick_reply_frame("update", reply)])


def quick_reply_deleted(reply_id: int, *, seen_by: Audience) -> None:
    publish([Frame("quickReply", {"action": "delete", "quickReplyId": reply_id}, seen_by)])


def readers_of_schedule(schedule: Schedule) -> Audience:
    """Managers and its author at once; who sees the conversation that it was written in, finds it when they look."""
    return Audience(user_ids=frozenset({schedule.created_by_id} - {None}), roles=MANAGERS)


def schedule_changed(action: str, schedule: Schedule) -> None:
    publish([Frame("schedule", {"action": action, "schedule": schedule_json(schedule)}, readers_of_schedule(schedule))])


def schedule_deleted(schedule_id: int, *, seen_by: Audience) -> None:
    publish([Frame("schedule", {"action": "delete", "scheduleId": schedule_id}, seen_by)])


def _quick_reply_frame(action: str, reply: QuickReply) -> Frame:
    return Frame("quickReply", {"action": action, "quickReply": quick_reply_json(reply)}, readers_of(reply))


def frames_of_all(received: Sequence[Received[Message]]) -> list[Frame]:
    """The frames of many, in their order; what all their tickets show is asked for once."""
    prefetch_related_objects([one.message.ticket for one in received if one.is_new and one.message.ticket], *selectors.TICKET_PREFETCHES)
    return [frame for one in received for frame in frames_of_received(one)]


def frames_of_received(received: Received[Message]) -> list[Frame]:
    """For the inbox, which publishes before it marks the webhook done. A repeat gives the same frames again."""
    message = received.message
    if message.ticket_id is None:
        return []
    if received.is_new and message.ticket is not None:
        return _frames_of_new(message, message.ticket, is_first=received.is_first)
    ticket = selectors.tickets_with_parts().get(pk=message.ticket_id)
    return [_message_frame("update" if received.has_changed else "create", message, ticket)]


def _frames_of_new(message: Message, ticket: Ticket, *, is_first: bool) -> list[Frame]:
    """The ticket comes from the transaction that stored the message: nothing is asked again, a hundred times a second."""
    opened = [_ticket_frame("create", ticket)] if is_first else []
    return [*opened, _message_frame("create", message, ticket)]


def frames_of_receipts(applied: Applied) -> list[Frame]:
    """Every message that the receipts speak of, moved or not: a repeat publishes again."""
    return frames_of_messages(applied.message_ids)


def frames_of_messages(message_ids: Sequence[int]) -> list[Frame]:
    """`appMessage` updates of those messages that stand in tickets, as they are now."""
    if not message_ids:
        return []
    messages = list(selectors.messages_with_parts().filter(pk__in=message_ids, ticket__isnull=False).order_by("pk"))
    tickets = {ticket.pk: ticket for ticket in selectors.tickets_with_parts().filter(pk__in={message.ticket_id for message in messages})}
    return [_message_frame("update", message, tickets[message.ticket_id]) for message in messages]


def _ticket_frame(action: str, ticket: Ticket) -> Frame:
    return Frame("ticket", {"action": action, "ticket": ticket_json(ticket)}, audience_of(ticket))


def _message_frame(action: str, message: Message, ticket: Ticket) -> Frame:
    data = {"action": action, "message": message_json(message), "ticket": ticket_json(ticket), "contact": contact_json(ticket.contact)}
    return Frame("appMessage", data, audience_of(ticket))


class _Told(threading.local):
    """What this thread's transaction has told so far."""

    def __init__(self) -> None:
        self.transaction: object = None
        self.frames: list[Frame] = []


_told = _Told()


def _tell(frames: Sequence[Frame]) -> None:
    """After commit; then, after all that the transaction tells, the second look. What goes wrong there is logged, and harms no request."""
    publish(list(frames))
    outermost = connection.atomic_blocks[0] if connection.in_atomic_block else None
    if outermost is None or _told.transaction is not outermost:
        _told.transaction, _told.frames = outermost, []
    _told.frames += frames
    company, together, count = current_company(), _told.frames, len(_told.frames)

    def look_again() -> None:
        if len(together) == count:
            _told.transaction = None
            with enter(company):
                _correct(together)

    transaction.on_commit(look_again, robust=True)


def _correct(frames: Sequence[Frame]) -> None:
    for _turn in range(MOST_CORRECTIONS):
        frames = [*_of_stale_tickets(frames), *frames_of_messages(_stale_messages(frames))]
        if not frames:
            return
        publish_now(frames)


def _of_stale_tickets(frames: Sequence[Frame]) -> list[Frame]:
    """The tickets that are not as these frames say; who was shown one that they may not see is told to forget it."""
    told = {frame.data["ticket"]["id"]: frame.data["ticket"] for frame in frames if "ticket" in frame.data}
    unread = {frame.data["ticketId"]: frame.data["unread"] for frame in frames if "unread" in frame.data}
    if not told and not unread:
        return []
    looks = selectors.looks_of_tickets(told.keys() | unread.keys())
    stale = {pk for pk, look in looks.items() if pk in told and look != look_of(told[pk])}
    stale |= {pk for pk, look in looks.items() if pk in unread and look.unread_count != unread[pk]}
    found: list[Frame] = []
    for ticket in selectors.tickets_with_parts().filter(pk__in=stale).order_by("pk") if stale else ():
        lost = _lost_by(look_of(told[ticket.pk]), ticket) if ticket.pk in told else frozenset()
        if lost:
            found.append(Frame("ticket", {"action": "delete", "ticketId": ticket.pk}, Audience(user_ids=lost, ticket_id=ticket.pk)))
        found.append(_ticket_frame("update", ticket))
    return found


def _lost_by(told: TicketLook, ticket: Ticket) -> frozenset[int]:
    if (told.queue_id, told.assignee_id) == (ticket.queue_id, ticket.assignee_id):
        return frozenset()
    saw = selectors.agents_who_see(queue_id=told.queue_id, assignee_id=told.assignee_id)
    return frozenset(saw - selectors.agents_who_see(queue_id=ticket.queue_id, assignee_id=ticket.assignee_id))


def _stale_messages(frames: Sequence[Frame]) -> list[int]:
    """Messages to customers whose status moved on, and messages whose file did."""
    messages = [frame.data["message"] for frame in frames if "message" in frame.data]
    told = {message["id"]: message["status"] for message in messages if message["direction"] == Message.Direction.OUT}
    files = {message["id"]: message["media"]["state"] for message in messages if message["media"]}
    if not told and not files:
        return []
    looks = Message.objects.filter(pk__in=told.keys() | files.keys()).values_list("pk", "status", "media__state")
    return [
        pk for pk, status, state in looks if DELIVERY_WORDS[status] != told.get(pk, DELIVERY_WORDS[status]) or state != files.get(pk, state)
    ]
