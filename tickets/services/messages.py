"""What the company says. A message is stored and queued here; `tickets.delivery` sends it."""

import secrets
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connectors.models import Connection, Media
from connectors.services.media import prepare_again
from connectors.types import Delivery, MessageKind
from contacts.models import Contact
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.later import later
from tickets import events, selectors, statements
from tickets.models import Message, Ticket
from tickets.services.contents import Said, compose
from tickets.services.tickets import accept, require_hold, start_conversation
from tickets.services.wanted import refuse_unwanted

# A person who looks at the conversation may send these again. Of an unknown one the customer may get two.
LOST = (Delivery.FAILED, Delivery.UNKNOWN)


@transaction.atomic
def send_message(
    ticket: Ticket, *, by: User, body: str = "", said: Said | None = None, client_key: str = "", reply_to: str = ""
) -> Message:
    """Queue one message to the customer: `body`, or what is `said` (with a file, `body` is its caption).

    The same `client_key` again gives the stored message. A person who replies to a ticket that nobody has takes it.
    `reply_to`: our id or the gateway's.

    Refused: `ticket_closed`, `assigned_to_other`, `connection_closed`, `outside_service_window` (a template still goes), `no_address`.
    """
    locked = selectors.tickets_with_parts().select_for_update(of=("self",), no_key=True).get(pk=ticket.pk)
    if client_key:
        stored = selectors.messages_with_parts().filter(ticket=locked, client_key=client_key).first()
        if stored is not None:
            return stored
    if locked.status == Ticket.Status.CLOSED:
        raise ApplicationError(_("This conversation is closed. Reopen it first."), code="ticket_closed", status=409)
    require_hold(locked, by=by)
    composed = compose(locked, body=body, said=said)
    quoted = _quoted(locked, reply_to)
    refuse_unreachable(locked)
    if composed.kind != MessageKind.TEMPLATE:
        refuse_outside_window(locked)
    if locked.assignee_id is None and not by.is_api_key:
        locked = accept(locked, by=by)
    return queue_message(
        locked,
        kind=composed.kind,
        body=composed.body,
        payload=composed.payload,
        media=composed.media,
        origin=Message.Origin.AGENT,
        author=by,
        client_key=client_key,
        reply_to=quoted,
    )


@transaction.atomic
def send_to_contact(
    *,
    contact: Contact,
    connection: Connection,
    by: User,
    body: str = "",
    said: Said | None = None,
    client_key: str = "",
    reply_to: str = "",
) -> Message:
    """Queue one message in the contact's open conversation, or in a new one that is `by`'s. All of it or nothing."""
    ticket, _is_new = start_conversation(contact=contact, connection=connection, by=by)
    return send_message(ticket, by=by, body=body, said=said, client_key=client_key, reply_to=reply_to)


@transaction.atomic
def retry_message(message: Message, *, by: User, states: Collection[Delivery] = LOST) -> Message:
    """Send a failed message again, or one whose fate is unknown: then the customer may get it twice, which only a person may risk.
    `states` says which of them; what is in another state by now is refused, so that two who ask send it once.

    An unknown one keeps its key, so that gateways that know our ids drop the second and a late receipt of the first still counts.
    What a new message is asked is asked again: the number, the window, and of scheduled ones whether the customer still wants them.
    """
    if message.origin == Message.Origin.CAMPAIGN:
        raise ApplicationError(_("This message belongs to a campaign. Retry it there."), code="not_failed", status=409)
    ticket = _asked_again(message, by=by)
    refuse_unreachable(ticket)
    if message.kind != MessageKind.TEMPLATE.value:
        refuse_outside_window(ticket)
    if message.media is not None:
        prepare_again(message.media, ticket.connection)
    key = message.key if message.status == Delivery.UNKNOWN else new_key(message.pk)
    possible = Message.objects.filter(pk=message.pk, status__in=[state.value for state in states], origin__in=selectors.RETRIED)
    # The key is chosen by the state that was seen: a state that moved since is another question.
    retried = possible.filter(status=message.status).update(
        status=Delivery.QUEUED.value,
        key=key,
        external_id="",
        error_code="",
        error_text="",
        attempts=0,
        attempted_at=None,
        retry_at=None,
        leased_until=None,
    )
    if not retried:
        raise ApplicationError(_("Only a failed message can be sent again."), code="not_failed", status=409)
    events.messages_updated([message.pk])
    later("tickets.deliver", ticket.connection_id)
    return selectors.messages_with_parts().get(pk=message.pk)


