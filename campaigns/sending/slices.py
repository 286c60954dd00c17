"""Around the pump: who may work on a campaign now, for how long, and what happens after."""

import datetime
import secrets
from concurrent.futures import TimeoutError as NotYet
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from campaigns import events
from campaigns.models import Campaign, Line, Recipient
from campaigns.sending.database import address_of_database, two_wires
from campaigns.sending.pump import Pump
from campaigns.sending.recording import Job, Quiet, Recorder, outcome_of
from campaigns.services.audience import most_marketing_for
from campaigns.services.contents import files_of, messages_of
from campaigns.services.health import rest_if_unwell
from campaigns.services.lifecycle import finish_if_done, stop_line, stop_sending
from campaigns.services.lines import hold, let_go, pass_on, send_again_at
from campaigns.statements.sending import CLAIM_LOST, LEASE_PUMP, ONE_AT_A_TIME, RELEASE_PUMP
from campaigns.types import Receiver, Return, SliceEnd
from connectors import pacer
from connectors.models import Connection
from connectors.registry import provider_named
from connectors.selectors import rate_of, readiness_of
from connectors.services.links import link_for
from connectors.services.pacing import pacing_of
from connectors.services.resting import rest
from connectors.tallies import note_sends
from connectors.types import Delivery, Provider, ProviderError
from contacts.services.consent import rules_here, stop_by_gateway
from tenants.lib import loop
from tenants.lib.clock import now
from tenants.lib.faultpoints import Point, reach
from tenants.lib.later import later
from tenants.lib.pacing import Sent, allowance
from tenants.lib.patterns import MissingValue
from tenants.lib.tenancy import current_company
from tickets.services.going_out import sent_of_late

LONGEST_SLICE_SECONDS = 5.0  # the back of the queue is the fairness between companies
PROGRESS_SECONDS = 1.0
ANSWER_SECONDS = 0.25  # what a gateway may take for an answer while its number still reaches its rate
MOST_PARALLEL = 256
LOST_AT_ONCE = 500
PAUSE_NUMBER_SECONDS = 3600
PREPARING_SECONDS = 2
SHORTEST_HOLD = datetime.timedelta(seconds=2)
NOTHING_SENT = Sent()
# Beside those of tenants.lib.pacing: the gateway wants a pause, and its own health does.
REST, HEALTH = "rest", "health"
LONG_REST = datetime.timedelta(minutes=10)  # of a number: its share of the campaign does not wait for it, where others can take it

log = structlog.get_logger(__name__)


def send_next_batch(campaign_id: int, connection_id: int) -> None:
    """Work a slice of what goes through this number, if nobody else does; then queue the next one, set a Timer, or finish."""
    line = line_at(campaign_id, connection_id)
    if line is None or line.campaign.status != Campaign.Status.RUNNING or not _can_send_now(line) or not _has_files_ready(line):
        return
    pacing = pacing_of(line.connection)
    sent = sent_of_late(line.connection, pacing)
    allowed = allowance(pacing, sent, now(), ZoneInfo(current_company().timezone))
    if allowed.count == 0:
        assert allowed.why is not None and allowed.until is not None
        hold(line, why=allowed.why.value, until=max(allowed.until, now() + SHORTEST_HOLD))
        return
    job = job_of(line, budget=allowed.count, sent=sent)
    if not _lease(job):
        return
    try:
        let_go(line)
        end = _pump(job)
    finally:
        # Also when it fails, so that the next one need not wait for the lease's end: what was claimed has leases of its own.
        _execute(RELEASE_PUMP, job)
    reach(Point.SLICE_OVER)
    _go_on(line, end)


def _lease(job: Job) -> bool:
    """A number whose messages are counted works for one campaign at a time: what one of them was allowed, no other is. The others come
    back for the next slice."""
    if not job.pacing.is_counted:
        return _execute(LEASE_PUMP, job)
    with transaction.atomic():
        _execute(ONE_AT_A_TIME, job)
        is_alone = not Line.objects.filter(connection_id=job.connection_id, pump_leased_until__gt=now()).exists()
        if is_alone and _execute(LEASE_PUMP, job):
            return True
    send_again_at(job.campaign_id, job.connection_id, now() + SHORTEST_HOLD)
    return False


def line_at(campaign_id: int, connection_id: int) -> Line | None:
    lines = Line.objects.select_related("connection", "campaign__connection", "campaign__template", "campaign__header_media")
    return lines.filter(campaign=campaign_id, connection=connection_id).first()


def settle_lost(line: Line) -> int:
    """Rows that a dead worker had stamped become unknown, or wait again with the same id where the gateway takes ours."""
    job = job_of(line)
    settled = loop.run(settle_lost_rows(job))
    if settled:
        log.warning("campaign_recipients_lost", campaign_id=line.campaign_id, connection_id=line.connection_id, count=settled)
        events.campaign_progressed(line.campaign_id)
    return settled


