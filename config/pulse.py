"""How the installation does right now, in numbers: for the metrics and the doctor. Each function asks one thing, once."""

import time
from collections import Counter
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.db import connection

from tenants.lib import valkey

QUEUES = ("inbound", "outbound", "campaigns", "default")
BEAT_KEY = "recado:beat:ticked-at"
SCHEMAS_PER_QUERY = 200
BEAT_SECONDS = 20
# What is stuck recovers within 60 s by itself (house rule): older than that, nobody works.
STUCK_SECONDS = 60
WORKERS_ANSWER_SECONDS = 2.0
# Kombu's list of the workers that listen to commands. One that was killed may still be in it.
WORKERS_KEY = "_kombu.binding.celery.pidbox"


@dataclass(frozen=True)
class Waiting:
    """Rows that wait for a worker, and the longest wait in seconds; `parked` failed too often and wait for a person."""

    count: int
    oldest_seconds: float
    parked: int


@dataclass(frozen=True)
class Backlog:
    webhooks: Waiting
    timers: Waiting
    announcements: Waiting
    webhooks_stored: int


@dataclass(frozen=True)
class Work:
    """What the companies' own schemas say: connections by state (with the names of those that are closed), recipients to be sent to."""

    connections: dict[str, int]
    closed: list[str]
    recipients_pending: int


# What belongs to a suspended company waits for it to come back: that is nobody's fault.
_BACKLOG = """
WITH active AS (SELECT id FROM public.tenants_company WHERE state = 'active'),
waiting AS (
  SELECT 1 AS kind, received_at AS since, state = 2 AS is_parked, company_id FROM public.tenants_webhook WHERE state IN (0, 2)
  UNION ALL
  SELECT 2, due_at, parked_at IS NOT NULL, company_id FROM public.tenants_timer WHERE due_at <= now()
  UNION ALL
  SELECT 3, created_at, parked_at IS NOT NULL, company_id FROM public.tenants_outbox WHERE done_at IS NULL
)
SELECT count(since) FILTER (WHERE NOT is_parked),
       coalesce(extract(epoch FROM now() - min(since) FILTER (WHERE NOT is_parked)), 0)::float,
       count(since) FILTER (WHERE is_parked)
  FROM generate_series(1, 3) AS kinds (kind) LEFT JOIN waiting ON waiting.kind = kinds.kind AND company_id IN (SELECT id FROM active)
 GROUP BY kinds.kind ORDER BY kinds.kind
"""
_STORED = "SELECT coalesce(max(id), 0) FROM public.tenants_webhook"
_ACTIVE_SCHEMAS = "SELECT schema_name FROM public.tenants_company WHERE state = 'active' ORDER BY id"
_CONNECTIONS_OF = "SELECT state, name, is_enabled, '{schema}' FROM \"{schema}\".connectors_connection"
_RECIPIENTS_OF = """SELECT count(*) FROM "{schema}".campaigns_recipient r
  JOIN "{schema}".campaigns_campaign c ON c.id = r.campaign_id AND c.status = 'running' WHERE r.state = 'pending'"""


def backlog() -> Backlog:
    with connection.cursor() as cursor:
        cursor.execute(_BACKLOG)
        webhooks, timers, announcements = (Waiting(*row) for row in cursor.fetchall())
        cursor.execute(_STORED)
        (stored,) = cursor.fetchone()
    return Backlog(webhooks, timers, announcements, stored)


def work_of_companies() -> Work:
    """Looks into every active company's schema, which a PostgreSQL connection remembers with memory: it is closed afterwards."""
    connections: Counter[str] = Counter()
    closed: list[str] = []
    pending = 0
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE_SCHEMAS)
        schemas = [schema for (schema,) in cursor.fetchall()]
        for start in range(0, len(schemas), SCHEMAS_PER_QUERY):
            some = schemas[start : start + SCHEMAS_PER_QUERY]
            cursor.execute(" UNION ALL ".join(_CONNECTIONS_OF.format(schema=schema) for schema in some))
            for state, name, is_enabled, schema in cursor.fetchall():
                connections[state] += 1
                if state == "closed" and is_enabled:
                    closed.append(f"{schema}: {name}")
            cursor.execute(" UNION ALL ".join(_RECIPIENTS_OF.format(schema=schema) for schema in some))
            pending += sum(count for (count,) in cursor.fetchall())
    if not connection.in_atomic_block:
        connection.close()
    return Work(dict(connections), closed, pending)


def queue_depths() -> dict[str, int]:
    """How many tasks wait in each Celery queue."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    pipeline = valkey.client().pipeline(transaction=False)
    for queue in QUEUES:
        pipeline.llen(f"{prefix}{queue}")
    return dict(zip(QUEUES, pipeline.execute(), strict=True))


def workers_by_queue() -> dict[str, list[str]]:
    """Which workers take from each queue, as they say themselves."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    known = valkey.client().scard(f"{prefix}{WORKERS_KEY}")
    # Nobody is waited for longer when all that are known have answered.
    answers = current_app.control.inspect(timeout=WORKERS_ANSWER_SECONDS, limit=known or None).active_queues() or {}
    queues_of = {worker: {queue["name"] for queue in queues} for worker, queues in answers.items()}
    return {queue: sorted(worker for worker, queues in queues_of.items() if queue in queues) for queue in QUEUES}


def beat_ticked() -> None:
    """The clock says that it goes. Not a word reaches it when Valkey is away: then nothing of its could be sent either."""
    valkey.client().set(BEAT_KEY, time.time())


def seconds_since_beat() -> float | None:
    """Since the clock last sent a task; None when it never did."""
    ticked_at = valkey.client().get(BEAT_KEY)
    return max(0.0, time.time() - float(ticked_at)) if ticked_at else None
