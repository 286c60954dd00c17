"""Hand-written SQL: claims that take a fair share from every company and skip what somebody else holds."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

FAIR_SHARE = 10
LEASE_SECONDS = 60
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class ClaimedTimer:
    """`attempts` names this claim: whoever claims or sets the timer after us changes it."""

    id: int
    company_id: int
    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int


@dataclass(frozen=True)
class ClaimedAnnouncement:
    id: int
    company_id: int
    name: str
    reaction: str
    args: dict[str, Any]
    depth: int
    attempts: int


_CLAIM_TIMERS = """
WITH due AS (
  SELECT t.id FROM tenants_company c
  CROSS JOIN LATERAL (
    SELECT id FROM tenants_timer
    WHERE company_id = c.id AND parked_at IS NULL AND attempts < %(most)s
      AND due_at <= %(now)s AND (retry_at IS NULL OR retry_at <= %(now)s)
    ORDER BY due_at, id LIMIT %(share)s FOR UPDATE SKIP LOCKED
  ) t
  WHERE c.state = 'active'
)
UPDATE tenants_timer t SET attempts = t.attempts + 1, retry_at = %(until)s
FROM due WHERE t.id = due.id
RETURNING t.id, t.company_id, t.kind, t.key, t.payload, t.attempts
"""

_CLAIM_ANNOUNCEMENTS = """
WITH open AS (
  SELECT o.id FROM tenants_company c
  CROSS JOIN LATERAL (
    SELECT id FROM tenants_outbox
    WHERE company_id = c.id AND done_at IS NULL AND parked_at IS NULL AND attempts < %(most)s
      AND (retry_at IS NULL OR retry_at <= %(now)s)
    ORDER BY id LIMIT %(share)s FOR UPDATE SKIP LOCKED
  ) o
  WHERE c.state = 'active'
)
UPDATE tenants_outbox o SET attempts = o.attempts + 1, retry_at = %(until)s
FROM open WHERE o.id = open.id
RETURNING o.id, o.company_id, o.name, o.reaction, o.args, o.depth, o.attempts
"""

_COPY_FLIGHTS = """
COPY public.tenants_flight (
  company_id, connection_id, direction, kind, external_id, our_id, webhook_id, request, response, http_status, error,
  received_at, parsed_at, applied_at, pushed_at, sent_at, answered_at
) FROM STDIN
"""


def copy_flights(rows: Sequence[tuple[Any, ...]]) -> None:
    """Append lines to the flight recorder: values in the order of the statement's columns."""
    with connection.cursor() as cursor, cursor.copy(_COPY_FLIGHTS) as copy:
        for row in rows:
            copy.write_row(row)


def claim_timers(now: datetime.datetime) -> list[ClaimedTimer]:
    """Timers that are due in active companies, leased to the caller."""
    rows = sorted(_claim(_CLAIM_TIMERS, now))
    return [ClaimedTimer(pk, company, kind, key, json.loads(payload), attempts) for pk, company, kind, key, payload, attempts in rows]


def claim_announcements(now: datetime.datetime) -> list[ClaimedAnnouncement]:
    """Outbox rows that nobody has told yet, leased to the caller, oldest first."""
    rows = sorted(_claim(_CLAIM_ANNOUNCEMENTS, now))
    return [
        ClaimedAnnouncement(pk, company, name, reaction, json.loads(args), depth, attempts)
        for pk, company, name, reaction, args, depth, attempts in rows
    ]


def _claim(statement: str, now: datetime.datetime) -> list[tuple]:
    until = now + datetime.timedelta(seconds=LEASE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "until": until, "share": FAIR_SHARE, "most": MOST_ATTEMPTS})
        return cursor.fetchall()
