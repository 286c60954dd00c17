"""What customers send, and what the company sent from its own phone."""

import dataclasses
import json
from collections.abc import Collection, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from connectors.models import Connection, Media
from connectors.services.media import expect_media
from connectors.types import MEDIA_KINDS, Delivery, InboundMessage, MessageKind
from contacts.models import Contact
from tenants.lib.clock import now
from tickets import selectors, statements
from tickets.models import Message, Ticket
from tickets.services.interactive import CHOSEN, chosen_of
from tickets.services.opening import lock_unclosed_of, open_or_find
from tickets.types import Received

CHANGES = frozenset({MessageKind.REACTION, MessageKind.EDIT, MessageKind.REVOKE})
# What the database fills in for a message that came: its frame must say the same without asking.
_UNSAID = {"key": "", "client_key": "", "error_code": "", "error_text": ""}


@transaction.atomic(savepoint=False)
def receive_messages(connection: Connection, said: Sequence[tuple[Contact, InboundMessage]]) -> list[Received[Message]]:
    """Store each as `receive_message` does, in their order, all or none; the tickets there are cost one look together."""
    tickets = lock_unclosed_of([contact for contact, _ in said], connection)
    asked = _asked_last(tickets.values())
    return [_receive(connection, contact, _understood(message, asked.pop(contact.pk, None)), tickets) for contact, message in said]


def receive_message(connection: Connection, contact: Contact, message: InboundMessage) -> Received[Message]:
    """Store the message in the contact's one unclosed ticket, which is opened if there is none; a repeat changes nothing.

    A reaction, edit or revoke changes the message it is about, if we have it; if not, it is kept and shown by itself.
    What the company sent from its phone (`is_echo`) is an outgoing message: nothing becomes unread, and the ticket it opens is open.
    """
    return receive_messages(connection, [(contact, message)])[0]


def _receive(connection: Connection, contact: Contact, message: InboundMessage, tickets: dict[int, Ticket]) -> Received[Message]:
    """`tickets`: the unclosed ones of this batch's contacts, locked; kept up to date here."""
    if message.kind in CHANGES and message.target_id:
        target = _known(connection, message.target_id, lock=True)
        if target is not None:
            return Received(_changed(target, message), is_new=False, has_changed=True)
    ticket, is_first = tickets.get(contact.pk), False
    if ticket is None:
        if _is_known(connection, message.external_id):
            return Received(_stored(connection, message.external_id), is_new=False)
        ticket, is_first = open_or_find(
            contact,
            connection,
            status=Ticket.Status.OPEN if message.is_echo else Ticket.Status.PENDING,
            last_inbound_at=selectors.last_inbound_of(contact.pk, connection.pk) if message.is_echo else None,
        )
    tickets[contact.pk] = ticket
    row = _row_of(connection, ticket, message)
    before = (ticket.last_message_at, ticket.last_inbound_at, ticket.unread_count)
    _bump(ticket, message)
    inserted = statements.insert_received(row, ticket)
    if inserted is None:
        ticket.last_message_at, ticket.last_inbound_at, ticket.unread_count = before
        return Received(_stored(connection, message.external_id), is_new=False)
    media = _expected(connection, message, message_id=inserted[0])
    stored = Message(id=inserted[0], created_at=inserted[1], media=media, **_UNSAID | row | {"payload": _payload_of(message)})
    stored.ticket, stored.contact, stored.connection = ticket, contact, connection
    ticket.last_message = stored
    return Received(stored, is_new=True, is_first=is_first)


def _asked_last(tickets: Collection[Ticket]) -> dict[int, dict[str, Any]]:
    """By contact: the payload of the numbered text that their conversation ends with, if it does."""
    last = {ticket.contact_id: ticket.last_message for ticket in tickets}
    return {contact_id: message.payload for contact_id, message in last.items() if message is not None and _is_question(message)}


def _is_question(message: Message) -> bool:
    return message.direction == Message.Direction.OUT and message.kind == MessageKind.INTERACTIVE.value


def _understood(message: InboundMessage, asked: dict[str, Any] | None) -> InboundMessage:
    """A typed "2" says what stands there at 2: `payload.chosen`."""
    chosen = chosen_of(asked, message.body) if asked and message.kind == MessageKind.TEXT and not message.is_echo else None
    return dataclasses.replace(message, payload={**message.payload, CHOSEN: chosen}) if chosen else message


