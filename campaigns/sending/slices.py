"""Around the pump: who may work on a campaign now, for how long, and what happens after."""

import datetime
import secrets
from concurrent.futures import TimeoutError as NotYet

import structlog
from django.conf import settings
from django.db import connection as database
from django.db.models import Min
from django.utils.translation import gettext as _

from campaigns import events, statements
from campaigns.models import Campaign, Recipient
from campaigns.sending.database import address_of_database, two_wires
from campaigns.sending.pump import Pump
from campaigns.sending.recording import Job, Recorder, outcome_of
from campaigns.services.contents import files_of, messages_of
from campaigns.services.lifecycle import finish_if_done, send_again_at, stop_sending
from campaigns.types import Receiver, Return, SliceEnd
from connectors.registry import provider_named
from connectors.selectors import rate_of, readiness_of
from connectors.services.links import link_for
from connectors.services.resting import rest
from connectors.tallies import note_sends
from connectors.types import Delivery, ProviderError
from tenants.lib import loop
from tenants.lib.clock import now
from tenants.lib.later import later
from tenants.lib.patterns import MissingValue
from tenants.lib.tenancy import current_company

LONGEST_SLICE_SECONDS = 5.0  # the back of the queue is the fairness between companies
PROGRESS_SECONDS = 1.0
LOST_AT_ONCE = 500
PAUSE_NUMBER_SECONDS = 3600
PREPARING_SECONDS = 2

log = structlog.get_logger(__name__)


def send_next_batch(campaign_id: int) -> None:
    """Work a slice, if nobody else does; then queue the next one, set a Timer, or finish."""
    campaign = (
        Campaign.objects.select_related("connection", "template", "header_media")
        .filter(pk=campaign_id, status=Campaign.Status.RUNNING)
        .first()
    )
    if campaign is None or not _can_send_now(campaign) or not _has_files_ready(campaign):
        return
    job = job_of(campaign)
    if not _execute(statements.LEASE_PUMP, job):
        return
    end = _pump(job)
    _execute(statements.RELEASE_PUMP, job)
    _go_on(campaign, end)


def settle_lost(campaign: Campaign) -> int:
    """Rows that a dead worker had stamped become unknown, or wait again with the same id where the gateway takes ours."""
    job = job_of(campaign)
    settled = loop.run(settle_lost_rows(job))
    if settled:
        log.warning("campaign_recipients_lost", campaign_id=campaign.pk, count=settled)
        events.campaign_progressed(campaign.pk)
    return settled


def job_of(campaign: Campaign) -> Job:
    provider = provider_named(campaign.connection.provider)
    knobs = campaign.connection.settings
    rate = rate_of(campaign.connection)
    lease_seconds = float(settings.LEASE_SECONDS)
    return Job(
        schema=current_company().schema_name,
        database=address_of_database(),
        campaign_id=campaign.pk,
        connection_id=campaign.connection_id,
        provider=provider,
        link=link_for(campaign.connection),
        messages=messages_of(campaign),
        lease=secrets.token_hex(8),
        lease_seconds=lease_seconds,
        seconds=min(LONGEST_SLICE_SECONDS, lease_seconds / 3),
        patience_seconds=lease_seconds * 0.8,
        parallel=int(knobs.get("parallel_sends") or provider.capabilities.parallel_sends),
        rate=rate,
        burst=max(1.0, rate),
        max_attempts=settings.SEND_ATTEMPTS,
        backoff_seconds=settings.SEND_BACKOFF_SECONDS,
    )


def _can_send_now(campaign: Campaign) -> bool:
    number = campaign.connection
    if number.paused_until is not None and number.paused_until > now():
        send_again_at(campaign.pk, number.paused_until)
        return False
    if not number.can_send:
        stop_sending(campaign.pk, reason=_("The connection “%(name)s” is not connected.") % {"name": number.name})
        return False
    return True


def _has_files_ready(campaign: Campaign) -> bool:
    """Uploads take longer than leases: a file is prepared before the first recipient is claimed. One that cannot be does not wait."""
    number = campaign.connection
    waiting_for = [file for file in files_of(campaign) if not (state := readiness_of(file, number)).is_ready and not state.error_code]
    for file in waiting_for:
        later("connectors.prepare_media", file.pk, number.pk)
    if waiting_for:
        send_again_at(campaign.pk, now() + datetime.timedelta(seconds=PREPARING_SECONDS))
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
        return end


def _go_on(campaign: Campaign, end: SliceEnd) -> None:
    if end.pause_number:
        rest(campaign.connection, reason=end.pause_number, seconds=PAUSE_NUMBER_SECONDS, is_account=end.is_account)
    if end.pause_number or end.pause_campaign:
        stop_sending(campaign.pk, reason=end.pause_number or end.pause_campaign)
    if finish_if_done(campaign.pk):
        return
    if end.wait_seconds:
        send_again_at(campaign.pk, now() + datetime.timedelta(seconds=end.wait_seconds))
        return
    if not end.is_exhausted:
        later("campaigns.send_next_batch", campaign.pk)
        return
    retry_at = waiting(campaign.pk)
    if retry_at is not None:
        send_again_at(campaign.pk, retry_at)


def waiting(campaign_id: int) -> datetime.datetime | None:
    """When the next recipient may be sent to; None when nobody waits."""
    pending = Recipient.objects.filter(campaign_id=campaign_id, state=Recipient.State.PENDING)
    if pending.filter(retry_at=None).exists():
        return now()
    return pending.aggregate(first=Min("retry_at"))["first"]


async def settle_lost_rows(job: Job) -> int:
    """The same on an event loop; `job` holds the new lease."""
    async with two_wires(dict(job.database), job.schema) as (wire, _other):
        rows = await wire.rows(statements.CLAIM_LOST, job.known | {"count": LOST_AT_ONCE})
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