def job_of(line: Line, *, budget: int | None = None, sent: Sent = NOTHING_SENT) -> Job:
    campaign, number = line.campaign, line.connection
    provider = provider_named(number.provider)
    (rate, burst), rules = pacer.bucket_of(rate_of(number)), rules_here()
    lease_seconds = float(settings.LEASE_SECONDS)
    return Job(
        schema=current_company().schema_name,
        database=address_of_database(),
        campaign_id=campaign.pk,
        connection_id=number.pk,
        provider=provider,
        link=link_for(number),
        messages=messages_of(campaign, number),
        lease=secrets.token_hex(8),
        lease_seconds=lease_seconds,
        seconds=min(LONGEST_SLICE_SECONDS, lease_seconds / 3),
        patience_seconds=lease_seconds * 0.8,
        parallel=_parallel(number, provider),
        rate=rate,
        burst=burst,
        max_attempts=settings.SEND_ATTEMPTS,
        backoff_seconds=settings.SEND_BACKOFF_SECONDS,
        most_marketing=most_marketing_for(campaign, rules),
        marketing_days=rules.per_days,
        budget=budget,
        pacing=pacing_of(number),
        sent=sent,
        quiet=Quiet(rules.quiet_hours, ZoneInfo(current_company().timezone)) if rules.quiet_hours.is_on else None,
    )


def _parallel(number: Connection, provider: Provider) -> int:
    """How many may be in flight: more for a number that its gateway lets send fast."""
    wanted = min(MOST_PARALLEL, int(provider.rate(number.facts) * ANSWER_SECONDS))
    return int(number.settings.get("parallel_sends") or max(provider.capabilities.parallel_sends, wanted))


def _can_send_now(line: Line) -> bool:
    number = line.connection
    if not number.can_send:
        stop_line(line.campaign, number, reason=_("The connection “%(name)s” is not connected.") % {"name": number.name})
        return False
    if number.paused_until is not None and number.paused_until > now():
        rest = number.paused_until - now()
        if rest < LONG_REST or not pass_on(line.campaign, number):
            hold(line, why=REST, until=number.paused_until)
        return False
    if number.rests_from_writing_first or rest_if_unwell(number):
        assert number.health_rest_until is not None
        if not pass_on(line.campaign, number):
            hold(line, why=HEALTH, until=number.health_rest_until)
        return False
    return True


def _has_files_ready(line: Line) -> bool:
    """Uploads take longer than leases: a file is prepared before the first recipient is claimed. One that cannot be does not wait."""
    number = line.connection
    waiting_for = [file for file in files_of(line.campaign) if not (state := readiness_of(file, number)).is_ready and not state.error_code]
    for file in waiting_for:
        later("connectors.prepare_media", file.pk, number.pk)
    if waiting_for:
        send_again_at(line.campaign_id, number.pk, now() + datetime.timedelta(seconds=PREPARING_SECONDS))
    return not waiting_for


def _pump(job: Job) -> SliceEnd:
    """Meanwhile browsers are told, once a second."""
    pump = Pump(job)
    future = loop.start(pump.run())
    while True:
        try:
            end = future.result(timeout=PROGRESS_SECONDS)
        except NotYet:
            if future.done():
                raise
            events.campaign_progressed(job.campaign_id)
            continue
        events.campaign_progressed(job.campaign_id)
        note_sends(job.connection_id, pump.tally)
        if pump.said_no:
            stop_by_gateway(contact_ids=pump.said_no, reason=_("The gateway says that they want no marketing."))
        return end


def _go_on(line: Line, end: SliceEnd) -> None:
    campaign_id, connection_id = line.campaign_id, line.connection_id
    if end.pause_number:
        rest(line.connection, reason=end.pause_number, seconds=PAUSE_NUMBER_SECONDS, is_account=end.is_account)
        stop_line(line.campaign, line.connection, reason=end.pause_number)
    if end.pause_campaign:
        stop_sending(campaign_id, reason=end.pause_campaign)
    if finish_if_done(campaign_id):
        return
    if end.wait_seconds and not Line.objects.filter(pk=line.pk, has_new_rules=True).exists():
        send_again_at(campaign_id, connection_id, now() + datetime.timedelta(seconds=end.wait_seconds))
        return
    if not end.is_exhausted:
        later("campaigns.send_next_batch", campaign_id, connection_id)
        return
    retry_at = waiting(campaign_id, connection_id)
    if retry_at is not None:
        send_again_at(campaign_id, connection_id, retry_at)


def waiting(campaign_id: int, connection_id: int) -> datetime.datetime | None:
    """When the next recipient of this number may be sent to; None when nobody waits."""
    pending = Recipient.objects.filter(campaign_id=campaign_id, connection_id=connection_id, state=Recipient.State.PENDING)
    if pending.filter(retry_at=None).exists():
        return now()
    return pending.aggregate(first=Min("retry_at"))["first"]


async def settle_lost_rows(job: Job) -> int:
    """The same on an event loop; `job` holds the new lease."""
    async with two_wires(dict(job.database), job.schema) as (wire, _other):
        rows = await wire.rows(CLAIM_LOST, job.known | {"count": LOST_AT_ONCE})
        lost = [Receiver(*columns) for *columns, _refusal in rows]
        recorder = Recorder(wire, job)
        if job.provider.capabilities.takes_our_id:
            await recorder.put_back([Return(row.id, row.attempt - 1, 0.0, "", "") for row in lost])
        else:
            words = "The worker stopped while this was being sent."
            await recorder.record([outcome_of(row, _body(job, row), Delivery.UNKNOWN, code="worker_lost", text=words) for row in lost])
    return len(lost)


def _body(job: Job, receiver: Receiver) -> str:
    try:
        return job.messages[receiver.variant].filled(receiver)[1]
    except (MissingValue, ProviderError):
        return ""


def _execute(statement: str, job: Job) -> bool:
    with database.cursor() as cursor:
        cursor.execute(statement, job.known)
        return cursor.rowcount > 0
