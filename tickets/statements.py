"""Hand-written SQL for batches. Row locks are taken in id order; a status only moves forward (`connectors.types.Delivery`)."""

import datetime
from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from connectors.types import Delivery
from tickets.models import Ticket
from tickets.types import Move, Outcome, ReceiptRow

# A message is matched by our own id first, and else by the gateway's. All is asked by index, one look for each receipt.
_LOCK_MATCHED = """
WITH given AS (
    SELECT * FROM unnest(%(keys)s::text[], %(external_ids)s::text[]) WITH ORDINALITY AS given(key, external_id, place)
), by_key AS (
    SELECT given.place, message.id
    FROM given JOIN tickets_message message ON message.key = given.key AND message.key <> '' AND message.direction = 'out'
    WHERE given.key <> ''
), by_external_id AS (
    SELECT given.place, message.id
    FROM given JOIN tickets_message message
        ON message.external_id = given.external_id AND message.external_id <> ''
        AND message.connection_id = %(connection_id)s AND message.direction = 'out'
    WHERE given.external_id <> '' AND given.place NOT IN (SELECT place FROM by_key)
)
SELECT matched.place, message.id, message.status
FROM (SELECT * FROM by_key UNION ALL SELECT * FROM by_external_id) matched JOIN tickets_message message ON message.id = matched.id
ORDER BY message.id FOR NO KEY UPDATE OF message
"""

# `old` is the status that was read under the lock.
_MOVE = f"""
WITH best AS (
    SELECT id, min(old) AS old, max(status) AS status, max(external_id) AS external_id,
        min(at) FILTER (WHERE status = {Delivery.SENT.value}) AS sent_at,
        min(at) FILTER (WHERE status = {Delivery.DELIVERED.value}) AS delivered_at,
        min(at) FILTER (WHERE status >= {Delivery.READ.value}) AS read_at,
        (array_agg(error_code ORDER BY status DESC, at) FILTER (WHERE status = {Delivery.FAILED.value}))[1] AS error_code,
        (array_agg(error_text ORDER BY status DESC, at) FILTER (WHERE status = {Delivery.FAILED.value}))[1] AS error_text
    FROM json_to_recordset(%(given)s::json) AS given(
        id bigint, old int, status int, at timestamptz, error_code text, error_text text, external_id text)
    GROUP BY id
), moved AS (
    UPDATE tickets_message message SET
        status = greatest(message.status, best.status),
        external_id = CASE WHEN message.external_id <> '' OR EXISTS (
            SELECT FROM tickets_message taken
            WHERE taken.connection_id = message.connection_id AND taken.external_id = best.external_id AND taken.external_id <> ''
        ) THEN message.external_id ELSE best.external_id END,
        sent_at = coalesce(message.sent_at, best.sent_at),
        delivered_at = coalesce(message.delivered_at, best.delivered_at),
        read_at = coalesce(message.read_at, best.read_at),
        error_code = CASE WHEN best.status <= message.status THEN message.error_code
            WHEN best.status = {Delivery.FAILED.value} THEN best.error_code ELSE '' END,
        error_text = CASE WHEN best.status <= message.status THEN message.error_text
            WHEN best.status = {Delivery.FAILED.value} THEN best.error_text ELSE '' END
    FROM best
    WHERE message.id = best.id AND (
        best.status > message.status
        OR (message.sent_at IS NULL AND best.sent_at IS NOT NULL)
        OR (message.delivered_at IS NULL AND best.delivered_at IS NOT NULL)
        OR (message.read_at IS NULL AND best.read_at IS NOT NULL)
    )
    RETURNING message.id, message.origin, message.origin_id, best.old, message.status AS new, message.error_code, message.error_text
)
SELECT id, origin, origin_id, old, new, error_code, error_text FROM moved WHERE new > old ORDER BY id
"""

_PARK = """
INSERT INTO tickets_parkedreceipt (connection_id, key, external_id, status, at, error_code, error_text)
SELECT %(connection_id)s, * FROM unnest(
    %(keys)s::text[], %(external_ids)s::text[], %(statuses)s::int[], %(times)s::timestamptz[], %(codes)s::text[], %(texts)s::text[])
ON CONFLICT DO NOTHING
"""

