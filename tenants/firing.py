"""Letting due timers fire: one transaction per company per timer, so that the firing and its effect are one."""

import datetime
import time

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from tenants.lib.clock import now
from tenants.lib.directory import company_by_id
from tenants.lib.tenancy import enter
from tenants.models import Timer
from tenants.statements import MOST_ATTEMPTS, ClaimedTimer, claim_timers

SLICE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class UnknownTimer(LookupError):
    """No line of `settings.TIMERS` says what this kind does."""


def fire_due_timers() -> int:
    """Fire what is due, a fair share of each company in turn, for a few seconds at most. Returns how many fired."""
    fired = 0
    end = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < end:
        claimed = claim_timers(now())
        if not claimed:
            break
        fired += sum(_fire(timer) for timer in claimed)
    return fired


def pause_after(attempts: int) -> datetime.timedelta:
    """5 s after the first failure, then 20 s, 80 s, 320 s."""
    return datetime.timedelta(seconds=5 * 4 ** (attempts - 1))


def _fire(claimed: ClaimedTimer) -> bool:
    company = company_by_id(claimed.company_id)
    if company is None or not company.is_active:
        return False
    try:
        with enter(company), transaction.atomic():
            # Gone, set anew or claimed again since: then it is not ours to fire.
            mine, _models = Timer.objects.filter(pk=claimed.id, attempts=claimed.attempts).delete()
            if not mine:
                return False
            handler = import_string(settings.TIMERS).get(claimed.kind)
            if handler is None:
                raise UnknownTimer(f"Nobody handles timers of the kind {claimed.kind!r}.")
            import_string(handler)(claimed.key, claimed.payload)
    except Exception as error:
        log.exception("timer_failed", kind=claimed.kind, key=claimed.key, company=company.slug, attempts=claimed.attempts)
        _put_back(claimed, error)
        return False
    return True


def _put_back(claimed: ClaimedTimer, error: Exception) -> None:
    is_last = claimed.attempts >= MOST_ATTEMPTS
    Timer.objects.filter(pk=claimed.id, attempts=claimed.attempts).update(
        retry_at=now() + pause_after(claimed.attempts),
        parked_at=now() if is_last else None,
        error=f"{type(error).__name__}: {error}"[:2000],
    )
