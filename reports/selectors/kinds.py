"""The kinds of work, each with its rows, what of them waits, is done or failed, and how one of them is told to a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Letter
from campaigns.models import Campaign, CampaignCount
from campaigns.selectors import campaigns_with_counts, counts_of
from connectors.models import Connection, Media
from connectors.types import Delivery
from contacts.models import ContactImport
from reports.selectors.depth import SENT_BY_HAND
from reports.types import Job
from tenants.lib.tenancy import current_company
from tenants.models import Outbox, Timer, Webhook
from tickets.models import Message, ScheduleRun
from tickets.selectors import RETRIED

NOTHING = Q(pk__isnull=True)
UNSETTLED = (Delivery.QUEUED.value, Delivery.SENDING.value)
LOST = (Delivery.FAILED.value, Delivery.UNKNOWN.value)
PARKED = Q(parked_at__isnull=False)
TIMER_WORDS = {
    "accounts.send_letter": gettext_lazy("Sending an e-mail"),
    "tickets.deliver": gettext_lazy("Sending what waits on a number"),
    "tickets.schedule": gettext_lazy("A scheduled message"),
    "answer": gettext_lazy("Answering a customer's message"),
    "contacts.delete": gettext_lazy("Deleting contacts"),
    "campaign.start": gettext_lazy("The start of a campaign"),
    "campaign.send": gettext_lazy("Sending a campaign"),
    "campaign.progress": gettext_lazy("Showing how far a campaign is"),
}
# Which page shows what the timer is about; its key is the id there.
TIMER_PAGES = {"tickets.schedule": "/schedules/{}", "campaign.start": "/campaigns/{}", "campaign.progress": "/campaigns/{}"}


@dataclass(frozen=True, slots=True)
class Kind:
    """`rows` gives the company's, each with `work_at`, by which they are listed. `is_kept`: shown however long ago, until it is settled."""

    name: str
    rows: Callable[[], QuerySet[Any]]
    job: Callable[[Any], Job]
    failed: Q
    waiting: Q = NOTHING
    done: Q = NOTHING
    is_kept: bool = False

    def has(self, state: str) -> bool:
        return self.condition(state) != NOTHING

    def condition(self, state: str) -> Q:
        known = {"failed": self.failed, "waiting": self.waiting, "done": self.done}
        if state:
            return known[state]
        return self.failed | self.waiting | self.done


def job_of_message(message: Message) -> Job:
    if message.status in UNSETTLED:
        state = "waiting" if message.status == Delivery.QUEUED else "in_flight"
    else:
        state = {Delivery.UNKNOWN.value: "unknown", Delivery.FAILED.value: "failed"}.get(message.status, "done")
    finished = message.sent_at or (message.attempted_at if state in ("done", "failed", "unknown") else None)
    reasons = {
        "failed": message.error_text or _("The gateway did not say why."),
        "unknown": _("Nobody knows whether it arrived: the gateway did not answer. Look in the conversation before you send it again."),
    }
    path = f"/inbox/{message.ticket_id}" if message.ticket_id else ""
    if not path and message.origin in (Message.Origin.SCHEDULE, Message.Origin.CAMPAIGN) and message.origin_id:
        path = f"/{message.origin}s/{message.origin_id}"
    return Job(
        "message",
        message.pk,
        state,
        message.attempts,
        message.created_at,
        finished,
        detail=Delivery(message.status).name.lower(),
        error_code=message.error_code,
        error_text=message.error_text,
        subject=message.contact.display_name,
        path=path,
        reason=reasons.get(state, ""),
        is_retryable=state == "failed" and message.origin in RETRIED,
    )


def job_of_webhook(webhook: Any) -> Job:
    state = {0: "waiting", 1: "done", 2: "failed"}[webhook.state]
    reason = _("What the gateway told us could not be worked on, %(count)d times.") % {"count": webhook.attempts}
    return Job(
        "webhook",
        webhook.pk,
        state,
        webhook.attempts,
        webhook.received_at,
        webhook.done_at,
        error_text=webhook.error,
        subject=webhook.work_connection or webhook.provider,
        path="/flights",
        reason=reason if state == "failed" else "",
        is_retryable=state == "failed",
    )