_UNPARK_MATCHED = """
DELETE FROM tickets_parkedreceipt parked
WHERE EXISTS (SELECT FROM tickets_message message WHERE message.key = parked.key AND message.key <> '' AND message.direction = 'out')
   OR EXISTS (SELECT FROM tickets_message message
        WHERE message.connection_id = parked.connection_id AND message.external_id = parked.external_id
        AND message.external_id <> '' AND message.direction = 'out')
RETURNING connection_id, key, external_id, status, at, error_code, error_text
"""

_NEXT_TICKET = """
SELECT nextval(pg_get_serial_sequence('tickets_ticket', 'id')),
    (SELECT queue_id FROM tickets_connectionrouting WHERE connection_id = %(connection_id)s)
"""

_TICKET_COLUMNS = (
    "id", "protocol", "contact_id", "connection_id", "queue_id", "assignee_id", "status", "unread_count",
    "last_message_at", "last_inbound_at", "created_at", "accepted_at", "routed_at",
)  # fmt: skip

_OPEN_TICKET = f"""
INSERT INTO tickets_ticket ({", ".join(_TICKET_COLUMNS)})
VALUES ({", ".join(f"%({name})s" for name in _TICKET_COLUMNS)})
ON CONFLICT (contact_id, connection_id) WHERE NOT (status = 'closed') DO NOTHING
RETURNING id
"""

# The ticket is locked by the caller, who says how it ends up; only a message that was not there yet changes it.
_INSERT_RECEIVED = """
WITH said AS (
    INSERT INTO tickets_message (
        contact_id, connection_id, ticket_id, direction, origin, kind, body, payload, external_id, reply_to, status, occurred_at, sent_at)
    VALUES (
        %(contact_id)s, %(connection_id)s, %(ticket_id)s, %(direction)s, %(origin)s, %(kind)s, %(body)s, %(payload)s::jsonb,
        %(external_id)s, %(reply_to)s, %(status)s, %(occurred_at)s, %(sent_at)s)
    ON CONFLICT (connection_id, external_id) WHERE NOT (external_id = '') DO NOTHING
    RETURNING id, created_at
), bumped AS (
    UPDATE tickets_ticket ticket SET last_message_id = said.id, last_message_at = %(last_message_at)s,
        last_inbound_at = %(last_inbound_at)s, unread_count = %(unread_count)s
    FROM said WHERE ticket.id = %(ticket_id)s
)
SELECT id, created_at FROM said
"""

# The oldest unsettled message of each contact is the only one that may go: that keeps the order, one at a time.
_NEXT_TO_SEND = f"""
SELECT id FROM (
    SELECT DISTINCT ON (contact_id) id, status, retry_at FROM tickets_message
    WHERE waits_for = %(connection_id)s AND status IN ({Delivery.QUEUED.value}, {Delivery.SENDING.value}) AND kind <> 'note'
    ORDER BY contact_id, id
) heads
WHERE status = {Delivery.QUEUED.value} AND (retry_at IS NULL OR retry_at <= clock_timestamp())
ORDER BY id LIMIT %(limit)s
"""

_STAMP = f"""
UPDATE tickets_message SET status = {Delivery.SENDING.value}, attempted_at = clock_timestamp(), attempts = attempts + 1, retry_at = NULL,
    leased_until = clock_timestamp() + make_interval(secs => %(lease_seconds)s)
WHERE id IN (
    SELECT id FROM tickets_message WHERE id = ANY(%(ids)s) AND status = {Delivery.QUEUED.value} ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
RETURNING id
"""

