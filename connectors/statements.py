"""Hand-written SQL of the inbox: batches of raw webhook calls, in public."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

BATCH_ROWS = 100
BATCH_BYTES = 8 * 1024 * 1024

_OLDEST = """
SELECT id, body, received_at, attempts
  FROM (
    SELECT *, sum(octet_length(body)) OVER (ORDER BY id) - octet_length(body) AS bytes_before
      FROM (
        SELECT id, body, received_at, attempts FROM public.tenants_webhook
         WHERE company_id = %(company)s AND connection_id = %(connection)s AND state = 0
           AND (retry_at IS NULL OR retry_at <= %(now)s)
         ORDER BY id LIMIT %(rows)s
      ) oldest
  ) counted
 WHERE bytes_before < %(bytes)s
 ORDER BY id
"""

_DONE = """
UPDATE public.tenants_webhook w
   SET state = 1, done_at = %s, events = d.events, unknown_events = d.unknown_events, error = '', retry_at = NULL
  FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS d (id, events, unknown_events)
 WHERE w.id = d.id
"""

_FORGOTTEN = """
SELECT DISTINCT route.company_id
  FROM public.tenants_webhookroute route JOIN public.tenants_company company ON company.id = route.company_id
 WHERE company.state = 'active' AND (route.leased_until IS NULL OR route.leased_until < %(now)s)
   AND EXISTS (
     SELECT 1 FROM public.tenants_webhook w
      WHERE w.company_id = route.company_id AND w.connection_id = route.connection_id AND w.state = 0
        AND w.received_at < %(before)s AND (w.retry_at IS NULL OR w.retry_at <= %(now)s)
   )
"""

_TAKE_CHECKS = """
UPDATE public.tenants_webhookroute taken
   SET check_at = %(next)s
  FROM (
    SELECT route.id
      FROM public.tenants_webhookroute route JOIN public.tenants_company company ON company.id = route.company_id
     WHERE route.is_enabled AND company.state = 'active' AND route.provider = ANY(%(providers)s)
       AND (route.check_at IS NULL OR route.check_at <= %(now)s)
     ORDER BY route.check_at NULLS FIRST, route.id
     LIMIT %(most)s
       FOR UPDATE OF route SKIP LOCKED
  ) due
 WHERE taken.id = due.id
RETURNING taken.company_id, taken.connection_id
"""


@dataclass(frozen=True, slots=True)
class RawCall:
    """A webhook call as it was stored."""

    id: int
    body: bytes
    received_at: datetime.datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Done:
    """A call that was worked off: how many events it carried, and how many of a kind that nobody knows."""

    id: int
    events: int
    unknown_events: int


def oldest_calls(*, company_id: int, connection_id: int, now: datetime.datetime) -> list[RawCall]:
    """The next batch of the lane, in the order of arrival."""
    values = {"company": company_id, "connection": connection_id, "now": now, "rows": BATCH_ROWS, "bytes": BATCH_BYTES}
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, values)
        return [RawCall(pk, bytes(body), received_at, attempts) for pk, body, received_at, attempts in cursor.fetchall()]


def mark_done(calls: Sequence[Done], *, now: datetime.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [now, [call.id for call in calls], [call.events for call in calls], [call.unknown_events for call in calls]])


def companies_with_forgotten_calls(*, now: datetime.datetime, before: datetime.datetime) -> set[int]:
    """Active companies with a call from before that time that is due and that nobody works on."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN, {"now": now, "before": before})
        return {company_id for (company_id,) in cursor.fetchall()}


def take_checks(*, providers: Sequence[str], now: datetime.datetime, next_at: datetime.datetime, most: int) -> list[tuple[int, int]]:
    """(company, connection) of numbers whose gateway is to be asked; each is taken once, and comes again at `next_at`."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_CHECKS, {"providers": list(providers), "now": now, "next": next_at, "most": most})
        return cursor.fetchall()