def job_of_campaign(campaign: Any) -> Job:
    failed = counts_of(campaign)["failed"]
    states = {"draft": "waiting", "scheduled": "waiting", "running": "in_flight", "paused": "waiting", "finished": "done"}
    state = "failed" if failed and campaign.status == Campaign.Status.FINISHED else states.get(campaign.status, "done")
    words = ngettext("It did not reach %(count)d person.", "It did not reach %(count)d people.", failed) % {"count": failed}
    return Job(
        "campaign",
        campaign.pk,
        state,
        0,
        campaign.created_at,
        campaign.finished_at,
        error_text=campaign.status_reason,
        detail=campaign.status,
        subject=campaign.name,
        path=f"/campaigns/{campaign.pk}",
        reason=words if failed else campaign.status_reason,
        is_retryable=failed > 0 and campaign.status in ("running", "paused", "finished"),
    )


def job_of_import(job: ContactImport) -> Job:
    states = {"uploaded": "waiting", "previewed": "waiting", "running": "in_flight", "undoing": "in_flight", "failed": "failed"}
    return Job(
        "import",
        job.pk,
        states.get(job.state, "done"),
        0,
        job.created_at,
        job.finished_at,
        error_code=job.error_code,
        error_text=job.error_text,
        detail=job.state,
        subject=job.name,
        path=f"/contacts/imports/{job.pk}",
        reason=job.error_text if job.state == "failed" else "",
        is_retryable=job.state == "failed" and not job.is_dry_run,
    )


def job_of_file(media: Media) -> Job:
    states = {"waiting": "waiting", "downloading": "in_flight", "failed": "failed"}
    ticket = getattr(media, "work_ticket", None)
    return Job(
        "file",
        media.pk,
        states.get(media.state, "done"),
        media.attempts,
        media.created_at,
        None,
        error_code=media.error_code,
        error_text=media.error_text,
        detail=media.state,
        subject=media.filename or str(media.get_kind_display()),
        path=f"/inbox/{ticket}" if ticket else "",
        reason=media.error_text or _("The gateway did not say why.") if media.state == "failed" else "",
        is_retryable=media.state == "failed" and media.author_id is None,
    )


def job_of_schedule(run: ScheduleRun) -> Job:
    """A time at which a scheduled message did not go. It is not tried again by itself: its page is where a new time is chosen."""
    return Job(
        "schedule",
        run.pk,
        "failed" if run.error_code else "done",
        1,
        run.due_at,
        run.at,
        error_code=run.error_code,
        error_text=run.error_text,
        subject=run.schedule.contact.display_name,
        path=f"/schedules/{run.schedule_id}",
        reason=run.error_text,
    )


def job_of_letter(letter: Letter) -> Job:
    states = {"waiting": "waiting", "failed": "failed"}
    person = letter.user or (letter.notice.user if letter.notice else None)
    to = letter.invitation.email if letter.invitation else person.email if person else ""
    return Job(
        "letter",
        letter.pk,
        states.get(letter.state, "done"),
        letter.attempts,
        letter.created_at,
        letter.sent_at,
        error_text=letter.error,
        detail=letter.kind,
        subject=f"{letter.get_kind_display()}: {to}",
        path="/settings/people" if letter.invitation else "",
        reason=_("The mail server did not take it.") if letter.state == "failed" else "",
        is_retryable=letter.state == "failed",
    )


def job_of_timer(timer: Timer) -> Job:
    page = TIMER_PAGES.get(timer.kind, "") if timer.key.isdecimal() else ""
    return Job(
        "timer",
        timer.pk,
        "failed" if timer.parked_at else "waiting",
        timer.attempts,
        timer.due_at,
        timer.parked_at,
        error_text=timer.error,
        detail=timer.kind,
        subject=str(TIMER_WORDS.get(timer.kind, timer.kind)),
        path=page.format(timer.key),
        reason=_given_up(timer.attempts) if timer.parked_at else "",
        is_retryable=timer.parked_at is not None,
    )


