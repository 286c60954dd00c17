"""When people are left in peace, on their own clocks: hours of the night, days of the week, holidays. Pure: no database, no clock."""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from tenants.lib.regions import Region

LONGEST_DAYS = 30  # of a search: longer quiet there is not, or the rules leave no day


@dataclass(frozen=True, slots=True)
class QuietHours:
    """`begins`–`ends` on the recipient's clock (over midnight when it ends earlier than it begins; equal or None: no hours).
    `days`: weekdays that are quiet altogether, Monday is 0."""

    begins: datetime.time | None = None
    ends: datetime.time | None = None
    days: frozenset[int] = frozenset()
    keeps_holidays: bool = False

    @property
    def is_on(self) -> bool:
        return self.has_hours or bool(self.days) or self.keeps_holidays

    @property
    def has_hours(self) -> bool:
        return self.begins is not None and self.ends is not None and self.begins != self.ends


def next_allowed(quiet: QuietHours, region: Region, moment: datetime.datetime, *, zone: ZoneInfo) -> datetime.datetime:
    """`moment` itself when nobody is disturbed then, else the first one after it. `zone`: of whom the number says nothing.

    When the rules leave no moment in a month, `moment` in a month: whoever made them sees the campaign wait, and for what.
    """
    here = region.zone or zone
    last = moment + datetime.timedelta(days=LONGEST_DAYS)
    while moment < last:
        local = moment.astimezone(here)
        if local.weekday() in quiet.days or (quiet.keeps_holidays and is_holiday(local.date(), region)):
            moment = _at(local.date() + datetime.timedelta(days=1), datetime.time(), here)
        elif _in_hours(quiet, local.time()):
            assert quiet.ends is not None
            day = local.date() if local.time() < quiet.ends else local.date() + datetime.timedelta(days=1)
            moment = _at(day, quiet.ends, here)
        else:
            return moment
    return last


def is_holiday(day: datetime.date, region: Region) -> bool:
    """A public holiday of the number's country, or of its state in Brazil."""
    return bool(region.country) and day in _calendar(region.country, region.state, day.year)


def _in_hours(quiet: QuietHours, time: datetime.time) -> bool:
    if not quiet.has_hours:
        return False
    assert quiet.begins is not None and quiet.ends is not None
    if quiet.begins < quiet.ends:
        return quiet.begins <= time < quiet.ends
    return time >= quiet.begins or time < quiet.ends


def _at(day: datetime.date, time: datetime.time, zone: ZoneInfo) -> datetime.datetime:
    """In UTC. An hour that the clocks skip is the moment of the skip's end; of one shown twice the second is meant: the quiet is over."""
    local = datetime.datetime.combine(day, time, zone)
    first, second = (local.replace(fold=fold).astimezone(datetime.UTC) for fold in (0, 1))
    return second if first <= second else _jump(second, first, zone)


def _jump(before: datetime.datetime, after: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """When the clocks change between these two."""
    changed = after.astimezone(zone).utcoffset()
    while after - before > datetime.timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == changed:
            after = middle
        else:
            before = middle
    return after


@lru_cache(maxsize=512)
def _calendar(country: str, state: str, year: int) -> frozenset[datetime.date]:
    try:
        found = holidays.country_holidays(country, subdiv=state or None, years=year)
    except NotImplementedError:
        return frozenset()
    return frozenset(found)
