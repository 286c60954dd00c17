"""Never more than the rules allow, never a campaign that starves: windows, caps, warm-up, and the plan that is shown before."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.lib.pacing import Allowance, Hold, Pacing, Sent, allowance, next_open, planned_end

ZONE, NEW_YORK = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/New_York")
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
OFFICE = Pacing(rate=1.0, opens=datetime.time(8), closes=datetime.time(18), weekdays=frozenset(range(5)))


def at(*parts: int, zone: ZoneInfo = ZONE) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(2026, 11, 26, 7, 59), at(2026, 11, 26, 8)),
        (at(2026, 11, 26, 8), at(2026, 11, 26, 8)),
        (at(2026, 11, 26, 17, 59), at(2026, 11, 26, 17, 59)),
        (at(2026, 11, 26, 18), at(2026, 11, 27, 8)),
        (at(2026, 11, 27, 18), at(2026, 11, 30, 8)),
        (at(2026, 11, 28, 12), at(2026, 11, 30, 8)),
    ],
)
def test_a_window_opens_in_the_morning_of_the_next_working_day(now, then):
    assert next_open(OFFICE, now, ZONE) == then


def test_a_window_over_midnight_belongs_to_the_day_it_opens_on():
    """Friday 22:00 to Saturday 2:00."""
    late = Pacing(opens=datetime.time(22), closes=datetime.time(2), weekdays=frozenset({4}))

    assert next_open(late, at(2026, 11, 28, 1), ZONE) == at(2026, 11, 28, 1)
    assert next_open(late, at(2026, 11, 28, 2), ZONE) == at(2026, 12, 4, 22)


def test_a_window_keeps_its_hours_when_the_clocks_change():
    """New York goes back an hour on 2026-11-01 and on by one on 2027-03-14."""
    daily = Pacing(opens=datetime.time(8), closes=datetime.time(18))

    for day in (at(2026, 10, 31, 20, zone=NEW_YORK), at(2026, 11, 1, 20, zone=NEW_YORK), at(2027, 3, 13, 20, zone=NEW_YORK)):
        assert next_open(daily, day, NEW_YORK).astimezone(NEW_YORK).time() == datetime.time(8)


def test_the_tightest_cap_speaks_and_the_one_that_lasts_longest_says_when():
    now = at(2026, 11, 26, 12)
    frees = {Hold.HOUR_CAP: now + 0.5 * HOUR, Hold.DAY_CAP: now + 5 * HOUR}
    pacing = Pacing(per_hour=100, per_day=1000)

    assert allowance(pacing, Sent(hour=40, day=950), now, ZONE) == Allowance(50)
    assert allowance(pacing, Sent(hour=100, day=300, frees=frees), now, ZONE) == Allowance(0, Hold.HOUR_CAP, now + 0.5 * HOUR)
    assert allowance(pacing, Sent(hour=100, day=1000, frees=frees), now, ZONE) == Allowance(0, Hold.DAY_CAP, now + 5 * HOUR)
    assert allowance(Pacing(), Sent(hour=10_000), now, ZONE) == Allowance(None)


def test_a_young_number_may_write_to_few_and_to_more_each_day():
    pacing = Pacing(warm_up=((0, 50), (3, 200), (7, 1000)), warm_up_days=14, warm_since=datetime.date(2026, 11, 20))

    most = [pacing.most_today(datetime.date(2026, 11, 20) + age * DAY) for age in (0, 2, 3, 6, 7, 13, 14)]
    spent = allowance(pacing, Sent(today=50), at(2026, 11, 20, 15), ZONE)

    assert most == [50, 50, 200, 200, 1000, 1000, None]
    assert spent == Allowance(0, Hold.WARM_UP, at(2026, 11, 21))


@pytest.mark.parametrize(
    ("pacing", "count", "end"),
    [
        (Pacing(rate=10), 600, at(2026, 11, 26, 10, 1)),
        (Pacing(rate=100), 9200, at(2026, 11, 26, 10, 1, 40)),  # a fast number's bucket fills at 92 % of its rate
        (Pacing(rate=1, gap=(20, 40)), 120, at(2026, 11, 26, 11)),
        (Pacing(rate=1, gap=(10, 10), rest_every=10, rest=(100, 100)), 180, at(2026, 11, 26, 11)),
        (Pacing(rate=1, per_hour=100), 250, at(2026, 11, 26, 12, 0, 50)),
        (Pacing(rate=1, per_day=100), 250, at(2026, 11, 28, 0, 0, 50)),
        (Pacing(rate=1, opens=datetime.time(8), closes=datetime.time(18)), 8 * 3600 + 60, at(2026, 11, 27, 8, 1)),
    ],
)
def test_the_plan_s_end(pacing, count, end):
    """Begun on a Thursday at 10:00."""
    assert planned_end(pacing, Sent(), at(2026, 11, 26, 10), ZONE, count=count) == end


times = st.none() | st.times().map(lambda time: time.replace(second=0, microsecond=0))
caps = st.none() | st.integers(1, 500)
pacings = st.builds(
    Pacing,
    rate=st.floats(0.01, 1000),
    per_hour=caps,
    per_day=caps,
    opens=times,
    closes=times,
    weekdays=st.frozensets(st.integers(0, 6)),
    tier=caps,
)
moments = st.datetimes(datetime.datetime(2024, 1, 1), datetime.datetime(2028, 1, 1), timezones=st.just(datetime.UTC))
sents = st.builds(Sent, hour=st.integers(0, 600), day=st.integers(0, 600), today=st.integers(0, 600), people=st.integers(0, 600))


@settings(max_examples=400, deadline=None)
@given(pacings, sents, moments, st.sampled_from([ZONE, NEW_YORK]))
def test_never_above_a_cap_never_outside_the_window_and_never_without_a_way_on(pacing, sent, moment, zone):
    allowed = allowance(pacing, sent, moment, zone)

    if allowed.count == 0:
        assert allowed.why is not None
        assert allowed.until is not None and moment < allowed.until <= moment + 15 * DAY
        return
    assert next_open(pacing, moment, zone) == moment
    for most, done in ((pacing.per_hour, sent.hour), (pacing.per_day, sent.day), (pacing.tier, sent.people)):
        assert most is None or (allowed.count is not None and done + allowed.count <= most)


@settings(max_examples=200, deadline=None)
@given(pacings, moments, st.integers(1, 2000))
def test_a_plan_ends_and_is_never_earlier_than_the_rate_allows(pacing, moment, count):
    end = planned_end(pacing, Sent(), moment, ZONE, count=count)

    assert end >= moment + datetime.timedelta(seconds=min(count, 1) * pacing.seconds_each) - datetime.timedelta(seconds=1) or (
        end >= moment + 365 * DAY
    )
    assert end <= moment + 400 * DAY
    more = planned_end(pacing, Sent(), moment, ZONE, count=count + 100)
    assert more >= end
