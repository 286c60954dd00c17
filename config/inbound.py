"""What a WhatsApp event sets in motion, top to bottom. The order of these lines is the product (house §2).

A customer's message is remembered, stored and shown first. Who answers it comes after, in a transaction of its own with a retry
of its own: whatever goes wrong there never hides the message. Everything here may run twice for the same event: gateways repeat.
"""

import datetime
from collections.abc import Callable, Sequence

import structlog
from django.db import transaction

from config.faults import heed
from connectors.models import Connection
from connectors.types import AddressChange, Event, Handled, InboundMessage, OtherEvent, Preference, Receipt
from contacts.services.senders import apply_preference, change_address, remember_sender
from tenants.lib.clock import now
from tenants.lib.timers import cancel_timer, set_timer
from tickets.events import frames_of_receipts, frames_of_received, tell_now
from tickets.models import Message
from tickets.routing import route_ticket
from tickets.services.receipts import apply_receipts
from tickets.services.receiving import receive_message

log = structlog.get_logger(__name__)

# Who may take a customer's message, in this order, until one says that it did. A human who owns the ticket silences flows and bots.
ANSWERERS: tuple[Callable[[Message], bool], ...] = (route_ticket,)

ANSWER_TIMER = "answer"
ANSWER_AGAIN_SECONDS = 5


def handle(connection: Connection, events: Sequence[Event]) -> list[Handled]:
    """Apply the events and tell browsers; one answer for each, in their order. Raises when one fails; what was done before it stays.

    Receipts go last, as one batch: one of them may be about a message sent from the company's phone that came just before.
    """
    handled: dict[int, Handled] = {}
    receipts: dict[int, Receipt] = {}
    for place, event in enumerate(events):
        match event:
            case Receipt():
                receipts[place] = event
            case InboundMessage():
                handled[place] = receive(connection, event)
            case AddressChange():
                change_address(old=event.old, new=event.new)
                handled[place] = Handled(now())
            case Preference():
                apply_preference(addresses=event.person.addresses, purpose=event.purpose, is_stop=event.is_stop)
                handled[place] = Handled(now())
            case OtherEvent():
                # Kept and shown by the flight recorder.
                handled[place] = Handled(now())
            case _:
                raise TypeError(f"Nobody handles {type(event).__name__} here.")
    if receipts:
        together = settle(connection, list(receipts.values()))
        handled.update(dict.fromkeys(receipts, together))
    return [handled[place] for place in range(len(events))]


def receive(connection: Connection, event: InboundMessage) -> Handled:
    """Who is it, what did they say, who must see it; then who answers."""
    with transaction.atomic():
        contact = remember_sender(addresses=event.person.addresses, name=event.person.name, username=event.person.username)
        received = receive_message(connection, contact, event)
        wants_answer = received.is_new and not event.is_echo
        if wants_answer:
            # In the same transaction: a crash from here on only delays the answer.
            set_timer(ANSWER_TIMER, received.message.pk, due_at=now() + datetime.timedelta(seconds=ANSWER_AGAIN_SECONDS))
    applied_at = now()
    tell_now(frames_of_received(received))
    pushed_at = now()
    if wants_answer:
        answer(received.message)
    return Handled(applied_at, pushed_at)


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


def answer(message: Message) -> None:
    """Let the first answerer that wants the message have it. One that raises is logged, and asked again by the timer."""
    try:
        _ask_answerers(message)
    except Exception:
        log.exception("answerer_failed", message_id=message.pk)
        return
    cancel_timer(ANSWER_TIMER, message.pk)


def answer_again(key: str, payload: dict[str, object]) -> None:
    """For config/timers.py: the answer failed, or the worker died before it. Raises, so that the timer tries again."""
    message = Message.objects.select_related("contact", "connection", "ticket").filter(pk=int(key)).first()
    if message is not None:
        _ask_answerers(message)


def _ask_answerers(message: Message) -> None:
    for answerer in ANSWERERS:
        with transaction.atomic():
            if answerer(message):
                return
