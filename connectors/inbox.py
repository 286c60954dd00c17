"""Working off stored webhook calls: one worker at a time per connection, in the order of arrival, in batches.

A call is done only after what it says is in the database and browsers were told. Whatever happens in between, it comes again
from its row; so all of this may run twice for the same call, and the second time changes nothing.
"""

import datetime
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.module_loading import import_string
from redis.exceptions import ConnectionError as ValkeyConnectionError
from redis.exceptions import TimeoutError as ValkeyTimeoutError

from connectors import recording, statements
from connectors.models import Connection
from connectors.registry import provider_named
from connectors.services.accounts import bring_to_its_own, connections_concerned
from connectors.services.connections import heed_state
from connectors.services.links import link_for
from connectors.services.templates import apply_template_state
from connectors.statements import Done, RawCall
from connectors.types import OTHER_NUMBER, ConnectionState, Event, Handled, InboundMessage, Link, MessageKind, OtherEvent, TemplateState
from connectors.waking import wake_inboxes, woken
from tenants.lib.clock import now
from tenants.lib.faultpoints import Point, reach
from tenants.lib.later import later
from tenants.lib.tenancy import current_company
from tenants.models import Webhook
from tenants.services.flights import record_flights
from tenants.services.lanes import leave_lane, take_lane

SLICE_SECONDS = 5.0
MOST_FAILURES = 5
# After the first failure at once, in its place; then later, while the lane goes on.
PAUSES_SECONDS = (0, 2, 10, 30)
FORGOTTEN_SECONDS = 5
LONGEST_ERROR = 2000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """A webhook call and the events in it."""

    raw: RawCall
    events: tuple[Event, ...]
    parsed_at: datetime.datetime

    @property
    def done(self) -> Done:
        unknown = sum(_is_unknown(event) for event in self.events)
        return Done(id=self.raw.id, events=len(self.events), unknown_events=unknown)


def drain_inbox(connection_id: int | None = None) -> None:
    """Work off the company's lanes, or one of them, for a few seconds; what is left then goes to the back of the queue."""
    woken(current_company().pk)
    until = time.monotonic() + SLICE_SECONDS
    lanes = _waiting_lanes() if connection_id is None else [connection_id]
    for place, lane in enumerate(lanes):
        left = until - time.monotonic()
        try:
            drain_lane(lane, until=time.monotonic() + max(0.0, left / (len(lanes) - place)))
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("inbox_interrupted", connection_id=lane, error=str(error))
            return


def drain_lane(connection_id: int, *, until: float) -> None:
    """Until the lane is empty or the time is up. Somebody else's lane is left alone: they look again after they have let go."""
    lease_key = uuid.uuid4().hex
    company_id = current_company().pk
    while take_lane(company_id=company_id, connection_id=connection_id, lease_key=lease_key):
        try:
            _work(company_id, connection_id, lease_key, until)
        finally:
            _leave(company_id, connection_id, lease_key)
        if not _is_waiting(company_id, connection_id):
            return
        if time.monotonic() >= until:
            later("connectors.drain_inbox", connection_id)
            return


def wake_forgotten() -> int:
    """Companies whose calls wait though nobody works on them: the wake was lost, a worker died, a retry is due. Returns how many."""
    company_ids = statements.companies_with_forgotten_calls(now=now(), before=now() - datetime.timedelta(seconds=FORGOTTEN_SECONDS))
    wake_inboxes(company_ids)
    return len(company_ids)


def is_outage(error: BaseException) -> bool:
    """Whether something we stand on is down. No call is to blame for that."""
    if isinstance(error, ValkeyConnectionError | ValkeyTimeoutError | InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "53", "57P"))


def _work(company_id: int, connection_id: int, lease_key: str, until: float) -> None:
    connection = Connection.objects.filter(pk=connection_id).first()
    while True:
        calls = statements.oldest_calls(company_id=company_id, connection_id=connection_id, now=now())
        if not calls:
            return
        if connection is None:
            _give_up(calls)
            return
        _work_batch(connection, calls)
        is_mine = take_lane(company_id=company_id, connection_id=connection_id, lease_key=lease_key)
        if not is_mine or time.monotonic() >= until:
            return


def _work_batch(connection: Connection, raws: Sequence[RawCall]) -> None:
    """All together; if that fails, each alone, so that only the one at fault counts a failure. One that failed before is alone at once."""
    link = link_for(connection)
    together: list[Call] = []
    for raw in raws:
        call = _parsed(connection, link, raw)
        if call is None:
            continue
        if raw.attempts:
            _apply_together(connection, together)
            together = []
            _apply_alone(connection, call)
        else:
            together.append(call)
    _apply_together(connection, together)


