"""What browsers are told of conversations, and who is told. Services call the verbs; `frames_of_…` are for those who publish themselves."""

from collections.abc import Iterable, Sequence

from accounts.models import Role
from tenants.lib.realtime import Audience, Frame, publish
from tickets import selectors
from tickets.models import Message, Queue, Ticket
from tickets.serializers import contact_json, message_json, queue_json, ticket_json
from tickets.types import Applied, Received

MANAGERS = frozenset({Role.ADMIN.value, Role.SUPERVISOR.value})


def audience_of(ticket: Ticket) -> Audience:
    """The people of `selectors.tickets_visible_to`."""
    return Audience(
        everyone=ticket.queue_id is None and ticket.assignee_id is None,
        queue_ids=frozenset({ticket.queue_id} - {None}),
        user_ids=frozenset({ticket.assignee_id} - {None}),
        roles=MANAGERS,
        ticket_id=ticket.pk,
    )


def ticket_created(ticket: Ticket) -> None:
    publish([_ticket_frame("create", ticket)])


def ticket_updated(ticket: Ticket) -> None:
    publish([_ticket_frame("update", ticket)])


def ticket_moved(ticket: Ticket, *, lost_by: Iterable[int]) -> None:
    """The ticket went to other people; `lost_by` are users who do not see it any more."""
    lost = frozenset(lost_by)
    gone = [Frame("ticket", {"action": "delete", "ticketId": ticket.pk}, Audience(user_ids=lost, ticket_id=ticket.pk))] if lost else []
    publish([*gone, _ticket_frame("update", ticket)])


def unread_changed(ticket: Ticket) -> None:
    publish([Frame("ticket", {"action": "updateUnread", "ticketId": ticket.pk, "unread": ticket.unread_count}, audience_of(ticket))])


def message_created(message: Message, ticket: Ticket) -> None:
    publish([_message_frame("create", message, ticket)])


def messages_updated(message_ids: Sequence[int]) -> None:
    publish(frames_of_messages(message_ids))


def queue_changed(action: str, queue: Queue) -> None:
    publish([Frame("queue", {"action": action, "queue": queue_json(queue)})])


def queue_deleted(queue_id: int) -> None:
    publish([Frame("queue", {"action": "delete", "queueId": queue_id})])


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