# What a receipt said while the answer was on its way stays said; only a message still in flight can go back to the queue.
_RECORD = f"""
WITH result AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(external_ids)s::text[], %(statuses)s::int[], %(codes)s::text[], %(texts)s::text[],
        %(retry_ats)s::timestamptz[]) AS result(id, external_id, status, error_code, error_text, retry_at)
), locked AS (
    SELECT message.id, message.key, message.connection_id FROM tickets_message message
    WHERE message.id = ANY(%(ids)s) ORDER BY message.id FOR NO KEY UPDATE
), parked AS (
    DELETE FROM tickets_parkedreceipt parked USING result JOIN locked ON locked.id = result.id
    WHERE (parked.key = locked.key AND parked.key <> '')
        OR (parked.connection_id = locked.connection_id AND parked.external_id = result.external_id AND parked.external_id <> '')
    RETURNING locked.id, parked.status, parked.at, parked.error_code, parked.error_text
), best AS (
    SELECT id, max(status) AS status,
        min(at) FILTER (WHERE status = {Delivery.SENT.value}) AS sent_at,
        min(at) FILTER (WHERE status = {Delivery.DELIVERED.value}) AS delivered_at,
        min(at) FILTER (WHERE status >= {Delivery.READ.value}) AS read_at,
        (array_agg(error_code) FILTER (WHERE status = {Delivery.FAILED.value}))[1] AS error_code,
        (array_agg(error_text) FILTER (WHERE status = {Delivery.FAILED.value}))[1] AS error_text
    FROM parked GROUP BY id
), final AS (
    SELECT result.id, result.external_id, result.retry_at,
        greatest(result.status, best.status) AS status,
        CASE WHEN best.status = {Delivery.FAILED.value} THEN best.error_code
            WHEN best.status > result.status THEN '' ELSE result.error_code END AS error_code,
        CASE WHEN best.status = {Delivery.FAILED.value} THEN best.error_text
            WHEN best.status > result.status THEN '' ELSE result.error_text END AS error_text,
        best.sent_at, best.delivered_at, best.read_at
    FROM result LEFT JOIN best ON best.id = result.id
)
UPDATE tickets_message message SET
    status = CASE WHEN message.status = {Delivery.SENDING.value} THEN final.status ELSE greatest(message.status, final.status) END,
    external_id = coalesce(nullif(final.external_id, ''), message.external_id),
    error_code = CASE WHEN message.status > greatest(final.status, {Delivery.SENDING.value})
        THEN message.error_code ELSE final.error_code END,
    error_text = CASE WHEN message.status > greatest(final.status, {Delivery.SENDING.value})
        THEN message.error_text ELSE final.error_text END,
    retry_at = final.retry_at,
    leased_until = NULL,
    sent_at = coalesce(message.sent_at, final.sent_at),
    delivered_at = coalesce(message.delivered_at, final.delivered_at),
    read_at = coalesce(message.read_at, final.read_at)
FROM final JOIN locked ON locked.id = final.id
WHERE message.id = final.id
"""

_END_LEASES = f"""
UPDATE tickets_message SET status = %(status)s, leased_until = NULL, error_code = %(error_code)s, error_text = %(error_text)s
WHERE id IN (
    SELECT id FROM tickets_message
    WHERE waits_for = %(connection_id)s AND status = {Delivery.SENDING.value} AND leased_until < clock_timestamp()
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
RETURNING id
"""

_ABSORB_ECHOES = """
WITH echoes AS (
    SELECT id FROM tickets_message
    WHERE connection_id = %(connection_id)s AND external_id = ANY(%(external_ids)s) AND origin = 'device'
    ORDER BY id FOR UPDATE
), unlinked AS (
    UPDATE tickets_ticket SET last_message_id = NULL WHERE last_message_id IN (SELECT id FROM echoes)
)
DELETE FROM tickets_message WHERE id IN (SELECT id FROM echoes)
"""


def next_id(table: str) -> int:
    """The id that the next row of this table would get; nobody else gets it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return int(cursor.fetchone()[0])


def lock_matched(connection_id: int, rows: Sequence[ReceiptRow]) -> dict[int, tuple[int, int]]:
    """Which message each receipt speaks of: place in `rows` -> (its id, its status). They stay locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LOCK_MATCHED,
            {"connection_id": connection_id, "keys": [row.key for row in rows], "external_ids": [row.external_id for row in rows]},
        )
        return {place - 1: (message_id, status) for place, message_id, status in cursor.fetchall()}


