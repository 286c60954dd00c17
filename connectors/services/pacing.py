"""How fast a number may write first, as its company chose it; and what its gateway allows."""

import datetime
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.auditing import changed, record
from connectors.models import Connection
from connectors.pacer import forget_breath
from connectors.registry import provider_named
from connectors.selectors import rate_of
from tenants.lib.announcing import announce
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.pacing import Pacing

KEY = "pacing"
RESTS_BELOW = "rests_below"
BREATH = ("gap_min", "gap_max", "rest_every", "rest_min", "rest_max")
_TIER = re.compile(r"\ATIER_(\d+)(K?)\Z")
# A new number of an unofficial gateway: what its users report to survive.
USUAL_WARM_UP = ((0, 50), (2, 100), (4, 250), (7, 500), (10, 1000))
USUAL_WARM_UP_DAYS = 14
CAREFUL: Mapping[str, Any] = {
    "per_hour": 60, "per_day": 300, "gap_min": 20, "gap_max": 60, "rest_every": 30, "rest_min": 300, "rest_max": 900, "counts_agents": True,
}  # fmt: skip


def pacing_of(connection: Connection) -> Pacing:
    said = connection.settings.get(KEY) or {}
    return Pacing(
        rate=rate_of(connection),
        per_hour=said.get("per_hour"),
        per_day=said.get("per_day"),
        gap=(float(said.get("gap_min") or 0), float(said.get("gap_max") or 0)),
        rest_every=int(said.get("rest_every") or 0),
        rest=(float(said.get("rest_min") or 0), float(said.get("rest_max") or 0)),
        opens=_time(said.get("opens")),
        closes=_time(said.get("closes")),
        weekdays=frozenset(said.get("weekdays") or ()),
        warm_up=tuple((int(day), int(most)) for day, most in said.get("warm_up") or ()),
        warm_up_days=int(said.get("warm_up_days") or 0),
        warm_since=datetime.date.fromisoformat(said["warm_since"]) if said.get("warm_since") else None,
        tier=tier_of(connection.facts),
        counts_agents=bool(said.get("counts_agents")),
        rests_below=int(said.get(RESTS_BELOW, provider_named(connection.provider).capabilities.rests_below)),
    )


def tier_of(facts: Mapping[str, Any]) -> int | None:
    """To how many people a day the gateway lets the account write first; None: to all, or not known.

    https://developers.facebook.com/docs/whatsapp/messaging-limits
    """
    daily = facts.get("daily_limit")
    if isinstance(daily, int) and not isinstance(daily, bool) and daily > 0:
        return daily
    found = _TIER.match(str(facts.get("messaging_limit") or ""))
    return int(found[1]) * (1000 if found[2] else 1) if found else None


@transaction.atomic
def save_pacing(connection: Connection, *, by: User, fields: Mapping[str, Any]) -> Connection:
    """Change what is given, as PacingSerializer reads it. What waits by the old rules looks again, at once."""
    connection = Connection.objects.select_for_update().get(pk=connection.pk)
    before = dict(connection.settings.get(KEY) or {})
    said = {name: value for name, value in {**before, **fields}.items() if value not in (None, "", [], 0) or _is_never(name, value)}
    _check(said)
    if said.get("warm_up") and not said.get("warm_since"):
        said["warm_since"] = now().date().isoformat()
    if said == before:
        return connection
    connection.settings = {**connection.settings, KEY: said}
    connection.save(update_fields=["settings"])
    record("connection.paced", connection, by=by, changes=changed(connection, "settings", before, said))
    if any(said.get(name) != before.get(name) for name in BREATH):
        transaction.on_commit(partial(forget_breath, connection.pk))
    announce("connection.paced", connection_id=connection.pk)
    return connection


def careful_pacing() -> dict[str, Any]:
    """What a new number of a gateway begins with where the network bans those that write like machines. Its company may change it."""
    return {
        **CAREFUL,
        "warm_up": [list(step) for step in USUAL_WARM_UP],
        "warm_up_days": USUAL_WARM_UP_DAYS,
        "warm_since": now().date().isoformat(),
    }


def _is_never(name: str, value: Any) -> bool:
    """0 is said, where a gateway's usual is another number."""
    return name == RESTS_BELOW and value == 0 and value is not False


def _check(said: Mapping[str, Any]) -> None:
    for low, high in (("gap_min", "gap_max"), ("rest_min", "rest_max")):
        if said.get(low, 0) > said.get(high, 0):
            raise ApplicationError(_("This must be at least as much as the other end."), code="range", field=high)
    if bool(said.get("opens")) != bool(said.get("closes")):
        field = "closes" if said.get("opens") else "opens"
        raise ApplicationError(_("Say from when and until when."), code="required", field=field)
    if said.get("rest_every") and not said.get("rest_max"):
        raise ApplicationError(_("Say how long it rests."), code="required", field="rest_max")
    days = [day for day, _most in said.get("warm_up", ())]
    if days != sorted(set(days)):
        raise ApplicationError(_("Each day of the ramp stands once, in their order."), code="order", field="warm_up")
    if days and (said.get("warm_up_days") or 0) <= days[-1]:
        raise ApplicationError(_("The ramp ends after its last step."), code="range", field="warm_up_days")


def _time(text: str | None) -> datetime.time | None:
    return datetime.time.fromisoformat(text) if text else None
