"""Sending what people and machines of the company said: in order per contact, several contacts at once, nothing twice.

A message is stamped (SENDING, `attempted_at`, a lease) and committed before its first byte leaves. So a worker that dies leaves
at most one wave of messages whose fate is unknown, and never one that goes out again by itself.
"""

import asyncio
import datetime
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from connectors.models import Connection
from connectors.pacer import bucket_of, permits, slow_down
from connectors.registry import provider_named
from connectors.selectors import rate_of, readiness_of
from connectors.services.backing_off import attempts_for, pause_after
from connectors.services.links import link_for
from connectors.services.media import outgoing_of
from connectors.services.resting import rest
from connectors.tallies import OK, kind_of, note_sends
from connectors.types import (
    ContactCards,
    Content,
    Delivery,
    Link,
    Location,
    Media,
    MessageKind,
    Outgoing,
    Policy,
    Provider,
    ProviderError,
    Reaction,
    Sent,
    TemplateCall,
    Text,
)
from contacts.services.consent import stop_by_gateway
from contacts.services.senders import remember_sender
from tenants.lib import loop
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.clock import now
from tenants.lib.faultpoints import Point, reach
from tenants.lib.later import later
from tenants.lib.timers import set_timer
from tenants.services.flights import record_flights, summary
from tenants.types import FlightEntry
from tickets import events, selectors, statements
from tickets.models import Message
from tickets.services.contents import cards_of
from tickets.services.interactive import ASKED, sent_as
from tickets.services.reactions import take_back_failed
from tickets.services.receipts import settle_parked
from tickets.services.templates import with_header
from tickets.types import Outcome

SLICE_SECONDS = 5.0
SEND_TIMEOUT_SECONDS = 20.0  # shorter than the lease, so that a slow answer is recorded by who asked
NUMBER_PAUSE_SECONDS = 900.0
PREPARING = datetime.timedelta(seconds=30)
LONGEST_WAIT = datetime.timedelta(hours=24)
AGAIN = frozenset({Policy.RETRY, Policy.BACK_OFF_RECIPIENT, Policy.BACK_OFF_NUMBER, Policy.BACK_OFF_ACCOUNT})
TOO_FAST = frozenset({Policy.BACK_OFF_NUMBER, Policy.BACK_OFF_ACCOUNT})
TIMER = "tickets.deliver"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said to one message: `sent`, or `error`."""

    message_id: int
    outgoing: Outgoing
    asked_at: datetime.datetime
    answered_at: datetime.datetime
    sent: Sent | None = None
    error: ProviderError | None = None


def deliver(connection_id: int) -> int:
    """Send what waits on this connection, for one slice of time; what remains is asked for again. Returns how many were tried."""
    tried = 0
    deadline = time.monotonic() + SLICE_SECONDS
    while True:
        connection = Connection.objects.filter(pk=connection_id).first()
        if connection is None or not can_send_now(connection):
            return tried
        capabilities = provider_named(connection.provider).capabilities
        waiting = statements.next_to_send(connection_id, limit=capabilities.parallel_sends)
        if not waiting:
            return tried
        if time.monotonic() > deadline:
            later("tickets.deliver", connection_id)
            return tried
        rate, burst = bucket_of(rate_of(connection))
        given = permits(connection_id, wanted=len(waiting), rate=rate, burst=burst, first=True)
        if not given.granted:
            wake_at(connection_id, now() + datetime.timedelta(seconds=given.wait_seconds))
            return tried
        tried += send_wave(connection, waiting[: given.granted])


def can_send_now(connection: Connection) -> bool:
    return connection.can_send and (connection.paused_until is None or connection.paused_until <= now())


def wake_at(connection_id: int, at: datetime.datetime) -> None:
    set_timer(TIMER, connection_id, due_at=at)


def wake_by_timer(key: str, payload: dict[str, object]) -> None:
    """For config/timers.py."""
    later("tickets.deliver", int(key))


def send_wave(connection: Connection, message_ids: Sequence[int]) -> int:
    """Stamp, send, record. Messages that another worker stamped first are left to it; those whose file is not ready wait for it."""
    message_ids = _with_files_ready(connection, message_ids)
    ours_until = time.monotonic() + settings.LEASE_SECONDS
    stamped = statements.stamp(message_ids, lease_seconds=settings.LEASE_SECONDS)
    if not stamped:
        return 0
    reach(Point.MESSAGE_STAMPED)
    outgoing, outcomes = _outgoing_of(connection, list(Message.objects.filter(pk__in=stamped).select_related("media").order_by("pk")))
    answers = loop.run(_send_all(provider_named(connection.provider), link_for(connection), outgoing, ours_until)) if outgoing else []
    reach(Point.MESSAGE_ANSWERED)
    attempts = dict(Message.objects.filter(pk__in=stamped).values_list("pk", "attempts"))
    outcomes += [outcome_of(answer, attempts=attempts[answer.message_id]) for answer in answers]
    _record(connection, outcomes)
    reach(Point.MESSAGE_RECORDED)
    record_flights([_flight_of(connection, answer) for answer in answers])
    note_sends(connection.pk, Counter(OK if answer.error is None else kind_of(answer.error.policy) for answer in answers))
    _act_on_number(connection, answers)
    _heed_wishes(answers)
    _learn_addresses(answers)
    again_at = [outcome.retry_at for outcome in outcomes if outcome.retry_at]
    if again_at:
        wake_at(connection.pk, min(again_at))
    return len(stamped)


def outcome_of(answer: Answer, *, attempts: int) -> Outcome:
    """The policy table of a person's message: try again a few times where that can help, else fail in words."""
    if answer.sent is not None:
        return Outcome(answer.message_id, answer.sent.status.value, external_id=answer.sent.external_id)
    error = answer.error
    assert error is not None
    words = (f"{error.message} ({error.details})" if error.details and error.code != "crash" else error.message)[:500]
    if error.policy == Policy.UNKNOWN:
        return Outcome(answer.message_id, Delivery.UNKNOWN.value, error_code=error.code[:40], error_text=words)
    if error.policy in AGAIN and attempts < attempts_for(error, settings.SEND_ATTEMPTS):
        pause = pause_after(error, attempt=attempts, seconds=settings.SEND_BACKOFF_SECONDS)
        retry_at = now() + datetime.timedelta(seconds=pause)
        return Outcome(answer.message_id, Delivery.QUEUED.value, error_code=error.code[:40], error_text=words, retry_at=retry_at)
    return Outcome(answer.message_id, Delivery.FAILED.value, error_code=error.code[:40], error_text=words)