def _expected(connection: Connection, message: InboundMessage, *, message_id: int) -> Media | None:
    """The file that came with a message that is new; a worker fetches it."""
    if message.media is None:
        return None
    kind = message.kind if message.kind in MEDIA_KINDS else MessageKind.DOCUMENT
    media = expect_media(connection=connection, ref=message.media, kind=kind)
    Message.objects.filter(pk=message_id).update(media=media)
    return media


def _row_of(connection: Connection, ticket: Ticket, message: InboundMessage) -> dict[str, Any]:
    return {
        "contact_id": ticket.contact_id,
        "connection_id": connection.pk,
        "ticket_id": ticket.pk,
        "direction": (Message.Direction.OUT if message.is_echo else Message.Direction.IN).value,
        "origin": (Message.Origin.DEVICE if message.is_echo else Message.Origin.CONTACT).value,
        "kind": message.kind.value,
        "body": message.body,
        "payload": json.dumps(_payload_of(message), cls=DjangoJSONEncoder),
        "external_id": message.external_id,
        "reply_to": message.reply_to,
        "status": (Delivery.SENT if message.is_echo else Delivery.DELIVERED).value,
        "occurred_at": message.sent_at,
        "sent_at": message.sent_at,
    }


def _payload_of(message: InboundMessage) -> dict[str, Any]:
    payload = dict(message.payload)
    if message.media is not None:
        payload["media"] = dataclasses.asdict(message.media) | {"url": ""}  # whose address it is, browsers need not know
    if message.group_id:
        payload["group_id"] = message.group_id
    if message.target_id:
        payload["target_id"] = message.target_id
    return payload


def _bump(ticket: Ticket, message: InboundMessage) -> None:
    """How the ticket ends up if the message is new. A clock that runs ahead at the gateway does not keep a ticket on top for ever."""
    at = min(message.sent_at, now())
    ticket.last_message_at = max(ticket.last_message_at, at)
    if message.is_echo:
        ticket.unread_count = 0
        return
    ticket.unread_count += 1
    # What somebody says in a group opens no customer service window with them.
    if not message.group_id:
        ticket.last_inbound_at = max(ticket.last_inbound_at or at, at)


def _known(connection: Connection, external_id: str, *, lock: bool = False) -> Message | None:
    messages = Message.objects.select_related("contact", "ticket", "author", "media").filter(connection=connection, external_id=external_id)
    return (messages.select_for_update(of=("self",), no_key=True) if lock else messages).exclude(external_id="").first()


def _is_known(connection: Connection, external_id: str) -> bool:
    return bool(external_id) and Message.objects.filter(connection=connection, external_id=external_id).exists()


def _stored(connection: Connection, external_id: str) -> Message:
    message = _known(connection, external_id)
    assert message is not None, "A message that conflicts is there."
    return message


def _changed(target: Message, change: InboundMessage) -> Message:
    """Repeats and late arrivals end the same: of two reactions or edits the later one stands."""
    if change.kind == MessageKind.REACTION:
        _react(target, change)
    elif change.kind == MessageKind.EDIT:
        _edit(target, change)
    else:
        target.payload.setdefault("revoked_at", change.sent_at.isoformat())
    target.save(update_fields=["body", "payload"])
    return target


def _react(target: Message, change: InboundMessage) -> None:
    """`payload.reactions`: by who reacted ("in" the customer, "out" the company), the emoji, empty when it was taken back."""
    reactions = target.payload.setdefault("reactions", {})
    who = "out" if change.is_echo else "in"
    if change.sent_at.isoformat() >= reactions.get(who, {}).get("at", ""):
        reactions[who] = {"emoji": change.payload.get("emoji", change.body), "at": change.sent_at.isoformat()}


def _edit(target: Message, change: InboundMessage) -> None:
    """`payload.edits`: every text that the message had, oldest first; `body` is the newest."""
    edits = target.payload.setdefault(
        "edits", [{"body": target.body, "at": target.occurred_at.isoformat(), "external_id": target.external_id}]
    )
    if all(edit["external_id"] != change.external_id for edit in edits):
        edits.append({"body": change.body, "at": change.sent_at.isoformat(), "external_id": change.external_id})
        edits.sort(key=lambda edit: edit["at"])
    target.body = edits[-1]["body"]
