"""When something comes again."""

import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.recurrence import UNITS, Recurrence, next_after, times_after, times_between

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
LISBON = ZoneInfo("Europe/Lisbon")
DAILY = Recurrence("day")
NEW_YORK = ZoneInfo("America/New_York")


def at(zone, *parts):
    return datetime.datetime(*parts, tzinfo=zone)


def whole_seconds(time):
    return time.replace(microsecond=0)


def said(first, rule, zone, count=4):
    times = islice(times_after(first, rule, zone, first - datetime.timedelta(seconds=1)), count)
    return [time.astimezone(zone).strftime("%a %d %b %H:%M") for time in times]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Recurrence("day"), ["Sat 31 Jan 09:00", "Sun 01 Feb 09:00", "Mon 02 Feb 09:00", "Tue 03 Feb 09:00"]),
        (Recurrence("day", every=3), ["Sat 31 Jan 09:00", "Tue 03 Feb 09:00", "Fri 06 Feb 09:00", "Mon 09 Feb 09:00"]),
        (Recurrence("week"), ["Sat 31 Jan 09:00", "Sat 07 Feb 09:00", "Sat 14 Feb 09:00", "Sat 21 Feb 09:00"]),
        (Recurrence("week", weekdays=(0, 4)), ["Mon 02 Feb 09:00", "Fri 06 Feb 09:00", "Mon 09 Feb 09:00", "Fri 13 Feb 09:00"]),
        (Recurrence("month"), ["Sat 31 Jan 09:00", "Sat 28 Feb 09:00", "Tue 31 Mar 09:00", "Thu 30 Apr 09:00"]),
        (Recurrence("day", ends_on=datetime.date(2026, 2, 1)), ["Sat 31 Jan 09:00", "Sun 01 Feb 09:00"]),
    ],
)
def test_it_comes_again_by_the_calendar(rule, expected):
    assert said(at(SAO_PAULO, 2026, 1, 31, 9), rule, SAO_PAULO) == expected


def test_nine_oclock_stays_nine_oclock_when_the_clocks_change():
    first = at(LISBON, 2026, 3, 28, 9)

    assert said(first, Recurrence("day"), LISBON, 2) == ["Sat 28 Mar 09:00", "Sun 29 Mar 09:00"]
    assert next_after(first, Recurrence("day"), LISBON, first) - first.astimezone(datetime.UTC) == datetime.timedelta(hours=23)


def test_a_time_that_the_clock_skips_is_meant_an_hour_later_and_one_that_comes_twice_is_meant_once():
    spring, autumn = at(LISBON, 2026, 3, 28, 1, 30), at(LISBON, 2026, 10, 24, 1, 30)

    assert said(spring, Recurrence("day"), LISBON, 3) == ["Sat 28 Mar 01:30", "Sun 29 Mar 02:30", "Mon 30 Mar 01:30"]
    assert said(autumn, Recurrence("day"), LISBON, 3) == ["Sat 24 Oct 01:30", "Sun 25 Oct 01:30", "Mon 26 Oct 01:30"]


@pytest.mark.parametrize(
    ("first", "rule", "expected"),
    [
        ((2027, 3, 12, 9), Recurrence("day"), ["12 Mar 09:00 -0500", "13 Mar 09:00 -0500", "14 Mar 09:00 -0400", "15 Mar 09:00 -0400"]),
        ((2026, 10, 30, 9), Recurrence("day"), ["30 Oct 09:00 -0400", "31 Oct 09:00 -0400", "01 Nov 09:00 -0500", "02 Nov 09:00 -0500"]),
        ((2026, 10, 25, 9), Recurrence("week"), ["25 Oct 09:00 -0400", "01 Nov 09:00 -0500", "08 Nov 09:00 -0500", "15 Nov 09:00 -0500"]),
        ((2026, 9, 30, 9), Recurrence("month"), ["30 Sep 09:00 -0400", "30 Oct 09:00 -0400", "30 Nov 09:00 -0500", "30 Dec 09:00 -0500"]),
        # 02:30 does not exist on 14 March, and 01:30 comes twice on 1 November.
        ((2027, 3, 13, 2, 30), DAILY, ["13 Mar 02:30 -0500", "14 Mar 03:30 -0400", "15 Mar 02:30 -0400", "16 Mar 02:30 -0400"]),
        (
            (2026, 10, 31, 1, 30),
            Recurrence("day"),
            ["31 Oct 01:30 -0400", "01 Nov 01:30 -0400", "02 Nov 01:30 -0500", "03 Nov 01:30 -0500"],
        ),
    ],
)
def test_new_york_changes_its_clocks_and_the_time_on_the_wall_stays(first, rule, expected):
    times = list(islice(times_after(at(NEW_YORK, *first), rule, NEW_YORK, at(NEW_YORK, *first) - datetime.timedelta(seconds=1)), 4))

    assert [time.astimezone(NEW_YORK).strftime("%d %b %H:%M %z") for time in times] == expected
    # The worker walks from time to time, each found from the one before.
    assert [next_after(at(NEW_YORK, *first), rule, NEW_YORK, time) for time in times[:-1]] == times[1:]


def test_a_month_of_a_calendar_shows_what_comes_in_it():
    first, start, end = at(SAO_PAULO, 2026, 1, 30, 9), at(SAO_PAULO, 2026, 2, 1), at(SAO_PAULO, 2026, 3, 1)

    found = times_between(first, Recurrence("week"), SAO_PAULO, start, end, most=100)

    assert [time.astimezone(SAO_PAULO).day for time in found] == [6, 13, 20, 27]
    assert len(times_between(first, Recurrence("day"), SAO_PAULO, start, end, most=5)) == 5


@given(
    first=st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2030, 1, 1), timezones=st.just(datetime.UTC)).map(whole_seconds),
    unit=st.sampled_from(UNITS),
    every=st.integers(1, 12),
    weekdays=st.sets(st.integers(0, 6)).map(sorted).map(tuple),
    zone=st.sampled_from([SAO_PAULO, LISBON, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")]),
)
def test_times_only_go_forward_and_keep_the_wall_clock(first, unit, every, weekdays, zone):
    rule = Recurrence(unit, every=every, weekdays=weekdays if unit == "week" else ())

    times = list(islice(times_after(first, rule, zone, first), 8))

    assert len(times) == 8
    assert [time for time, later in zip(times, times[1:], strict=False) if time >= later] == []
    wall = first.astimezone(zone)
    for time in times:
        there = time.astimezone(zone)
        off = (datetime.datetime.combine(there.date(), there.time()) - datetime.datetime.combine(there.date(), wall.time())).total_seconds()
        assert off in (0, 3600, 1800)  # later only where the clock skipped it (Lord Howe skips half an hour)
