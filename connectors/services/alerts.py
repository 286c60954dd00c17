"""Telling a company's administrators that a number is in trouble, and when it is over: once each, however often the gateway repeats it."""

from django.db.models import Q

from accounts.selectors import administrators
from accounts.services.notices import notify
from connectors.models import Connection
from connectors.types import LinkState

DROPPED, UNREACHABLE, RESTING, QUALITY, BACK = (
    "connection.dropped",
    "connection.unreachable",
    "connection.resting",
    "connection.quality",
    "connection.back",
)
# A graver trouble is told though a lesser one stands.
GRAVITY = {"": 0, QUALITY: 1, RESTING: 2, UNREACHABLE: 3, DROPPED: 4}
LOW_QUALITY = "RED"


def alert(connection: Connection, kind: str, *, reason: str = "") -> bool:
    """Tell of this trouble, unless one as grave was told already. Of two workers one tells."""
    lesser = [told for told, gravity in GRAVITY.items() if gravity < GRAVITY[kind]]
    if not Connection.objects.filter(pk=connection.pk, alerted__in=lesser).update(alerted=kind):
        return False
    _tell(connection, kind, reason)
    return True


def tell_of_rest(connection: Connection, *, reason: str) -> None:
    """It rests by its own health, once for each rest: no trouble of its link, which stands or is over by itself."""
    _tell(connection, RESTING, reason)


def all_clear(connection: Connection) -> bool:
    """It works again: tell those who were told that it did not. Low quality is not over by that."""
    over = ~Q(alerted="") & ~Q(alerted=QUALITY)
    if not Connection.objects.filter(over, pk=connection.pk).update(alerted=QUALITY if _has_low_quality(connection) else ""):
        return False
    _tell(connection, BACK, "")
    return True


def alert_as_it_stands(before: Connection, connection: Connection) -> None:
    """What changed between the two readings of a connection that a person should know: lost, back, of low quality."""
    if before.state == LinkState.CONNECTED and connection.state == LinkState.CLOSED:
        alert(connection, DROPPED, reason=connection.state_reason)
    if connection.state == LinkState.CONNECTED and before.state != LinkState.CONNECTED:
        all_clear(connection)
    if _has_low_quality(connection):
        alert(connection, QUALITY)
    else:
        Connection.objects.filter(pk=connection.pk, alerted=QUALITY).update(alerted="")


def _has_low_quality(connection: Connection) -> bool:
    return str(connection.facts.get("quality") or "").upper() == LOW_QUALITY


def _tell(connection: Connection, kind: str, reason: str) -> None:
    by_mail = kind != BACK
    notify(administrators(), kind=kind, path="/connections", by_mail=by_mail, connection=connection.name, reason=reason or "-")
