"""How far our messages got, as the gateways tell it: in batches, repeated, late and out of order."""

from collections.abc import Sequence

from django.db import transaction

from connectors.models import Connection
from connectors.types import Delivery, Fault, Receipt
from tenants.lib.announcing import announce
from tenants.lib.faultpoints import Point, reach
from tickets import events, statements
from tickets.models import Message
from tickets.types import Applied, Move, ReceiptRow

# Whose moves anybody listens to (config/reactions.py, "messages.moved").
LISTENED = frozenset({Message.Origin.CAMPAIGN.value})


@transaction.atomic(savepoint=False)
def apply_receipts(connection: Connection, receipts: Sequence[Receipt]) -> Applied:
    """Move the messages forward, once; what matches none yet is parked. Publishes nothing: see `events.frames_of_receipts`."""
    return _apply(connection.pk, [_row_of(receipt) for receipt in receipts])


def settle_parked() -> int:
    """Apply the parked receipts whose message was recorded at the very moment they were parked. Returns how many there were."""
    with transaction.atomic():
        found = statements.unpark_matched()
        for connection_id, rows in sorted(found.items()):
            events.messages_updated(_apply(connection_id, rows).message_ids)
    return sum(len(rows) for rows in found.values())


def announce_moves(moves: Sequence[Move]) -> None:
    told = [
        {
            "message_id": move.message_id,
            "origin": move.origin,
            "origin_id": move.origin_id,
            "old": move.old,
            "new": move.new,
            "error_code": move.error_code,
            "error_text": move.error_text,
        }
        for move in moves
        if move.origin in LISTENED
    ]
    if told:
        announce("messages.moved", moves=told)


def _apply(connection_id: int, rows: Sequence[ReceiptRow]) -> Applied:
    if not rows:
        return Applied(moves=(), message_ids=(), parked=0)
    matched = statements.lock_matched(connection_id, rows)
    moves = statements.move_forward([(*found, rows[place]) for place, found in matched.items()]) if matched else []
    unmatched = [row for place, row in enumerate(rows) if place not in matched]
    if unmatched:
        statements.park(connection_id, unmatched)
    announce_moves(moves)
    reach(Point.RECEIPTS_APPLIED)
    return Applied(moves=tuple(moves), message_ids=tuple(sorted({message_id for message_id, _ in matched.values()})), parked=len(unmatched))


def _row_of(receipt: Receipt) -> ReceiptRow:
    code, words = "", ""
    if receipt.status == Delivery.FAILED and receipt.fault is not None:
        code, words = receipt.fault.code, _words_of(receipt.fault)
    elif receipt.status == Delivery.FAILED:
        code = "unknown"
    return ReceiptRow(
        key=receipt.our_id,
        external_id=receipt.external_id,
        status=receipt.status.value,
        at=receipt.at,
        error_code=code[:40],
        error_text=words[:500],
    )


def _words_of(fault: Fault) -> str:
    """What it means, and the gateway's own words beside it: in them stands what was wrong this time."""
    theirs = fault.details or fault.title
    if not fault.words:
        return ". ".join(part for part in (fault.title, fault.details) if part)
    return f"{fault.words} ({theirs})" if theirs else fault.words
