"""What is kept too long goes; what died in a worker's hands too often is parked."""

import datetime

import structlog
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from tenants.lib.clock import now
from tenants.models import Answer, Flight, Outbox, Rejection, Timer, Webhook
from tenants.statements import MOST_ATTEMPTS

ROWS_PER_DELETE = 2000
DAYS_REJECTIONS = 90
HOURS_ANSWERS = 24

log = structlog.get_logger(__name__)


def sweep_retention() -> dict[str, int]:
    """Delete in small steps; returns how many rows went, by table. Timers that were given up stay: what they would wake waits for them."""
    webhooks, jobs = _days_ago(settings.RETENTION_DAYS_WEBHOOKS), _days_ago(settings.RETENTION_DAYS_JOBS)
    failed = Webhook.objects.filter(state=Webhook.State.POISON, received_at__lt=min(webhooks, jobs))
    old = {
        "webhooks": Webhook.objects.filter(state=Webhook.State.DONE, done_at__lt=webhooks),
        "flights": Flight.objects.filter(created_at__lt=_days_ago(settings.RETENTION_DAYS_FLIGHTS)),
        "failed_webhooks": failed,
        "outbox": Outbox.objects.filter(done_at__lt=jobs),
        "failed_outbox": Outbox.objects.filter(parked_at__lt=jobs, done_at=None),
        "answers": Answer.objects.filter(created_at__lt=now() - datetime.timedelta(hours=HOURS_ANSWERS)),
        "rejections": Rejection.objects.filter(day__lt=_days_ago(DAYS_REJECTIONS).date()),
    }
    _park_exhausted()
    gone = {name: _delete(rows) for name, rows in old.items()}
    if gone["failed_webhooks"] or gone["failed_outbox"]:
        log.warning("failed_work_forgotten", webhooks=gone["failed_webhooks"], announcements=gone["failed_outbox"])
    return gone


def _delete(rows: models.QuerySet) -> int:
    total = 0
    while True:
        some = list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_PER_DELETE])
        deleted, _models = rows.model.objects.filter(pk__in=some).delete()
        total += deleted
        if len(some) < ROWS_PER_DELETE:
            return total


def _park_exhausted() -> None:
    """A handler that takes its worker with it never reports a failure; its claims ran out all the same."""
    died = {"parked_at": now(), "error": _("The worker died each time.")}
    Timer.objects.filter(parked_at=None, attempts__gte=MOST_ATTEMPTS, retry_at__lt=now()).update(**died)
    Outbox.objects.filter(parked_at=None, done_at=None, attempts__gte=MOST_ATTEMPTS, retry_at__lt=now()).update(**died)


def _days_ago(days: int) -> datetime.datetime:
    return now() - datetime.timedelta(days=days)
