"""draft → scheduled → running ⇄ paused → finished or cancelled. Every step happens once, by a conditional UPDATE."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.auditing import changed, record
from campaigns import events
from campaigns.models import Campaign
from campaigns.services.audience import freeze_audience
from campaigns.services.contents import check_content
from campaigns.services.drafts import START_TIMER, check_in_future, create_campaign, update_campaign
from campaigns.services.lines import forget_timers, keep_lines, lines_of, others_go_on, pass_on, wake_lines
from campaigns.statements.sending import CANCEL_REST, FINISH
from campaigns.types import InlineRecipient
from connectors.models import Connection
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.faultpoints import Point, reach
from tenants.lib.tenancy import current_company
from tenants.lib.timers import cancel_timer, set_timer

GATEWAY_PAUSE = "gateway"
LATEST_START = datetime.timedelta(hours=6)
Status = Campaign.Status


@transaction.atomic
def start_campaign(campaign: Campaign, *, by: User | None) -> Campaign:
    """Start now, or at `starts_at` when it has one (by a Timer, which also fires after downtime).

    Everything that can be wrong is said now, with the field at fault.
    """
    campaign = _locked(campaign.pk)
    if campaign.status != Status.DRAFT:
        raise _wrong_status(campaign)
    check_in_future(campaign)
    _check_sendable(campaign)
    if campaign.starts_at is None:
        record("campaign.started", campaign, by=by)
        return _begin(campaign, from_status=Status.DRAFT)
    _move(campaign, (Status.DRAFT,), status=Status.SCHEDULED, status_reason="")
    record("campaign.scheduled", campaign, by=by, changes=changed(campaign, "starts_at", None, campaign.starts_at))
    set_timer(START_TIMER, campaign.pk, due_at=campaign.starts_at)
    events.campaign_changed("update", campaign.pk)
    return campaign


@transaction.atomic
def start_campaign_at(campaign: Campaign, *, by: User | None, starts_at: datetime.datetime | None) -> Campaign:
    """Start at this time instead of the campaign's own; None: now."""
    update_campaign(campaign, by=by, fields={"starts_at": starts_at})
    return start_campaign(campaign, by=by)


@transaction.atomic
def create_and_start(*, by: User, fields: Mapping[str, Any], recipients: Sequence[InlineRecipient] = ()) -> Campaign:
    """One campaign, written and started; or nothing is written."""
    return start_campaign(create_campaign(by=by, fields=fields, recipients=recipients), by=by)


def start_due(key: str, payload: dict[str, Any]) -> None:
    """The timer's handler: a scheduled campaign begins. What is wrong by now pauses it, and says so; so does a start that is hours late,
    because Recado did not run: whether it still makes sense, a person knows. Resuming it starts it."""
    campaign = Campaign.objects.filter(pk=int(key), status=Status.SCHEDULED).first()
    if campaign is None:
        return
    campaign = _locked(campaign.pk)
    if campaign.starts_at is not None and now() - campaign.starts_at > LATEST_START:
        due_at = campaign.starts_at.astimezone(ZoneInfo(current_company().timezone))
        words = _("It was to start at %(time)s and could not start then. Resume it if it should still be sent.")
        _do_not_start(campaign, words % {"time": f"{due_at:%Y-%m-%d %H:%M}"})
        return
    try:
        with transaction.atomic():
            _check_sendable(campaign)
            _begin(campaign, from_status=Status.SCHEDULED)
            record("campaign.started", campaign, by=None)
    except ApplicationError as error:
        _do_not_start(campaign, str(error))


def _do_not_start(campaign: Campaign, reason: str) -> None:
    if _try(campaign.pk, (Status.SCHEDULED,), status=Status.PAUSED, status_reason=reason[:300]):
        record("campaign.stopped_itself", campaign, by=None, reason=reason)
        events.campaign_changed("update", campaign.pk)


@transaction.atomic
def pause_campaign(campaign: Campaign, *, by: User | None, reason: str = "") -> Campaign:
    """No wave begins after this; what is on its way is still recorded."""
    campaign = _locked(campaign.pk)
    _move(campaign, (Status.RUNNING,), status=Status.PAUSED, status_reason=reason[:300], pause_code="")
    record("campaign.paused", campaign, by=by)
    forget_timers(campaign.pk)
    events.campaign_changed("update", campaign.pk)
    return campaign


@transaction.atomic
def resume_campaign(campaign: Campaign, *, by: User | None) -> Campaign:
    """Go on with those who wait. One that was paused before it began freezes its audience now."""
    campaign = _locked(campaign.pk)
    if campaign.status != Status.PAUSED:
        raise _wrong_status(campaign)
    _check_sendable(campaign)
    record("campaign.resumed", campaign, by=by)
    if campaign.started_at is None:
        return _begin(campaign, from_status=Status.PAUSED)
    _move(campaign, (Status.PAUSED,), status=Status.RUNNING, status_reason="", pause_code="")
    wake_lines(campaign)
    events.campaign_changed("update", campaign.pk)
    return campaign


