"""Counters as deltas: what receipts moved, and one row instead of thousands."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection
from django.db.models import Count

from campaigns import events, statements
from campaigns.models import CampaignCount
from connectors.types import Delivery

ROWS_BEFORE_SQUASHING = 50
ORIGIN = "campaign"


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
        cursor.execute(statements.MOVE, {"moves": orjson.dumps(told).decode()})
        campaign_ids = [row[0] for row in cursor.fetchall()]
    for campaign_id in campaign_ids:
        events.campaign_progressed(campaign_id)


def squash_counts() -> int:
    """Put the counters of campaigns with many rows together. Returns how many campaigns that were."""
    crowded = CampaignCount.objects.values_list("campaign_id").annotate(rows=Count("id")).filter(rows__gt=ROWS_BEFORE_SQUASHING).order_by()
    with connection.cursor() as cursor:
        for campaign_id, _rows in crowded:
            cursor.execute(statements.SQUASH, {"campaign": campaign_id})
    return len(crowded)
