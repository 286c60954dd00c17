"""The flight recorder: every call in and out, with its times, without its secrets."""

import json
import re
from collections.abc import Iterable
from typing import Any

from tenants.lib.tenancy import current_company
from tenants.statements import copy_flights
from tenants.types import FlightEntry

LONGEST_SUMMARY = 4000
SECRET = re.compile(r"(token|secret|passw|authorization|api.?key|credential|signature|cookie)", re.IGNORECASE)
HIDDEN = "•••"


def record_flights(entries: Iterable[FlightEntry]) -> int:
    """Write the lines for the company entered now, in one statement that costs little: every receipt has a line. Returns how many."""
    company_id = current_company().pk
    rows = [
        (
            company_id,
            entry.connection_id,
            entry.direction,
            entry.kind,
            _clean(entry.external_id, 255),
            _clean(entry.our_id, 80),
            entry.webhook_id,
            _clean(entry.request, LONGEST_SUMMARY),
            _clean(entry.response, LONGEST_SUMMARY),
            entry.http_status,
            _clean(entry.error, LONGEST_SUMMARY),
            entry.received_at,
            entry.parsed_at,
            entry.applied_at,
            entry.pushed_at,
            entry.sent_at,
            entry.answered_at,
        )
        for entry in entries
    ]
    if rows:
        copy_flights(rows)
    return len(rows)


def _clean(text: str, longest: int) -> str:
    """PostgreSQL's text holds no NUL; gateways' may."""
    return text[:longest].replace("\x00", "")


def summary(value: Any) -> str:
    """JSON or text of a call, short, with the values of secret-looking keys hidden."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)[:LONGEST_SUMMARY]
    return json.dumps(_without_secrets(value), ensure_ascii=False, default=str)[:LONGEST_SUMMARY]


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: HIDDEN if SECRET.search(str(key)) else _without_secrets(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(item) for item in value]
    return value
