"""The flight recorder: every call in and out, with its times, without its secrets."""

import json
import re
from collections.abc import Iterable
from typing import Any

from tenants.lib.tenancy import current_company
from tenants.models import Flight
from tenants.types import FlightEntry

LONGEST_SUMMARY = 4000
SECRET = re.compile(r"(token|secret|passw|authorization|api.?key|credential|signature|cookie)", re.IGNORECASE)
HIDDEN = "•••"


def record_flights(entries: Iterable[FlightEntry]) -> int:
    """Write the lines for the company entered now, in one statement. Returns how many."""
    company_id = current_company().pk
    rows = [
        Flight(
            company_id=company_id,
            connection_id=entry.connection_id,
            direction=entry.direction,
            kind=entry.kind,
            external_id=entry.external_id[:255],
            our_id=entry.our_id[:80],
            webhook_id=entry.webhook_id,
            request=entry.request[:LONGEST_SUMMARY],
            response=entry.response[:LONGEST_SUMMARY],
            http_status=entry.http_status,
            error=entry.error[:LONGEST_SUMMARY],
            received_at=entry.received_at,
            parsed_at=entry.parsed_at,
            applied_at=entry.applied_at,
            pushed_at=entry.pushed_at,
            sent_at=entry.sent_at,
            answered_at=entry.answered_at,
        )
        for entry in entries
    ]
    Flight.objects.bulk_create(rows, batch_size=500)
    return len(rows)


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
