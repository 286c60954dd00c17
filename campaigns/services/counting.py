"""Counters as deltas: what receipts moved, and one row instead of thousands."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from campaigns import events
from campaigns.statements.counting import COUNT_REPLIES, CROWDED, MOVE, SQUASH
from campaigns.types import Reply
from connectors.models import Connection
from connectors.types import Delivery

ROWS_BEFORE_SQUASHING = 50
ORIGIN = "campaign"
DAYS_FOR_A_REPLY = 3


def count_moves(moves: Sequence[dict[str, Any]]) -> None:
    """The reaction to `messages.moved`: recipients follow their messages, the counters follow them, browsers are told."""
    told = [
        {
            "message_id": move["message_id"],
            "new": int(move["new"]),
            "error_code": move["error_code"] if int(move["new"]) == Delivery.FAILED else "",
            "error_text": move["error_text"] if int(move["new"]) == Delivery.FAILED else "",
        }
        for move in moves
        if move["origin"] == ORIGIN
    ]
    if not told:
        return
    with connection.cursor() as cursor:
        cursor.execute(MOVE, {"moves": orjson.dumps(told).decode()})
        campaign_ids = [row[0] for row in cursor.fetchall()]
    for campaign_id in campaign_ids:
        events.campaign_progressed(campaign_id)


def count_replies(number: Connection, replies: Sequence[Reply]) -> None:
    """Who wrote to this number, in the transaction that stores it: whoever got a campaign within some days has replied to it."""
    told = [{"contact_id": reply.contact_id, "quoted": reply.quoted, "at": reply.at.isoformat()} for reply in replies]
    if not told:
        return
    parameters: dict[str, Any] = {"replies": orjson.dumps(told).decode(), "connection": number.pk, "days": DAYS_FOR_A_REPLY}
    with connection.cursor() as cursor:
        cursor.execute(COUNT_REPLIES, parameters)
        campaign_ids = [row[0] for row in cursor.fetchall()]
    for campaign_id in campaign_ids:
        events.campaign_progressed(campaign_id)


def squash_counts() -> int:
    """Put the counters of campaigns with many rows together. Returns how many campaigns that were."""
    with connection.cursor() as cursor:
        cursor.execute(CROWDED, {"rows": ROWS_BEFORE_SQUASHING})
        crowded = [row[0] for row in cursor.fetchall()]
        for campaign_id in crowded:
            cursor.execute(SQUASH, {"campaign": campaign_id})
    return len(crowded)
