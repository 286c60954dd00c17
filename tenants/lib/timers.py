"""Something that must happen at a time. A countdown dies with the broker; a row does not."""

import datetime
import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from tenants.lib.tenancy import current_company

_SET = """
INSERT INTO public.tenants_timer (company_id, kind, key, due_at, payload) VALUES (%s, %s, %s, %s, %s::jsonb)
ON CONFLICT (company_id, kind, key) DO UPDATE
SET due_at = excluded.due_at, payload = excluded.payload, attempts = 0, retry_at = NULL, parked_at = NULL, error = ''
"""
_CANCEL = "DELETE FROM public.tenants_timer WHERE company_id = %s AND kind = %s AND key = %s"


_SET_MANY = _SET.replace("VALUES (%s, %s, %s, %s, %s::jsonb)", "SELECT %s, %s, unnest(%s::text[]), %s, '{}'::jsonb")
_CANCEL_MANY = _CANCEL.replace("key = %s", "key = ANY(%s)")


def set_timer(kind: str, key: str | int, *, due_at: datetime.datetime, payload: dict[str, Any] | None = None) -> None:
    """Wake `kind`'s handler (see `settings.TIMERS`) at `due_at` or soon after, once. The same kind and key moves the timer."""
    values = [current_company().pk, kind, str(key), due_at, json.dumps(payload or {}, cls=DjangoJSONEncoder)]
    with connection.cursor() as cursor:
        cursor.execute(_SET, values)


def set_timers(kind: str, keys: Iterable[int], *, due_at: datetime.datetime) -> None:
    """Many timers of one kind for one moment, none of them with a payload."""
    with connection.cursor() as cursor:
        cursor.execute(_SET_MANY, [current_company().pk, kind, [str(key) for key in sorted(keys)], due_at])


def cancel_timer(kind: str, key: str | int) -> bool:
    """Whether there was a timer to cancel. One that is firing right now still fires."""
    # Not the ORM's delete, which reads the row first: every customer's message sets and cancels one.
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL, [current_company().pk, kind, str(key)])
        return bool(cursor.rowcount)


def cancel_timers(kind: str, keys: Iterable[int | str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL_MANY, [current_company().pk, kind, sorted(map(str, keys))])
