"""What failed too often may be tried again by a person."""

from collections.abc import Iterable
from typing import Any

from tenants.models import Outbox, Timer

AFRESH = {"attempts": 0, "retry_at": None, "parked_at": None}


def try_timers_again(timer_ids: Iterable[int], *, by: Any) -> int:
    return Timer.objects.filter(pk__in=list(timer_ids)).exclude(parked_at=None).update(**AFRESH)


def try_announcements_again(outbox_ids: Iterable[int], *, by: Any) -> int:
    return Outbox.objects.filter(pk__in=list(outbox_ids), done_at=None).exclude(parked_at=None).update(**AFRESH)
