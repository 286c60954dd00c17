"""How deep each queue is. The rows of the apps are the queue: there is no second book to be wrong."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Manager, Min, Q, QuerySet, Sum

from accounts.models import Letter
from campaigns.models import Campaign, CampaignCount, Recipient
from connectors.models import Media
from connectors.types import Delivery
from contacts.models import ContactImport
from reports.types import Work
from tenants.lib.clock import now
from tenants.lib.tenancy import current_company
from tenants.models import Outbox, Timer, Webhook
from tickets.models import Message, ScheduleRun

SENT_BY_HAND = ("agent", "schedule", "system", "flow", "bot")
NONE = Q(pk__isnull=True)


def shown_since() -> datetime.datetime:
    """What finished before that is history no more; conversations and campaigns still show it."""
    return now() - datetime.timedelta(days=settings.RETENTION_DAYS_JOBS)


def work_now() -> list[Work]:
    """Each kind of work, with its depth."""
    company, since = current_company(), shown_since()
    recent = Q(created_at__gt=since)
    webhooks = Webhook.objects.filter(company_id=company.pk)
    messages = Message.objects.filter(waits_for__isnull=False).exclude(kind="note").exclude(origin="campaign")
    failed = Message.objects.filter(recent, status=Delivery.FAILED.value, direction="out", origin__in=SENT_BY_HAND)
    timers = Timer.objects.filter(company_id=company.pk, due_at__lte=now())
    told = Outbox.objects.filter(company_id=company.pk, done_at=None)
    missed = ScheduleRun.objects.filter(due_at__gt=since).exclude(error_code="")
    parked = Q(parked_at__isnull=False)
    return [
        _work("webhook", webhooks.filter(state__in=(0, 2)), Q(state=0), NONE, Q(state=2), since="received_at"),
        _work("message", messages, Q(status=Delivery.QUEUED.value), Q(status=Delivery.SENDING.value), None, failed=failed.count()),
        _recipients(),
        Work("schedule", 0, 0, missed.count()),
        _work("import", ContactImport.objects, NONE, Q(state__in=("running", "undoing")), Q(state="failed") & recent),
        _work("file", Media.objects, Q(state="waiting"), Q(state="downloading"), Q(state="failed") & recent),
        _work("letter", Letter.objects, Q(state="waiting"), NONE, Q(state="failed") & recent),
        _work("timer", timers, ~parked, NONE, parked, since="due_at"),
        _work("announcement", told, ~parked, NONE, parked),
    ]


def _recipients() -> Work:
    """From the campaigns' counters: there may be a million of them."""
    running = CampaignCount.objects.filter(campaign__status=Campaign.Status.RUNNING, minute=None)
    queued, failed = (Sum("delta", filter=Q(name=name), default=0) for name in ("queued", "failed"))
    found = running.aggregate(queued=queued, failed=failed, oldest=Min("campaign__started_at", filter=Q(name="queued")))
    claimed = Recipient.objects.filter(campaign__status=Campaign.Status.RUNNING, state=Recipient.State.CLAIMED).count()
    waiting = max(0, found["queued"] - claimed)
    return Work("recipient", waiting, claimed, found["failed"], found["oldest"] if waiting else None)


def _work(
    kind: str, rows: Manager[Any] | QuerySet[Any], waiting: Q, in_flight: Q, gone: Q | None, *, since: str = "created_at", failed: int = 0
) -> Work:
    counts = {"waiting": Count("pk", filter=waiting), "in_flight": Count("pk", filter=in_flight), "oldest": Min(since, filter=waiting)}
    found = rows.aggregate(**counts | ({"gone": Count("pk", filter=gone)} if gone is not None else {}))
    return Work(kind, found["waiting"], found["in_flight"], found.get("gone", failed), found["oldest"])