def _parsed(connection: Connection, link: Link, raw: RawCall) -> Call | None:
    try:
        events = tuple(provider_named(connection.provider).parse(raw.body, link))
    except Exception as error:
        _failed(raw, error)
        return None
    return Call(raw=raw, events=events, parsed_at=now())


def _apply_together(connection: Connection, calls: Sequence[Call]) -> None:
    if not calls:
        return
    try:
        _apply(connection, calls)
    except Exception as error:
        if is_outage(error):
            raise
        if len(calls) == 1:
            _failed(calls[0].raw, error)
            return
        for call in calls:
            _apply_alone(connection, call)


def _apply_alone(connection: Connection, call: Call) -> None:
    try:
        _apply(connection, [call])
    except Exception as error:
        if is_outage(error):
            raise
        _failed(call.raw, error)


def _apply(connection: Connection, calls: Sequence[Call]) -> None:
    for call in calls:
        if any(isinstance(event, OtherEvent) and event.field == OTHER_NUMBER for event in call.events):
            bring_to_its_own(connection, provider_named(connection.provider).portions(call.raw.body))
    ours: dict[int, Handled] = {}
    events = [event for call in calls for event in call.events]
    for place, event in enumerate(events):
        if isinstance(event, ConnectionState):
            for concerned in connections_concerned(connection, event):
                heed_state(concerned, event)
            ours[place] = Handled(now(), now())
        elif isinstance(event, TemplateState):
            for concerned in connections_concerned(connection, event):
                apply_template_state(concerned, event)
            ours[place] = Handled(now())
    others = [event for place, event in enumerate(events) if place not in ours]
    handled = iter(_inbound()(connection, others) if others else [])
    steps = [ours[place] if place in ours else next(handled) for place in range(len(events))]
    reach(Point.WEBHOOK_APPLIED)
    _finish(connection, calls, steps)


def _finish(connection: Connection, calls: Sequence[Call], steps: Sequence[Handled]) -> None:
    lines = recording.lines_of(connection.pk, [(call.raw, call.parsed_at, event) for call in calls for event in call.events], steps)
    with transaction.atomic():
        statements.mark_done([call.done for call in calls], now=now())
        record_flights(lines)
        if any(isinstance(event, InboundMessage) for call in calls for event in call.events):
            Connection.objects.filter(pk=connection.pk).update(last_inbound_at=now())


def _failed(raw: RawCall, error: Exception) -> None:
    attempts = raw.attempts + 1
    is_last = attempts >= MOST_FAILURES
    log.error("webhook_failed", webhook_id=raw.id, attempts=attempts, parked=is_last, exc_info=error)
    pause = None if is_last else now() + datetime.timedelta(seconds=PAUSES_SECONDS[attempts - 1])
    Webhook.objects.filter(pk=raw.id, state=Webhook.State.NEW).update(
        attempts=attempts,
        retry_at=pause,
        state=Webhook.State.POISON if is_last else Webhook.State.NEW,
        error=_words(error),
    )


def _words(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno})" if trace else ""
    return f"{type(error).__name__}: {error}{where}"[:LONGEST_ERROR].replace("\x00", "")


def _give_up(raws: Sequence[RawCall]) -> None:
    Webhook.objects.filter(pk__in=[raw.id for raw in raws]).update(
        state=Webhook.State.DONE, done_at=now(), error="The connection was deleted."
    )


def _waiting_lanes() -> list[int]:
    return list(_due(current_company().pk).values_list("connection_id", flat=True).distinct())


def _is_waiting(company_id: int, connection_id: int) -> bool:
    return _due(company_id).filter(connection_id=connection_id).exists()


def _due(company_id: int):  # type: ignore[no-untyped-def]
    return Webhook.objects.filter(company_id=company_id, state=Webhook.State.NEW).exclude(retry_at__gt=now()).order_by()


def _leave(company_id: int, connection_id: int, lease_key: str) -> None:
    try:
        leave_lane(company_id=company_id, connection_id=connection_id, lease_key=lease_key)
    except (OperationalError, InterfaceError) as error:
        # The lease runs out by itself.
        log.warning("lane_not_left", connection_id=connection_id, error=str(error))


def _inbound() -> Callable[[Connection, Sequence[Event]], list[Handled]]:
    return import_string(settings.INBOUND)


def _is_unknown(event: Event) -> bool:
    return isinstance(event, OtherEvent) or (isinstance(event, InboundMessage) and event.kind == MessageKind.UNKNOWN)
