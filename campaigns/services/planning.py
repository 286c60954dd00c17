"""When a campaign would be through, by the rules of its numbers' pace. An estimate for people, never a permission."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from campaigns.models import Campaign, Line
from campaigns.services.lines import shares_of
from connectors.models import Connection
from connectors.services.pacing import pacing_of
from tenants.lib.clock import now
from tenants.lib.pacing import Pacing, Sent, planned_end
from tenants.lib.tenancy import current_company
from tickets.services.going_out import sent_of_late

HOUR = datetime.timedelta(hours=1)


def seconds_for(campaign: Campaign, lines: Sequence[Line], *, count: int, begins: datetime.datetime) -> float:
    """Until the slowest number has sent its part of `count` messages: behind what went through it already, and after its rest. Other
    campaigns that wait for the same numbers are not counted."""
    zone, shares = ZoneInfo(current_company().timezone), shares_of(campaign, lines)
    whole, ends = sum(weight for _connection, weight in shares), [begins]
    for line, (_connection, weight) in zip(lines, shares, strict=True):
        part = math.ceil(count * weight / whole)
        if part:
            at = max(moment for moment in (begins, *_rests_until(line.connection)) if moment is not None)
            pacing = pacing_of(line.connection)
            ends.append(planned_end(pacing, _sent_before(line.connection, pacing, at, zone), at, zone, count=part))
    return (max(ends) - begins).total_seconds()


def _rests_until(number: Connection) -> tuple[datetime.datetime | None, ...]:
    return number.paused_until, number.no_campaigns_until, number.health_rest_until


def _sent_before(number: Connection, pacing: Pacing, at: datetime.datetime, zone: ZoneInfo) -> Sent:
    """What counts against its caps at the moment, of what went through the number until now."""
    if at.astimezone(zone).date() != now().astimezone(zone).date():
        return Sent()
    sent = sent_of_late(number, pacing)
    return sent if at < now() + HOUR else replace(sent, hour=0)