def move_forward(given: Sequence[tuple[int, int, ReceiptRow]]) -> list[Move]:
    """One UPDATE for all (message id, its status, receipt); call it with the messages locked. Returns those whose status rose."""
    rows = [
        {
            "id": message_id,
            "old": old,
            "status": row.status,
            "at": row.at,
            "error_code": row.error_code,
            "error_text": row.error_text,
            "external_id": row.external_id,
        }
        for message_id, old, row in given
    ]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, {"given": orjson.dumps(rows).decode()})
        return [Move(*found) for found in cursor.fetchall()]


def park(connection_id: int, rows: Sequence[ReceiptRow]) -> None:
    """Keep receipts until their message is recorded. The same receipt is kept once."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PARK,
            {
                "connection_id": connection_id,
                "keys": [row.key for row in rows],
                "external_ids": [row.external_id for row in rows],
                "statuses": [row.status for row in rows],
                "times": [row.at for row in rows],
                "codes": [row.error_code for row in rows],
                "texts": [row.error_text for row in rows],
            },
        )


def unpark_matched() -> dict[int, list[ReceiptRow]]:
    """Take out the parked receipts whose message is there by now, by connection."""
    found: dict[int, list[ReceiptRow]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_UNPARK_MATCHED)
        for connection_id, key, external_id, status, at, error_code, error_text in cursor.fetchall():
            row = ReceiptRow(key=key, external_id=external_id, status=status, at=at, error_code=error_code, error_text=error_text)
            found.setdefault(connection_id, []).append(row)
    return found


def next_ticket(connection_id: int) -> tuple[int, int | None]:
    """The id of the next ticket, and the queue where new tickets of the connection wait."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_TICKET, {"connection_id": connection_id})
        return cursor.fetchone()


def open_ticket(ticket: Ticket) -> bool:
    """Whether this ticket was opened; False when the contact has one that is not closed, whose writer was waited for."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_TICKET, {name: getattr(ticket, name) for name in _TICKET_COLUMNS})
        return cursor.fetchone() is not None


def insert_received(values: dict[str, Any], ticket: Ticket) -> tuple[int, datetime.datetime] | None:
    """(id, created_at) of the new message; the ticket is written as given. None, and nothing written, for a gateway's id that is there."""
    bumped = {name: getattr(ticket, name) for name in ("last_message_at", "last_inbound_at", "unread_count")}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_RECEIVED, values | bumped)
        return cursor.fetchone()


def next_to_send(connection_id: int, *, limit: int) -> list[int]:
    """Ids of the messages that may go now: per contact the oldest that waits, if nothing of theirs is in flight. Oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_TO_SEND, {"connection_id": connection_id, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


def stamp(ids: Sequence[int], *, lease_seconds: int) -> list[int]:
    """Mark messages as being sent, before the first byte leaves. Returns those that were still waiting: they are the caller's."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, {"ids": list(ids), "lease_seconds": lease_seconds})
        return sorted(row[0] for row in cursor.fetchall())


def record(outcomes: Sequence[Outcome]) -> None:
    """What became of stamped messages, and the receipts that were parked for them, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "ids": [outcome.message_id for outcome in outcomes],
                "external_ids": [outcome.external_id for outcome in outcomes],
                "statuses": [outcome.status for outcome in outcomes],
                "codes": [outcome.error_code for outcome in outcomes],
                "texts": [outcome.error_text for outcome in outcomes],
                "retry_ats": [outcome.retry_at for outcome in outcomes],
            },
        )


def end_leases(connection_id: int, *, status: Delivery, error_code: str = "", error_text: str = "") -> list[int]:
    """Messages of a worker that died while sending get this status. Returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            _END_LEASES,
            {"connection_id": connection_id, "status": status.value, "error_code": error_code, "error_text": error_text},
        )
        return sorted(row[0] for row in cursor.fetchall())


def absorb_echoes(connection_id: int, external_ids: Sequence[str]) -> None:
    """The phone's copies of these messages make room for the messages that we sent, and whose ids they hold."""
    with connection.cursor() as cursor:
        cursor.execute(_ABSORB_ECHOES, {"connection_id": connection_id, "external_ids": list(external_ids)})
