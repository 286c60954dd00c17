"""How much each company uses, asked of the companies' own schemas: a few hundred in one query."""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import connection

from config.pulse import SCHEMAS_PER_QUERY
from tenants.models import Company

ACTIVE_DAYS = 7

_USAGE_OF = """
SELECT {company_id},
  (SELECT count(*) FROM "{schema}".accounts_user WHERE is_active),
  (SELECT count(*) FROM "{schema}".accounts_user u WHERE is_active AND (last_login >= now() - interval '{days} days' OR EXISTS (
     SELECT 1 FROM "{schema}".accounts_loginsession s WHERE s.user_id = u.id AND s.rotated_at >= now() - interval '{days} days'))),
  (SELECT count(*) FROM "{schema}".connectors_connection),
  (SELECT count(*) FROM "{schema}".connectors_connection WHERE is_enabled AND state = 'closed'),
  (SELECT count(*) FROM "{schema}".tickets_queue),
  (SELECT count(*) FROM "{schema}".contacts_contact),
  (SELECT coalesce(sum(size_bytes), 0)::bigint FROM "{schema}".connectors_media WHERE state = 'ready'),
  (SELECT count(*) FROM "{schema}".tickets_message WHERE created_at >= %(month)s)
"""
_DAYS_OF = """
SELECT {company_id}, (created_at AT TIME ZONE 'UTC')::date, direction, count(*)
  FROM "{schema}".tickets_message WHERE created_at >= %(since)s GROUP BY 2, 3
"""


@dataclass(frozen=True)
class Usage:
    """`active_users` were there in the last 7 days; `messages` is this month's, in both directions."""

    users: int = 0
    active_users: int = 0
    connections: int = 0
    closed_connections: int = 0
    queues: int = 0
    contacts: int = 0
    stored_bytes: int = 0
    messages: int = 0


@dataclass(frozen=True)
class Talk:
    """Messages of all companies: by day, as (from customers, to customers), and by company."""

    days: Mapping[datetime.date, tuple[int, int]] = field(default_factory=dict)
    companies: Mapping[int, int] = field(default_factory=dict)


def usage_of(companies: Collection[Company], *, month: datetime.datetime) -> dict[int, Usage]:
    """By company id. `month` is when the month began."""
    rows = _ask(_USAGE_OF.replace("{days}", str(ACTIVE_DAYS)), companies, {"month": month})
    return {company_id: Usage(*numbers) for company_id, *numbers in rows}


def talk_of(companies: Collection[Company], *, days: int, today: datetime.date) -> Talk:
    """The last `days` days, today among them, by UTC's days; days without a message are there as zeros."""
    first = today - datetime.timedelta(days=days - 1)
    since = datetime.datetime.combine(first, datetime.time(), datetime.UTC)
    heard: Counter[datetime.date] = Counter()
    said: Counter[datetime.date] = Counter()
    by_company: Counter[int] = Counter()
    for company_id, day, direction, count in _ask(_DAYS_OF, companies, {"since": since}):
        (heard if direction == "in" else said)[day] += count
        by_company[company_id] += count
    every = [first + datetime.timedelta(days=number) for number in range(days)]
    return Talk({day: (heard[day], said[day]) for day in every}, dict(by_company))


def _ask(sql: str, companies: Collection[Company], parameters: dict[str, object]) -> list[tuple]:
    """The connection is closed afterwards: a backend that has visited many schemas is a fat one."""
    rows: list[tuple] = []
    chosen = list(companies)
    with connection.cursor() as cursor:
        for start in range(0, len(chosen), SCHEMAS_PER_QUERY):
            some = chosen[start : start + SCHEMAS_PER_QUERY]
            parts = [sql.format(company_id=company.pk, schema=company.schema_name) for company in some]
            cursor.execute(" UNION ALL ".join(parts), parameters)
            rows += cursor.fetchall()
    if not connection.in_atomic_block and len(chosen) > SCHEMAS_PER_QUERY:
        connection.close()
    return rows
