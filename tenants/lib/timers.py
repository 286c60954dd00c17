"""Something that must happen at a time. A countdown dies with the broker; a row does not."""

import datetime
from typing import Any

from tenants.lib.tenancy import current_company
from tenants.models import Timer


def set_timer(kind: str, key: str | int, *, due_at: datetime.datetime, payload: dict[str, Any] | None = None) -> None:
    """Wake `kind`'s handler (see `settings.TIMERS`) at `due_at` or soon after, once. The same kind and key moves the timer."""
    fresh = {"due_at": due_at, "payload": payload or {}, "attempts": 0, "retry_at": None, "parked_at": None, "error": ""}
    timer = Timer(company_id=current_company().pk, kind=kind, key=str(key), **fresh)
    Timer.objects.bulk_create([timer], update_conflicts=True, unique_fields=["company_id", "kind", "key"], update_fields=list(fresh))


def cancel_timer(kind: str, key: str | int) -> bool:
    """Whether there was a timer to cancel. One that is firing right now still fires."""
    deleted, _ = Timer.objects.filter(company_id=current_company().pk, kind=kind, key=str(key)).delete()
    return bool(deleted)
