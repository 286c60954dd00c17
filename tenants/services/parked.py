"""What failed too often may be tried again by a person, or given up for good."""

from collections.abc import Iterable
from typing import Any

import structlog
from django.db import transaction

from tenants.lib.clock import now
from tenants.models import Outbox, Timer, Webhook

AFRESH = {"attempts": 0, "retry_at": None, "parked_at": None}
log = structlog.get_logger(__name__)


def try_timers_again(timer_ids: Iterable[int], *, by: Any) -> int:
    return Timer.objects.filter(pk__in=list(timer_ids)).exclude(parked_at=None).update(**AFRESH)


def try_announcements_again(outbox_ids: Iterable[int], *, by: Any) -> int:
    return Outbox.objects.filter(pk__in=list(outbox_ids), done_at=None).exclude(parked_at=None).update(**AFRESH)


def try_webhooks_again(webhook_ids: Iterable[int], *, by: Any) -> int:
    """They go back into their lanes with all their attempts before them; the sweep wakes the lanes within seconds."""
    parked = Webhook.objects.filter(pk__in=list(webhook_ids), state=Webhook.State.POISON)
    return parked.update(state=Webhook.State.NEW, attempts=0, retry_at=None)


@transaction.atomic
def discard_timers(timer_ids: Iterable[int], *, by: Any) -> int:
    """They never fire. What they were is in the log."""
    parked = Timer.objects.filter(pk__in=list(timer_ids)).exclude(parked_at=None).select_for_update()
    for timer in parked:
        log.warning("timer_discarded", company_id=timer.company_id, kind=timer.kind, key=timer.key, error=timer.error, by=str(by))
    count, _models = Timer.objects.filter(pk__in=[timer.pk for timer in parked]).delete()
    return count


def discard_announcements(outbox_ids: Iterable[int], *, by: Any) -> int:
    """Nobody is told. The row stays as long as those that worked, with its error."""
    ids = list(outbox_ids)
    count = Outbox.objects.filter(pk__in=ids, done_at=None).exclude(parked_at=None).update(done_at=now())
    log.warning("announcements_discarded", ids=ids, count=count, by=str(by))
    return count


def discard_webhooks(webhook_ids: Iterable[int], *, by: Any) -> int:
    """Nothing comes of the calls. They stay as long as those that worked, with their errors."""
    ids = list(webhook_ids)
    count = Webhook.objects.filter(pk__in=ids, state=Webhook.State.POISON).update(state=Webhook.State.DONE, done_at=now())
    log.warning("webhooks_discarded", ids=ids, count=count, by=str(by))
    return count
