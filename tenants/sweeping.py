"""What is kept too long goes; what died in a worker's hands too often is parked."""

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from tenants.lib.clock import now
from tenants.models import Answer, Flight, Outbox, Rejection, Timer, Webhook
from tenants.statements import MOST_ATTEMPTS

ROWS_PER_DELETE = 2000
DAYS_REJECTIONS = 90
HOURS_ANSWERS = 24


def sweep_retention() -> dict[str, int]:
    """Delete in small steps; returns how many rows went, by table. What was given up stays: nobody has settled it."""
    webhooks, jobs = _days_ago(settings.RETENTION_DAYS_WEBHOOKS), _days_ago(settings.RETENTION_DAYS_JOBS)
    old = {
        "webhooks": Webhook.objects.filter(state=Webhook.State.DONE, done_at__lt=webhooks),
        "flights": Flight.objects.filter(created_at__lt=_days_ago(settings.RETENTION_DAYS_FLIGHTS)),
        "outbox": Outbox.objects.filter(done_at__lt=jobs),
        "answers": Answer.objects.filter(created_at__lt=now() - datetime.timedelta(hours=HOURS_ANSWERS)),
        "rejections": Rejection.objects.filter(day__lt=_days_ago(DAYS_REJECTIONS).date()),
    }
    _park_exhausted()
    return {name: _delete(rows) for name, rows in old.items()}


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
