"""How fast a number may write first, and when: the rules, what they allow at a moment, and when so many messages would be through.

Pure: no database, no clock. What was sent already is counted by whoever asks.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
LONGEST_PLAN = datetime.timedelta(days=366)
# A bucket with a burst fills a little slower than its rate, so that no second has more than the rate. Slow numbers save up nothing.
FILLED, FAST = 0.92, 20.0  # of the rate; messages a second
SOON = datetime.timedelta(minutes=1)


class Hold(StrEnum):
    """Why a campaign waits for its number."""

    WINDOW = "window"
    HOUR_CAP = "hour_cap"
    DAY_CAP = "day_cap"
    WARM_UP = "warm_up"
    TIER = "tier"


@dataclass(frozen=True, slots=True)
class Pacing:
    """`rate`: messages a second. `per_hour`, `per_day`: caps of what is sent first (campaigns and schedules); None: none.
    `gap`: seconds between two messages, from–to, drawn anew each time; after every `rest_every` messages `rest` seconds, from–to.
    `opens`–`closes` on `weekdays` (Monday is 0; all when empty) is when it may write, on the company's clock; equal or None: always.
    `warm_up`: most messages a day by the age of the number in days, ((0, 50), (3, 200)): the last step holds until the ramp ends at
    `warm_up_days`; `warm_since`: its first day. `tier`: most people a day that the gateway allows. `counts_agents`: what agents write
    uses up the caps too, though agents never wait for them. `rests_below`: a health score under which it stops writing first; 0: never.
    """

    rate: float = 1.0
    per_hour: int | None = None
    per_day: int | None = None
    gap: tuple[float, float] = (0.0, 0.0)
    rest_every: int = 0
    rest: tuple[float, float] = (0.0, 0.0)
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    weekdays: frozenset[int] = frozenset()
    warm_up: tuple[tuple[int, int], ...] = ()
    warm_up_days: int = 0
    warm_since: datetime.date | None = None
    tier: int | None = None
    counts_agents: bool = False
    rests_below: int = 0

    @property
    def has_window(self) -> bool:
        return bool(self.weekdays) or (self.opens is not None and self.closes is not None and self.opens != self.closes)

    @property
    def is_counted(self) -> bool:
        """Whether what was sent already matters."""
        return self.per_hour is not None or self.per_day is not None or self.tier is not None or bool(self.warm_up)

    @property
    def remembers(self) -> bool:
        """Whether what was sent of late must be known before the next one."""
        return self.is_counted or self.is_slow

    @property
    def is_slow(self) -> bool:
        """One message at a time, as a person writes."""
        return self.gap[1] > 0 or (self.rest_every > 0 and self.rest[1] > 0)

    def most_today(self, day: datetime.date) -> int | None:
        """By the warm-up; None when it is over, or there is none."""
        if not self.warm_up or self.warm_since is None:
            return None
        age = (day - self.warm_since).days
        if age >= self.warm_up_days:
            return None
        steps = [most for since, most in self.warm_up if age >= since]
        return steps[-1] if steps else self.warm_up[0][1]

    @property
    def seconds_each(self) -> float:
        """What a message takes on the average, rests included."""
        waited = sum(self.gap) / 2 + (sum(self.rest) / 2 / self.rest_every if self.rest_every else 0.0)
        return max(1 / filling(self.rate), waited)


def filling(rate: float) -> float:
    """How many messages a second go over time where no second may have more than `rate`."""
    return rate * FILLED if rate >= FAST else rate


@dataclass(frozen=True, slots=True)
class Sent:
    """What went through the number already: in the last hour, the last 24 hours, and since midnight on the company's clock.
    `people`: to whom, through all numbers of the account, in 24 hours. `last_at`: when the last one went, of these.
    `frees`: when the oldest of the hour and of the 24 hours leave their count, by Hold."""

    hour: int = 0
    day: int = 0
    today: int = 0
    people: int = 0
    last_at: datetime.datetime | None = None
    frees: Mapping[Hold, datetime.datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Allowance:
    """`count` messages may go now (None: as many as the rate lets through); when 0, ask again at `until`, and `why`."""

    count: int | None
    why: Hold | None = None
    until: datetime.datetime | None = None


def allowance(pacing: Pacing, sent: Sent, moment: datetime.datetime, zone: ZoneInfo) -> Allowance:
    """What the window and the caps leave."""
    opens = next_open(pacing, moment, zone)
    if opens > moment:
        return Allowance(0, Hold.WINDOW, opens)
    tomorrow = _midnight(moment.astimezone(zone).date() + DAY, zone)
    caps = [
        (Hold.HOUR_CAP, pacing.per_hour, sent.hour, sent.frees.get(Hold.HOUR_CAP, moment + SOON)),
        (Hold.DAY_CAP, pacing.per_day, sent.day, sent.frees.get(Hold.DAY_CAP, moment + SOON)),
        (Hold.TIER, pacing.tier, sent.people, sent.frees.get(Hold.DAY_CAP, moment + SOON)),
        (Hold.WARM_UP, pacing.most_today(moment.astimezone(zone).date()), sent.today, tomorrow),
    ]
    left = [(most - done, why, frees) for why, most, done, frees in caps if most is not None]
    spent = [(max(frees, moment + datetime.timedelta(seconds=1)), why) for count, why, frees in left if count <= 0]
    if spent:
        until, why = max(spent)
        return Allowance(0, why, until)
    return Allowance(min((count for count, _why, _frees in left), default=None))


def next_open(pacing: Pacing, moment: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """`moment` itself within the window, else when it opens next."""
    if not pacing.has_window:
        return moment
    days = pacing.weekdays or frozenset(range(7))
    today = moment.astimezone(zone).date()
    for ahead in range(-1, 15):
        day = today + ahead * DAY
        if day.weekday() not in days:
            continue
        opens, closes = _span(pacing, day, zone)
        if moment < closes and opens < closes:  # clocks may skip all of it
            return max(moment, opens)
    return moment + 14 * DAY


def planned_end(pacing: Pacing, sent: Sent, moment: datetime.datetime, zone: ZoneInfo, *, count: int) -> datetime.datetime:
    """About when `count` messages would be through: window by window, hour by hour, day by day. At most a year ahead.

    Averages where chance rules, and counts by the clock's hours and days: an estimate for people, never a permission.
    """
    at, last = moment, moment + LONGEST_PLAN
    hour, day = sent.hour, max(sent.day, sent.today, sent.people)
    while count > 0 and at < last:
        at_open = next_open(pacing, at, zone)
        if at_open > at:
            hour, day = 0, 0 if at_open.astimezone(zone).date() != at.astimezone(zone).date() else day
            at = at_open
        today = at.astimezone(zone).date()
        midnight, closes = _midnight(today + DAY, zone), _closes(pacing, at, zone)
        caps = [most for most in (pacing.per_day, pacing.tier, pacing.most_today(today)) if most is not None]
        left_today = min(caps) - day if caps else count
        if left_today <= 0:
            at, hour, day = midnight, 0, 0
            continue
        end = min(midnight, closes, at + HOUR if pacing.per_hour is not None else midnight)
        by_rate = int((end - at).total_seconds() / pacing.seconds_each)
        most = min(count, left_today, by_rate, pacing.per_hour - hour if pacing.per_hour is not None else count)
        if most >= count:
            return at + datetime.timedelta(seconds=count * pacing.seconds_each)
        count, day = count - max(most, 0), day + max(most, 0)
        day = 0 if end == midnight else day
        at, hour = max(end, at + datetime.timedelta(seconds=1)), 0
    return at


def _span(pacing: Pacing, day: datetime.date, zone: ZoneInfo) -> tuple[datetime.datetime, datetime.datetime]:
    """Of the window that opens on this day; it may close on the next."""
    if pacing.opens is None or pacing.closes is None or pacing.opens == pacing.closes:
        return _midnight(day, zone), _midnight(day + DAY, zone)
    closing_day = day if pacing.opens < pacing.closes else day + DAY
    return _moment(day, pacing.opens, zone), _moment(closing_day, pacing.closes, zone)


def _closes(pacing: Pacing, moment: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """When the window that is open now closes."""
    if not pacing.has_window:
        return moment + LONGEST_PLAN
    days, today = pacing.weekdays or frozenset(range(7)), moment.astimezone(zone).date()
    spans = [_span(pacing, day, zone) for day in (today - DAY, today) if day.weekday() in days]
    return max((closes for opens, closes in spans if opens <= moment < closes), default=moment + HOUR)


def _midnight(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    return _moment(day, datetime.time(), zone)


def _moment(day: datetime.date, time: datetime.time, zone: ZoneInfo) -> datetime.datetime:
    """In UTC; a time that the clocks skip is the moment they jump to, as far as they jump."""
    return datetime.datetime.combine(day, time, zone).astimezone(datetime.UTC)