def sweep_company() -> None:
    """What got stuck: messages of dead workers, queued ones that nobody was told of, receipts parked too late, waits that are too long."""
    settle_parked()
    unsettled = Message.objects.filter(waits_for__isnull=False)
    in_flight = unsettled.filter(status=Delivery.SENDING.value, leased_until__lt=now())
    for connection in Connection.objects.filter(pk__in=in_flight.values("connection_id")).order_by("pk"):
        end_leases(connection)
    too_old = unsettled.filter(status=Delivery.QUEUED.value, created_at__lt=now() - LONGEST_WAIT).exclude(kind=MessageKind.NOTE.value)
    expired = list(too_old.values_list("pk", flat=True)[:500])
    if expired:
        words = _("The number was not able to send for a day.")
        too_old.filter(pk__in=expired).update(status=Delivery.FAILED.value, error_code="expired", error_text=words)
        events.messages_updated(expired)
    due = unsettled.filter(status=Delivery.QUEUED.value).exclude(retry_at__gt=now()).exclude(kind=MessageKind.NOTE.value)
    for connection in Connection.objects.filter(pk__in=due.values("connection_id")).order_by("pk"):
        if can_send_now(connection):
            later("tickets.deliver", connection.pk)


@transaction.atomic
def end_leases(connection: Connection) -> list[int]:
    """Messages that a dead worker was sending: unknown, or queued once more where the gateway drops a repeat of our id."""
    capabilities = provider_named(connection.provider).capabilities
    if capabilities.takes_our_id:
        ended = statements.end_leases(connection.pk, status=Delivery.QUEUED)
        later("tickets.deliver", connection.pk)
    else:
        words = _("The connection broke while sending. It may have arrived.")
        ended = statements.end_leases(connection.pk, status=Delivery.UNKNOWN, error_code="interrupted", error_text=words)
    events.messages_updated(ended)
    return ended


