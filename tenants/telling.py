"""Telling what the outbox holds: one transaction per reaction, retried until it works, parked when it never does."""

import time

import structlog
from django.db import transaction

from tenants.firing import SLICE_SECONDS, pause_after
from tenants.lib.announcing import react
from tenants.lib.clock import now
from tenants.lib.directory import company_by_id
from tenants.lib.tenancy import enter
from tenants.models import Outbox
from tenants.statements import MOST_ATTEMPTS, ClaimedAnnouncement, claim_announcements

log = structlog.get_logger(__name__)


def drain_outbox() -> int:
    """Tell what waits, a fair share of each company in turn, for a few seconds at most. Returns how many reactions worked."""
    told = 0
    end = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < end:
        claimed = claim_announcements(now())
        if not claimed:
            break
        told += sum(_tell(announcement) for announcement in claimed)
    return told


def _tell(claimed: ClaimedAnnouncement) -> bool:
    company = company_by_id(claimed.company_id)
    if company is None or not company.is_active:
        return False
    try:
        with enter(company), transaction.atomic():
            mine = Outbox.objects.filter(pk=claimed.id, attempts=claimed.attempts, done_at=None).update(done_at=now(), error="")
            if not mine:
                return False
            react(claimed.reaction, claimed.args, depth=claimed.depth)
    except Exception as error:
        log.exception("reaction_failed", reaction=claimed.reaction, company=company.slug, attempts=claimed.attempts)
        _put_back(claimed, error)
        return False
    return True


def _put_back(claimed: ClaimedAnnouncement, error: Exception) -> None:
    is_last = claimed.attempts >= MOST_ATTEMPTS
    Outbox.objects.filter(pk=claimed.id, attempts=claimed.attempts, done_at=None).update(
        retry_at=now() + pause_after(claimed.attempts),
        parked_at=now() if is_last else None,
        error=f"{type(error).__name__}: {error}"[:2000],
    )
