"""The next moment that is allowed, against a clock that is looked at minute by minute: allowed, not before it was asked, the first."""

import datetime
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tenants.lib.pacing import Pacing, next_open
from tenants.lib.quiet_hours import LONGEST_DAYS, QuietHours, is_holiday, next_allowed
from tenants.lib.regions import Region, region_of

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
HERE = ZoneInfo("America/Sao_Paulo")
# Clocks that change at 0:00, at 24:00, at 2:00, by half an hour, and not at all; and whose country keeps which holidays.
PLACES = [
    Region("BR", "SP", HERE),
    Region("US", "", ZoneInfo("America/New_York")),
    Region("CL", "", ZoneInfo("America/Santiago")),
    Region("EG", "", ZoneInfo("Africa/Cairo")),
    Region("CU", "", ZoneInfo("America/Havana")),
    Region("AU", "", ZoneInfo("Australia/Lord_Howe")),
    Region("PT", "", ZoneInfo("Europe/Lisbon")),
    Region("", "", None),
]
FEW = settings(max_examples=300, deadline=None)

times = st.builds(datetime.time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
weekdays = st.frozensets(st.integers(0, 6), max_size=4)
quiets = st.builds(QuietHours, st.none() | times, st.none() | times, weekdays, st.booleans())
windows = st.builds(Pacing, opens=st.none() | times, closes=st.none() | times, weekdays=weekdays)


def changes_of(zone: ZoneInfo) -> list[datetime.datetime]:
    """The hours in which its clocks change, 2024 to 2027."""
    hours = (datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(hours=hour) for hour in range(4 * 366 * 24))
    return [hour for hour in hours if (hour + 60 * MINUTE).astimezone(zone).utcoffset() != hour.astimezone(zone).utcoffset()]


CHANGES = {place.zone: changes_of(place.zone) for place in PLACES if place.zone is not None}


@st.composite
def moments(draw: st.DrawFn, zone: ZoneInfo) -> datetime.datetime:
    """Any, or, as often, one within two days of a change of the clocks."""
    near = [change for change in CHANGES[zone] if change.year >= 2024]
    if near and draw(st.booleans()):
        return draw(st.sampled_from(near)) + draw(st.integers(-2 * 24 * 60, 24 * 60)) * MINUTE
    return draw(st.datetimes(datetime.datetime(2024, 1, 5), datetime.datetime(2027, 11, 1), timezones=st.just(datetime.UTC)))


def is_shown_twice(moment: datetime.datetime, zone: ZoneInfo) -> bool:
    local = moment.astimezone(zone)
    first, second = (local.replace(fold=fold).astimezone(datetime.UTC) for fold in (0, 1))
    return first < second


def minutes_between(start: datetime.datetime, end: datetime.datetime) -> Iterator[datetime.datetime]:
    """The whole minutes before `end`, all of the first two and the last two hours, and every eleventh between them."""
    first = start if start.second == start.microsecond == 0 else start.replace(second=0, microsecond=0) + MINUTE
    count = max(0, int((end - first - datetime.timedelta(seconds=1)) // MINUTE) + 1)
    for place in range(count):
        if place < 120 or place >= count - 120 or place % 11 == 0:
            yield first + place * MINUTE


def is_quiet(quiet: QuietHours, place: Region, moment: datetime.datetime) -> bool:
    """What the clock on the wall says."""
    local = moment.astimezone(place.zone or HERE)
    if local.weekday() in quiet.days or (quiet.keeps_holidays and is_holiday(local.date(), place)):
        return True
    if quiet.begins is None or quiet.ends is None or quiet.begins == quiet.ends:
        return False
    after, before = local.time() >= quiet.begins, local.time() < quiet.ends
    return (after and before) if quiet.begins < quiet.ends else (after or before)


@FEW
@given(st.data(), quiets, st.sampled_from(PLACES))
def test_quiet_ends_at_the_first_minute_that_the_clock_on_the_wall_allows(data, quiet, place):
    """Between the two times that a clock shows the same, nobody is woken: quiet that has begun has not ended."""
    zone = place.zone or HERE
    moment = data.draw(moments(zone))

    found = next_allowed(quiet, place, moment, zone=HERE)

    assert moment <= found <= moment + LONGEST_DAYS * DAY
    assert found == moment + LONGEST_DAYS * DAY or not is_quiet(quiet, place, found)
    assert (found == moment) == (not is_quiet(quiet, place, moment))
    for minute in minutes_between(moment, found):
        assert is_quiet(quiet, place, minute) or is_shown_twice(minute, zone), minute


def is_open(pacing: Pacing, zone: ZoneInfo, moment: datetime.datetime) -> bool:
    """What the clock on the wall says, on days that have 24 hours."""
    local, days = moment.astimezone(zone), pacing.weekdays or frozenset(range(7))
    today, yesterday = local.weekday() in days, (local.weekday() - 1) % 7 in days
    if pacing.opens is None or pacing.closes is None or pacing.opens == pacing.closes:
        return today
    after, before = local.time() >= pacing.opens, local.time() < pacing.closes
    return (today and after and before) if pacing.opens < pacing.closes else (today and after) or (yesterday and before)


def is_near_a_change(zone: ZoneInfo, moment: datetime.datetime) -> bool:
    return any(abs(moment - change) < DAY for change in CHANGES[zone])


def loses_a_window(pacing: Pacing, zone: ZoneInfo, moment: datetime.datetime) -> bool:
    """Whether it would open or close in an hour that is skipped that day."""
    day = moment.astimezone(zone).date()
    edges = [datetime.datetime.combine(day, edge, zone) for edge in (pacing.opens, pacing.closes) if edge is not None]
    return any(edge.astimezone(datetime.UTC).astimezone(zone).time() != edge.time() for edge in edges)


@FEW
@given(st.data(), windows, st.sampled_from([place for place in PLACES if place.zone]))
def test_a_window_opens_at_the_first_minute_that_it_allows(data, pacing, place):
    zone = place.zone
    moment = data.draw(moments(zone))
    assume(pacing.has_window)

    found = next_open(pacing, moment, zone)

    assert moment <= found <= moment + 8 * DAY
    assume(not loses_a_window(pacing, zone, found))
    assert next_open(pacing, found, zone) == found
    assert is_open(pacing, zone, found) or is_near_a_change(zone, found)
    for minute in minutes_between(moment, found):
        assert next_open(pacing, minute, zone) == found
        assert not is_open(pacing, zone, minute) or is_near_a_change(zone, minute)


def test_a_window_that_is_skipped_altogether_opens_on_the_next_day():
    """New York has no 2:00 to 3:00 on 2026-03-08."""
    zone = ZoneInfo("America/New_York")
    window = Pacing(opens=datetime.time(2), closes=datetime.time(3))

    found = next_open(window, datetime.datetime(2026, 3, 8, 1, tzinfo=zone), zone)

    assert found == datetime.datetime(2026, 3, 9, 2, tzinfo=zone)


@FEW
@given(st.data(), quiets, windows, st.sampled_from([place for place in PLACES if place.zone]))
def test_who_asks_later_is_never_let_in_earlier(data, quiet, pacing, place):
    first = data.draw(moments(place.zone))
    second = first + data.draw(st.integers(0, 3 * 24 * 60)) * MINUTE
    rules: list[Callable[[datetime.datetime], datetime.datetime]] = [
        lambda moment: next_allowed(quiet, place, moment, zone=HERE),
        lambda moment: next_open(pacing, moment, place.zone),
    ]

    for rule in rules:
        assert rule(first) <= rule(second)


@pytest.mark.parametrize(
    ("number", "day", "morning"),
    [
        ("+56961234567", datetime.date(2026, 9, 5), "2026-09-06 01:00 -0300"),  # Chile puts its clocks on at 24:00 of a Saturday
        ("+201001234567", datetime.date(2026, 4, 23), "2026-04-24 01:00 +0300"),  # Egypt at 24:00 of a Thursday
    ],
)
def test_a_quiet_day_ends_though_its_midnight_is_skipped(number, day, morning):
    place = region_of(number)
    noon = datetime.datetime.combine(day, datetime.time(12), place.zone)

    found = next_allowed(QuietHours(days=frozenset({day.weekday()})), place, noon, zone=HERE)

    assert f"{found.astimezone(place.zone):%Y-%m-%d %H:%M %z}" == morning


def test_quiet_that_ends_in_a_skipped_hour_ends_with_the_skip():
    """New York skips 2:00 to 3:00 on 2026-03-08."""
    zone = ZoneInfo("America/New_York")
    quiet = QuietHours(datetime.time(22), datetime.time(2, 30))

    found = next_allowed(quiet, Region("US", "", zone), datetime.datetime(2026, 3, 8, 1, tzinfo=zone), zone=HERE)

    assert found == datetime.datetime(2026, 3, 8, 7, tzinfo=datetime.UTC)