async def _send_all(provider: Provider, link: Link, outgoing: Sequence[tuple[int, Outgoing]], ours_until: float) -> list[Answer]:
    """A process that stood still for longer than its lease sends nothing: somebody else has settled what it had."""
    if time.monotonic() > ours_until:
        log.warning("delivery_lease_lost", provider=provider.name, message_ids=[message_id for message_id, _ in outgoing])
        return []
    return list(await asyncio.gather(*[_send_one(provider, link, message_id, one) for message_id, one in outgoing]))


async def _send_one(provider: Provider, link: Link, message_id: int, outgoing: Outgoing) -> Answer:
    asked_at = now()
    try:
        sent = await asyncio.wait_for(provider.send(link, outgoing), SEND_TIMEOUT_SECONDS)
        return Answer(message_id, outgoing, asked_at, now(), sent=sent)
    except ProviderError as error:
        return Answer(message_id, outgoing, asked_at, now(), error=error)
    except TimeoutError:
        error = ProviderError("timeout", _("The gateway did not answer in time. It may have arrived."), Policy.UNKNOWN)
        return Answer(message_id, outgoing, asked_at, now(), error=error)
    except Exception as crash:
        log.exception("send_crashed", provider=provider.name, message_id=message_id)
        error = ProviderError("crash", _("Sending broke off. It may have arrived."), Policy.UNKNOWN, details=repr(crash))
        return Answer(message_id, outgoing, asked_at, now(), error=error)


def _with_files_ready(connection: Connection, message_ids: Sequence[int]) -> list[int]:
    """Uploads take longer than leases: a file is prepared before its message is stamped, and what comes after it waits too."""
    held: set[int] = set()
    failed: list[Outcome] = []
    again_at = now() + PREPARING
    for message in Message.objects.filter(pk__in=message_ids, media__isnull=False).select_related("media").order_by("pk"):
        readiness = readiness_of(message.media, connection)
        if readiness.is_ready:
            continue
        held.add(message.pk)
        if readiness.error_code:
            words = readiness.error_text[:500]
            failed.append(Outcome(message.pk, Delivery.FAILED.value, error_code=readiness.error_code[:40], error_text=words))
            continue
        Message.objects.filter(pk=message.pk, status=Delivery.QUEUED.value).update(retry_at=again_at)
        wake_at(connection.pk, again_at)
        later("connectors.prepare_media", message.media_id, connection.pk)
    if failed:
        _record(connection, failed)
    return [message_id for message_id in message_ids if message_id not in held]


def _outgoing_of(connection: Connection, messages: Sequence[Message]) -> tuple[list[tuple[int, Outgoing]], list[Outcome]]:
    """What to send, and the failures of those that cannot be sent at all."""
    addresses = selectors.addresses_of([message.contact_id for message in messages])
    ready: list[tuple[int, Outgoing]] = []
    failed: list[Outcome] = []
    for message in messages:
        address = addresses.get(message.contact_id)
        if address is None:
            words = _("This contact has no number to write to.")
            failed.append(Outcome(message.pk, Delivery.FAILED.value, error_code="no_address", error_text=words))
            continue
        to = Address(AddressKind(address.kind), address.value)
        ready.append((message.pk, Outgoing(our_id=message.key, to=to, content=_content_of(connection, message), reply_to=message.reply_to)))
    return ready, failed


def _content_of(connection: Connection, message: Message) -> Content:
    kind = MessageKind(message.kind)
    if kind == MessageKind.TEMPLATE:
        template = message.payload["template"]
        components = tuple(template["components"])
        if message.media is not None:
            components = with_header(components, outgoing_of(message.media, connection, kind=MessageKind(message.media.kind), caption=""))
        return TemplateCall(name=template["name"], language=template["language"], components=components, body=message.body)
    if kind == MessageKind.INTERACTIVE:
        header = None
        if message.media is not None:
            header = outgoing_of(message.media, connection, kind=MessageKind(message.media.kind), caption="")
        return sent_as(message.payload[ASKED], provider_named(connection.provider).capabilities, header)
    if message.media is not None:
        return outgoing_of(message.media, connection, kind=kind, caption=message.body)
    if kind == MessageKind.LOCATION:
        return Location(**message.payload["location"])
    if kind == MessageKind.CONTACTS:
        return cards_of(message.payload)
    if kind == MessageKind.REACTION:
        return Reaction(target_id=message.payload["target_id"], emoji=message.payload["emoji"])
    return Text(body=message.body)


