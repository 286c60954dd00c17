"""When something comes again: by the calendar and the clock on the company's wall, whatever daylight saving does to it. No rows.

RFC 5545's rules, by dateutil. Two differences that people expect: "every month on the 31st" is the last day of shorter months, and a
time that a clock skips in spring is meant an hour later that day.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

UNITS = ("day", "week", "month")
SHORTEST_MONTH = 28
# Nobody plans further; a rule that never comes true (none is known) ends here instead of never.
HORIZON = datetime.timedelta(days=366 * 30)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every `every` `unit`s from the first time on. `weekdays` (0 is Monday) go with weeks; none means the first time's. `ends_on` is
    the last day on which it may come."""

    unit: str
    every: int = 1
    weekdays: tuple[int, ...] = ()
    ends_on: datetime.date | None = None


def times_after(first: datetime.datetime, rule: Recurrence, zone: ZoneInfo, after: datetime.datetime) -> Iterator[datetime.datetime]:
    """The times later than `after`, in order, in UTC and whole seconds. `first` is one of them if the rule's weekdays say so."""
    for local in _rule(first.astimezone(zone), rule):
        at = local.replace(tzinfo=zone).astimezone(datetime.UTC)
        if at > after:
            yield at


def next_after(first: datetime.datetime, rule: Recurrence, zone: ZoneInfo, after: datetime.datetime) -> datetime.datetime | None:
    return next(times_after(first, rule, zone, after), None)


def times_between(
    first: datetime.datetime, rule: Recurrence, zone: ZoneInfo, start: datetime.datetime, end: datetime.datetime, *, most: int
) -> Sequence[datetime.datetime]:
    """At most `most` times in [start, end)."""
    found: list[datetime.datetime] = []
    for at in islice(times_after(first, rule, zone, start - datetime.timedelta(microseconds=1)), most):
        if at >= end:
            break
        found.append(at)
    return found


def _rule(local: datetime.datetime, rule: Recurrence) -> rrule:
    naive = local.replace(tzinfo=None)
    last_day = rule.ends_on or (local + HORIZON).date()
    until = datetime.datetime.combine(last_day, datetime.time.max)
    match rule.unit:
        case "day":
            return rrule(DAILY, dtstart=naive, interval=rule.every, until=until)
        case "week":
            return rrule(WEEKLY, dtstart=naive, interval=rule.every, byweekday=rule.weekdays or (naive.weekday(),), until=until)
        case "month":
            # Of the days that the month has, the last one that is not later than the wanted one.
            days = range(min(naive.day, SHORTEST_MONTH), naive.day + 1)
            return rrule(MONTHLY, dtstart=naive, interval=rule.every, bymonthday=days, bysetpos=-1, until=until)
    raise ValueError(f"There is no unit {rule.unit!r}: {', '.join(UNITS)}.")
