"""What a WhatsApp event sets in motion, top to bottom. The order of these lines is the product (house §2).

A customer's message is remembered, stored and shown first. Who answers it comes after, in a transaction of its own with a retry
of its own: whatever goes wrong there never hides the message. Everything here may run twice for the same event: gateways repeat.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence

import structlog
from django.db import transaction
from redis.exceptions import RedisError

from campaigns.services.counting import count_replies
from campaigns.types import Reply
from config.faults import heed
from config.whispers import whisper_now
from connectors.models import Connection
from connectors.types import AddressChange, Event, Handled, InboundMessage, MessageKind, OtherEvent, Preference, Receipt, TypingSign
from contacts.services.consent import heed_words
from contacts.services.senders import apply_preference, change_address, known_sender, remember_senders
from contacts.types import Sender, Spoken
from tenants.lib.clock import now
from tenants.lib.tenancy import current_company
from tenants.lib.timers import cancel_timers, set_timers
from tickets.events import audience_of, frames_of_all, frames_of_receipts, tell_now
from tickets.models import Message
from tickets.routing import route_ticket
from tickets.selectors import unclosed_ticket_of
from tickets.services.consent_answers import answer_wishes
from tickets.services.receipts import apply_receipts
from tickets.services.receiving import receive_messages
from tickets.services.schedules import cancel_answered

log = structlog.get_logger(__name__)

# Who may take a customer's message, in this order, until one says that it did. A human who owns the ticket silences flows and bots.
ANSWERERS: tuple[Callable[[Message], bool], ...] = (route_ticket,)

# What may hold a word that stops or resumes marketing.
WORDED = frozenset({MessageKind.TEXT, MessageKind.BUTTON, MessageKind.INTERACTIVE})

TYPING_LASTS = datetime.timedelta(seconds=10)
ANSWER_TIMER = "answer"
ANSWER_AGAIN_SECONDS = 5
# In one transaction: their tickets are locked that long, so not many.
MESSAGES_AT_ONCE = 25


def handle(connection: Connection, events: Sequence[Event]) -> list[Handled]:
    """Apply the events and tell browsers; one answer for each, in their order. Raises when one fails; what was done before it stays.

    Receipts go last, as one batch: one of them may be about a message sent from the company's phone that came just before.
    """
    handled: dict[int, Handled] = {}
    receipts: dict[int, Receipt] = {}
    messages: dict[int, InboundMessage] = {}
    for place, event in enumerate(events):
        if messages and (len(messages) == MESSAGES_AT_ONCE or isinstance(event, AddressChange | Preference)):
            handled.update(receive_all(connection, messages))
            messages = {}
        match event:
            case Receipt():
                receipts[place] = event
            case InboundMessage():
                messages[place] = event
            case AddressChange():
                change_address(old=event.old, new=event.new)
                handled[place] = Handled(now())
            case Preference():
                apply_preference(addresses=event.person.addresses, purpose=event.purpose, is_stop=event.is_stop)
                handled[place] = Handled(now())
            case TypingSign():
                show_typing(connection, event)
                handled[place] = Handled(now())
            case OtherEvent():
                # Kept and shown by the flight recorder.
                handled[place] = Handled(now())
            case _:
                raise TypeError(f"Nobody handles {type(event).__name__} here.")
    handled.update(receive_all(connection, messages))
    if receipts:
        together = settle(connection, list(receipts.values()))
        handled.update(dict.fromkeys(receipts, together))
    return [handled[place] for place in range(len(events))]


def show_typing(connection: Connection, sign: TypingSign) -> None:
    """A whisper to those who may see the conversation. Who never wrote has none, and nothing is kept."""
    if sign.at < now() - TYPING_LASTS:
        return
    contact = known_sender(sign.person.addresses)
    ticket = unclosed_ticket_of(contact, connection) if contact else None
    if ticket is None:
        return
    try:
        whisper_now(current_company(), "ticket", {"action": "typing", "ticketId": ticket.pk}, audience_of(ticket))
    except RedisError as error:
        log.info("typing_not_told", ticket_id=ticket.pk, error=str(error))


def receive_all(connection: Connection, messages: Mapping[int, InboundMessage]) -> dict[int, Handled]:
    """Who is it, what did they say, who must see it; then who answers. By their places: in order, a few in one commit."""
    if not messages:
        return {}
    with transaction.atomic():
        contacts = remember_senders([_sender_of(message) for message in messages.values()])
        received = receive_messages(connection, list(zip(contacts, messages.values(), strict=True)))
        asking = [one.message for one, message in zip(received, messages.values(), strict=True) if one.is_new and not message.is_echo]
        cancel_answered({message.contact_id for message in asking})
        spoken = [(message.contact, Spoken(message.pk, message.body)) for message in asking if message.kind in WORDED]
        answer_wishes({message.pk: message for message in asking}, heed_words(spoken))
        count_replies(connection, [Reply(message.contact_id, message.reply_to, message.occurred_at) for message in asking])
        if asking:
            # In the same transaction: a crash from here on only delays the answer.
            again_at = now() + datetime.timedelta(seconds=ANSWER_AGAIN_SECONDS)
            set_timers(ANSWER_TIMER, [message.pk for message in asking], due_at=again_at)
    applied_at = now()
    tell_now(frames_of_all(received))
    handled = Handled(applied_at, now())
    answered = [message.pk for message in asking if answer(message)]
    if answered:
        cancel_timers(ANSWER_TIMER, answered)
    return dict.fromkeys(messages, handled)


def settle(connection: Connection, receipts: Sequence[Receipt]) -> Handled:
    """How far our messages got."""
    applied = apply_receipts(connection, receipts)
    applied_at = now()
    heed(connection, receipts, applied)
    frames = frames_of_receipts(applied)
    if not frames:
        return Handled(applied_at)
    tell_now(frames)
    return Handled(applied_at, now())


def answer(message: Message) -> bool:
    """Let the first answerer that wants the message have it. One that raises is logged (False), and asked again by the timer."""
    try:
        _ask_answerers(message)
    except Exception:
        log.exception("answerer_failed", message_id=message.pk)
        return False
    return True


def answer_again(key: str, payload: dict[str, object]) -> None:
    """For config/timers.py: the answer failed, or the worker died before it. Raises, so that the timer tries again."""
    message = Message.objects.select_related("contact", "connection", "ticket").filter(pk=int(key)).first()
    if message is not None:
        _ask_answerers(message)


def _sender_of(message: InboundMessage) -> Sender:
    return Sender(addresses=message.person.addresses, name=message.person.name, username=message.person.username)


def _ask_answerers(message: Message) -> None:
    for answerer in ANSWERERS:
        with transaction.atomic():
            if answerer(message):
                return