def _record(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Frames are published after the commit that they tell of."""
    try:
        with transaction.atomic():
            statements.record(outcomes)
            _tell_of(outcomes)
    except IntegrityError:
        # The gateway showed us our own message as if the phone had sent it, before it answered: that row gives way.
        with transaction.atomic():
            statements.absorb_echoes(connection.pk, [outcome.external_id for outcome in outcomes if outcome.external_id])
            statements.record(outcomes)
            _tell_of(outcomes)


def _tell_of(outcomes: Sequence[Outcome]) -> None:
    events.messages_updated([outcome.message_id for outcome in outcomes])
    failed = [outcome.message_id for outcome in outcomes if outcome.status == Delivery.FAILED.value]
    if failed:
        take_back_failed(failed)


def _act_on_number(connection: Connection, answers: Sequence[Answer]) -> None:
    if any(answer.error is not None and answer.error.policy in TOO_FAST for answer in answers):
        slow_down(connection.pk)
    for answer in answers:
        if answer.error is not None and answer.error.policy == Policy.PAUSE_NUMBER:
            seconds = answer.error.retry_after_seconds or NUMBER_PAUSE_SECONDS
            rest(connection, reason=answer.error.message, seconds=seconds, is_account=answer.error.is_account)
            return
    if any(answer.sent for answer in answers):
        Connection.objects.filter(pk=connection.pk).update(last_sent_at=now())


def _heed_wishes(answers: Sequence[Answer]) -> None:
    """Whom the gateway protects from our marketing wants none."""
    said_no = [answer for answer in answers if answer.error is not None and answer.error.is_opt_out]
    if said_no and said_no[0].error is not None:
        contacts = Message.objects.filter(pk__in=[answer.message_id for answer in said_no]).values_list("contact_id", flat=True)
        stop_by_gateway(contact_ids=set(contacts), reason=said_no[0].error.message)


def _learn_addresses(answers: Sequence[Answer]) -> None:
    """The gateway may know the receiver by more addresses than we do; the customer's answer can come from any of them."""
    for answer in answers:
        if answer.sent is not None and set(answer.sent.addresses) - {answer.outgoing.to}:
            remember_sender(addresses=(answer.outgoing.to, *answer.sent.addresses))


def _flight_of(connection: Connection, answer: Answer) -> FlightEntry:
    outgoing, error = answer.outgoing, answer.error
    return FlightEntry(
        connection_id=connection.pk,
        direction="out",
        kind=_kind_of(outgoing.content),
        external_id=answer.sent.external_id if answer.sent else "",
        our_id=outgoing.our_id,
        request=summary({"to": outgoing.to.value, **_in_short(outgoing.content)}),
        response=summary({"status": answer.sent.status.name.lower()}) if answer.sent else "",
        http_status=error.http_status if error else None,
        error=f"{error.code}: {error.message} {error.details}".strip() if error else "",
        sent_at=answer.asked_at,
        answered_at=answer.answered_at,
    )


def _kind_of(content: Content) -> str:
    if isinstance(content, Media):
        return content.kind.value
    return KINDS_SENT.get(type(content), "interactive")


KINDS_SENT = {TemplateCall: "template", Location: "location", Reaction: "reaction", Text: "text", ContactCards: "contacts"}


def _in_short(content: Content) -> dict[str, object]:
    """For the flight recorder. A link to a file opens it: that is kept from there."""
    if isinstance(content, Media):
        return {"body": content.caption, "media": content.external_id or "link", "filename": content.filename}
    if isinstance(content, Text | TemplateCall):
        return {"body": content.body}
    return {"content": asdict(content)}