def job_of_announcement(told: Outbox) -> Job:
    state = "done" if told.done_at else "failed" if told.parked_at else "waiting"
    return Job(
        "announcement",
        told.pk,
        state,
        told.attempts,
        told.created_at,
        told.done_at or told.parked_at,
        error_text=told.error,
        detail=told.name,
        subject=_("What follows from “%(deed)s”") % {"deed": told.name},
        reason=_given_up(told.attempts) if state == "failed" else "",
        is_retryable=state == "failed",
    )


def _given_up(attempts: int) -> str:
    words = ngettext(
        "Something went wrong inside Recado. It was given up after %(count)d attempt.",
        "Something went wrong inside Recado. It was given up after %(count)d attempts.",
        attempts,
    )
    return words % {"count": attempts}


def _messages() -> QuerySet[Message]:
    rows = Message.objects.filter(direction=Message.Direction.OUT, origin__in=SENT_BY_HAND).exclude(kind="note")
    return rows.select_related("contact").annotate(work_at=F("created_at"))


def _webhooks() -> QuerySet[Webhook]:
    name = Connection.objects.filter(pk=OuterRef("connection_id")).values("name")
    calls = Webhook.objects.filter(company_id=current_company().pk).defer("body")
    return calls.annotate(work_at=F("received_at"), work_connection=Subquery(name))


def _campaigns() -> QuerySet[Campaign]:
    return campaigns_with_counts().annotate(work_at=Coalesce("finished_at", "started_at", "created_at"))


def _files() -> QuerySet[Media]:
    of_message = Message.objects.filter(media=OuterRef("pk"), ticket__isnull=False).order_by("-pk").values("ticket_id")[:1]
    received = Media.objects.filter(author__isnull=True)
    return received.annotate(work_at=F("created_at"), work_ticket=Subquery(of_message, output_field=BigIntegerField()))


def _letters() -> QuerySet[Letter]:
    return Letter.objects.select_related("invitation", "user", "notice__user").annotate(work_at=F("created_at"))


def _timers() -> QuerySet[Timer]:
    return Timer.objects.filter(company_id=current_company().pk).annotate(work_at=F("due_at"))


def _announcements() -> QuerySet[Outbox]:
    return Outbox.objects.filter(company_id=current_company().pk).annotate(work_at=F("created_at"))


def _schedule_runs() -> QuerySet[ScheduleRun]:
    return ScheduleRun.objects.select_related("schedule__contact").annotate(work_at=F("due_at"))


_FAILED = CampaignCount.objects.filter(campaign=OuterRef("pk"), name="failed", minute=None).order_by().values("campaign")
UNREACHED = Exists(_FAILED.annotate(count=Sum("delta")).filter(count__gt=0))
KINDS = (
    Kind(
        "message",
        _messages,
        job_of_message,
        failed=Q(status__in=LOST),
        waiting=Q(waits_for__isnull=False),
        done=Q(status__gte=Delivery.ACCEPTED.value) & ~Q(status=Delivery.FAILED.value),
    ),
    Kind(
        "campaign",
        _campaigns,
        job_of_campaign,
        failed=Q(UNREACHED),
        waiting=Q(status__in=("scheduled", "running", "paused")),
        done=Q(status__in=("finished", "cancelled")) & ~Q(UNREACHED),
    ),
    Kind("schedule", _schedule_runs, job_of_schedule, failed=~Q(error_code="")),
    Kind(
        "import",
        lambda: ContactImport.objects.annotate(work_at=F("created_at")),
        job_of_import,
        failed=Q(state="failed"),
        waiting=Q(state__in=("running", "undoing")),
        done=Q(state__in=("done", "undone")),
    ),
    # Files and calls that came are many, and stand in conversations and in the flight recorder: here are those that did not.
    Kind("file", _files, job_of_file, failed=Q(state="failed"), waiting=Q(state__in=("waiting", "downloading"))),
    Kind("webhook", _webhooks, job_of_webhook, failed=Q(state=2), waiting=Q(state=0), is_kept=True),
    Kind("letter", _letters, job_of_letter, failed=Q(state="failed"), waiting=Q(state="waiting"), done=Q(state="sent")),
    Kind("timer", _timers, job_of_timer, failed=PARKED, is_kept=True),
    Kind("announcement", _announcements, job_of_announcement, failed=PARKED & Q(done_at=None), is_kept=True),
)
BY_NAME = {kind.name: kind for kind in KINDS}
