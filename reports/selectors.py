"""Questions about the company's work in the background. The rows of the apps are the queue: there is no second book to be wrong."""

import datetime
from collections.abc import Callable

from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404

from accounts.models import User
from campaigns.models import Campaign, Recipient
from campaigns.selectors import campaign_for
from connectors.models import Media
from connectors.types import Delivery
from contacts.models import ContactImport
from contacts.selectors import contact_import_for
from reports.types import Job, Work
from tenants.lib.clock import now
from tenants.lib.tenancy import current_company
from tenants.models import Timer, Webhook
from tickets.models import Message
from tickets.selectors import media_for, message_for

# Failures older than that are history; the conversation and the campaign still show them.
FAILED_FOR = datetime.timedelta(days=7)
SENT_BY_HAND = ("agent", "schedule", "system", "flow", "bot")


def work_now() -> list[Work]:
    """Each kind of work, with its depth."""
    company = current_company()
    webhooks = Webhook.objects.filter(company_id=company.pk)
    messages = Message.objects.filter(waits_for__isnull=False).exclude(kind="note").exclude(origin="campaign")
    recent = Q(created_at__gt=now() - FAILED_FOR)
    failed = Message.objects.filter(recent, status=Delivery.FAILED.value, direction="out", origin__in=SENT_BY_HAND)
    running = Recipient.objects.filter(campaign__status=Campaign.Status.RUNNING)
    timers = Timer.objects.filter(company_id=company.pk, due_at__lte=now())
    return [
        _work("webhook", webhooks, Q(state=0), Q(pk__isnull=True), Q(state=2), since="received_at"),
        _work("message", messages, Q(status=Delivery.QUEUED.value), Q(status=Delivery.SENDING.value), None, failed=failed.count()),
        _work("recipient", running, Q(state="pending"), Q(state="claimed"), Q(state="failed"), since="campaign__started_at"),
        _work("import", ContactImport.objects, Q(pk__isnull=True), Q(state__in=("running", "undoing")), Q(state="failed") & recent),
        _work("file", Media.objects, Q(state="waiting"), Q(state="downloading"), Q(state="failed") & recent),
        _work("timer", timers, Q(parked_at=None), Q(pk__isnull=True), Q(parked_at__isnull=False), since="due_at"),
    ]


def job_for(user: User, name: str) -> Job:
    """One job by its id (`message-12`). What the user may not see, and what is no job, does not exist."""
    kind, _, number = name.partition("-")
    look = LOOKS.get(kind)
    if look is None or not number.isdecimal() or len(number) > 18:
        raise Http404
    return look(user, int(number))


def _work(kind: str, rows, waiting: Q, in_flight: Q, gone: Q | None, *, since: str = "created_at", failed: int = 0) -> Work:  # type: ignore[no-untyped-def]
    counts = {"waiting": Count("pk", filter=waiting), "in_flight": Count("pk", filter=in_flight), "oldest": Min(since, filter=waiting)}
    found = rows.aggregate(**counts | ({"gone": Count("pk", filter=gone)} if gone is not None else {}))
    return Work(kind, found["waiting"], found["in_flight"], found.get("gone", failed), found["oldest"])


def _message(user: User, pk: int) -> Job:
    message = message_for(user, pk)
    if message.status == Delivery.QUEUED:
        state = "waiting"
    elif message.status == Delivery.SENDING:
        state = "in_flight"
    else:
        state = {Delivery.UNKNOWN.value: "unknown", Delivery.FAILED.value: "failed"}.get(message.status, "done")
    detail = Delivery(message.status).name.lower()
    finished = message.sent_at or (message.attempted_at if state in ("done", "failed", "unknown") else None)
    errors = {"error_code": message.error_code, "error_text": message.error_text}
    return Job("message", pk, state, message.attempts, message.created_at, finished, detail=detail, **errors)


def _webhook(user: User, pk: int) -> Job:
    webhook = _own_webhooks(user).filter(pk=pk).first()
    if webhook is None:
        raise Http404
    state = {0: "waiting", 1: "done", 2: "failed"}[webhook.state]
    return Job("webhook", pk, state, webhook.attempts, webhook.received_at, webhook.done_at, error_text=webhook.error)


def _own_webhooks(user: User) -> QuerySet[Webhook]:
    webhooks = Webhook.objects.filter(company_id=current_company().pk)
    return webhooks if user.is_manager else webhooks.none()


def _campaign(user: User, pk: int) -> Job:
    campaign = campaign_for(user, pk)
    states = {"draft": "waiting", "scheduled": "waiting", "running": "in_flight", "paused": "waiting"}
    state = states.get(campaign.status, "done")
    text = campaign.status_reason
    return Job("campaign", pk, state, 0, campaign.created_at, campaign.finished_at, error_text=text, detail=campaign.status)


def _import(user: User, pk: int) -> Job:
    if not user.is_manager:
        raise Http404
    job = contact_import_for(user, pk)
    states = {"uploaded": "waiting", "previewed": "waiting", "running": "in_flight", "undoing": "in_flight", "failed": "failed"}
    errors = {"error_code": job.error_code, "error_text": job.error_text}
    return Job("import", pk, states.get(job.state, "done"), 0, job.created_at, job.finished_at, detail=job.state, **errors)


def _file(user: User, pk: int) -> Job:
    media = media_for(user, pk)
    states = {"waiting": "waiting", "downloading": "in_flight", "failed": "failed"}
    errors = {"error_code": media.error_code, "error_text": media.error_text}
    return Job("file", pk, states.get(media.state, "done"), media.attempts, media.created_at, None, detail=media.state, **errors)


LOOKS: dict[str, Callable[[User, int], Job]] = {
    "message": _message,
    "webhook": _webhook,
    "campaign": _campaign,
    "import": _import,
    "file": _file,
}