@transaction.atomic
def queue_message(
    ticket: Ticket,
    *,
    kind: MessageKind,
    body: str,
    payload: dict[str, Any],
    origin: Message.Origin,
    origin_id: int | None = None,
    media: Media | None = None,
    author: User | None = None,
    client_key: str = "",
    reply_to: str = "",
) -> Message:
    """Store the message as the ticket's last, queued, and wake the delivery after commit. Checks nothing: `send_message` does."""
    message_id = statements.next_id("tickets_message")
    message = Message.objects.create(
        id=message_id,
        contact_id=ticket.contact_id,
        connection_id=ticket.connection_id,
        ticket=ticket,
        direction=Message.Direction.OUT,
        origin=origin,
        origin_id=origin_id,
        author=author,
        kind=kind.value,
        body=body,
        payload=payload,
        media=media,
        key=new_key(message_id),
        client_key=client_key,
        reply_to=reply_to,
        status=Delivery.QUEUED.value,
    )
    ticket.last_message = message
    ticket.last_message_at = max(ticket.last_message_at, message.occurred_at)
    # A person who answers has read what was asked; a machine has not.
    ticket.unread_count = 0 if author else ticket.unread_count
    ticket.save(update_fields=["last_message", "last_message_at", "unread_count"])
    events.message_created(message, ticket)
    later("tickets.deliver", ticket.connection_id)
    return message


@transaction.atomic
def queue_beside(
    *,
    contact: Contact,
    connection: Connection,
    kind: MessageKind,
    body: str,
    payload: dict[str, Any],
    origin: Message.Origin,
    origin_id: int,
    author: User | None,
    media: Media | None = None,
) -> Message:
    """Queue one message that belongs to no conversation. Sent like the others; it opens no ticket and shows in none."""
    message_id = statements.next_id("tickets_message")
    message = Message.objects.create(
        id=message_id,
        contact=contact,
        connection=connection,
        direction=Message.Direction.OUT,
        origin=origin,
        origin_id=origin_id,
        author=author,
        kind=kind.value,
        body=body,
        payload=payload,
        media=media,
        key=new_key(message_id),
        status=Delivery.QUEUED.value,
    )
    later("tickets.deliver", connection.pk)
    return message


def _asked_again(message: Message, *, by: User) -> Ticket:
    """The conversation that a message stands in, if `by` may write in it; for one that stands beside, what stands in for one."""
    if message.origin == Message.Origin.SCHEDULE and message.origin_id is not None:
        schedule = selectors.schedules_with_parts().filter(pk=message.origin_id).first()
        if schedule is not None:
            refuse_unwanted(schedule)
    if message.ticket_id is None:
        last = selectors.last_inbound_of(message.contact_id, message.connection_id)
        return Ticket(contact=message.contact, connection=message.connection, last_inbound_at=last)
    ticket = selectors.tickets_with_parts().select_for_update(of=("self",), no_key=True).get(pk=message.ticket_id)
    require_hold(ticket, by=by)
    return ticket


def new_key(message_id: int) -> str:
    return f"m{message_id}.{secrets.token_hex(4)}"


def _quoted(ticket: Ticket, reply_to: str) -> str:
    """The gateway's id of the message that is quoted, which may be named by ours."""
    if not reply_to.isdecimal():
        return reply_to
    quoted = selectors.messages_of(ticket).filter(pk=int(reply_to)).exclude(external_id="").first() if len(reply_to) < 19 else None
    if quoted is None:
        raise ApplicationError(_("This message cannot be quoted."), code="does_not_exist", field="reply_to")
    return quoted.external_id


def refuse_unreachable(ticket: Ticket) -> None:
    """Raises ApplicationError when nothing can reach the customer through the ticket's connection."""
    if not ticket.connection.can_send:
        raise ApplicationError(_("This number is not connected."), code="connection_closed", status=409)
    if ticket.contact_id not in selectors.addresses_of([ticket.contact_id]):
        raise ApplicationError(_("This contact has no number to write to."), code="no_address", status=409)


def refuse_outside_window(ticket: Ticket) -> None:
    """Raises ApplicationError when only a template may be sent."""
    expires_at = selectors.window_expires_at(ticket)
    if expires_at is not None and expires_at <= now():
        raise ApplicationError(
            _("More than 24 hours have passed since the customer last wrote. Send a template."), code="outside_service_window", status=409
        )