@transaction.atomic
def cancel_campaign(campaign: Campaign, *, by: User | None) -> Campaign:
    """For good. What was sent stays sent, and its receipts still count."""
    campaign = _locked(campaign.pk)
    _move(campaign, (Status.DRAFT, Status.SCHEDULED, Status.RUNNING, Status.PAUSED), status=Status.CANCELLED, finished_at=now())
    record("campaign.cancelled", campaign, by=by)
    cancel_timer(START_TIMER, campaign.pk)
    forget_timers(campaign.pk)
    if campaign.started_at is not None:
        with connection.cursor() as cursor:
            cursor.execute(CANCEL_REST, {"campaign": campaign.pk})
    events.campaign_changed("update", campaign.pk)
    return campaign


def stop_sending(campaign_id: int, *, reason: str, code: str = GATEWAY_PAUSE) -> bool:
    """The campaign pauses by itself and says why. False when it was not running any more."""
    if not _try(campaign_id, (Status.RUNNING,), status=Status.PAUSED, status_reason=reason[:300], pause_code=code):
        return False
    record("campaign.stopped_itself", Campaign.objects.get(pk=campaign_id), by=None, reason=reason)
    events.campaign_changed("update", campaign_id)
    return True


def stop_line(campaign: Campaign, number: Connection, *, reason: str, code: str = GATEWAY_PAUSE) -> None:
    """Nothing more goes through this number. Its share goes to the campaign's others, or waits for it while they go on; when none of
    them does, the campaign pauses and says why."""
    if pass_on(campaign, number) or others_go_on(campaign, number):
        return
    stop_sending(campaign.pk, reason=reason, code=code)


@transaction.atomic
def finish_if_done(campaign_id: int) -> bool:
    """Whether the campaign ended just now, because nobody waits any more. Who came back to a cancelled one is cancelled too."""
    with connection.cursor() as cursor:
        if Campaign.objects.filter(pk=campaign_id, status=Status.CANCELLED).exists():
            cursor.execute(CANCEL_REST, {"campaign": campaign_id})
        # Locked by a statement of its own: the next one then sees whom a `send_again` that held the lock let wait.
        Campaign.objects.select_for_update().filter(pk=campaign_id, status=Status.RUNNING).values_list("pk").first()
        cursor.execute(FINISH, {"campaign": campaign_id})
        is_done = cursor.fetchone() is not None
    if is_done:
        forget_timers(campaign_id)
        events.campaign_changed("update", campaign_id)
    return is_done


def _begin(campaign: Campaign, *, from_status: Status) -> Campaign:
    keep_lines(campaign)
    freeze_audience(campaign)
    reach(Point.FROZEN)
    _move(campaign, (from_status,), status=Status.RUNNING, status_reason="", started_at=now())
    wake_lines(campaign)
    events.campaign_changed("update", campaign.pk)
    return campaign


def _check_sendable(campaign: Campaign) -> None:
    """One number that can send is enough: those that cannot at the moment have no share."""
    numbers = [line.connection for line in lines_of(campaign)]
    connected = [number for number in numbers if number.can_send]
    if not connected:
        words = _("The connection “%(name)s” is not connected.") % {"name": numbers[0].name}
        raise ApplicationError(words, code="connection_closed", field="connection")
    if all(number.may_not_write_first for number in connected):
        words = _("WhatsApp lets this number only answer for now, not write first. See its connection.")
        raise ApplicationError(words, code="connection_restricted", field="connection")
    check_content(campaign)


def _locked(pk: int) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).select_related("connection", "template", "header_media").get(pk=pk)


def _move(campaign: Campaign, from_statuses: Collection[Status], **fields: Any) -> None:
    """Claim by UPDATE and count; somebody who was quicker is told what the campaign is now."""
    if not _try(campaign.pk, from_statuses, **fields):
        raise _wrong_status(campaign)
    for name, value in fields.items():
        setattr(campaign, name, value)


def _try(pk: int, from_statuses: Collection[Status], **fields: Any) -> bool:
    return bool(Campaign.objects.filter(pk=pk, status__in=list(from_statuses)).update(**fields))


def _wrong_status(campaign: Campaign) -> ApplicationError:
    status = Campaign.objects.filter(pk=campaign.pk).values_list("status", flat=True).first() or campaign.status
    words = _("This cannot be done: the campaign is %(status)s.") % {"status": str(Status(status).label).lower()}
    return ApplicationError(words, code="wrong_status", field="status", status=409)
