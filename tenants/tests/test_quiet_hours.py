"""Nobody is written to in their quiet hours, and everybody has others: over midnight, zones, holidays and changed clocks."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.lib.quiet_hours import LONGEST_DAYS, QuietHours, next_allowed
from tenants.lib.regions import Region, region_of

SAO_PAULO, NEW_YORK, LISBON = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/New_York"), ZoneInfo("Europe/Lisbon")
NIGHT = QuietHours(datetime.time(21), datetime.time(8))
ZONES = ["America/Sao_Paulo", "America/New_York", "Europe/Lisbon", "America/Rio_Branco", "Asia/Kathmandu", "Australia/Lord_Howe"]


def at(zone: ZoneInfo, *parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=zone)


@pytest.mark.parametrize(
    ("number", "country", "state", "zone"),
    [
        ("+5511987654321", "BR", "SP", "America/Sao_Paulo"),
        ("+5568999990000", "BR", "AC", "America/Rio_Branco"),
        ("+5592987654321", "BR", "AM", "America/Manaus"),
        ("+5581987654321", "BR", "PE", "America/Sao_Paulo"),
        ("+5565999990000", "BR", "MT", "America/Cuiaba"),
        ("+14155550100", "US", "", "America/Los_Angeles"),
        ("+12125550100", "US", "", "America/New_York"),
        ("+351912345678", "PT", "", "Europe/Lisbon"),
        ("+525512345678", "MX", "", "America/Mexico_City"),
    ],
)
def test_a_number_says_where_it_is(number, country, state, zone):
    region = region_of(number)

    assert (region.country, region.state, region.zone and region.zone.key) == (country, state, zone)


@pytest.mark.parametrize("number", ["", "+", "+999123", "user.123", "+0000000000"])
def test_what_is_no_number_says_nothing(number):
    assert region_of(number).zone is None


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(SAO_PAULO, 2026, 11, 26, 20, 59), at(SAO_PAULO, 2026, 11, 26, 20, 59)),
        (at(SAO_PAULO, 2026, 11, 26, 21, 0), at(SAO_PAULO, 2026, 11, 27, 8, 0)),
        (at(SAO_PAULO, 2026, 11, 27, 3, 0), at(SAO_PAULO, 2026, 11, 27, 8, 0)),
        (at(SAO_PAULO, 2026, 11, 27, 8, 0), at(SAO_PAULO, 2026, 11, 27, 8, 0)),
    ],
)
def test_the_night_ends_in_the_morning(now, then):
    assert next_allowed(NIGHT, Region("BR", "SP", SAO_PAULO), now, zone=NEW_YORK) == then


def test_the_recipient_s_clock_counts_not_the_sender_s():
    """22:30 in São Paulo is 20:30 in Acre."""
    moment = at(SAO_PAULO, 2026, 11, 26, 22, 30)

    assert next_allowed(NIGHT, region_of("+5568999990000"), moment, zone=SAO_PAULO) == moment
    assert next_allowed(NIGHT, region_of("+5511999990000"), moment, zone=SAO_PAULO) > moment
    assert next_allowed(NIGHT, Region(), moment, zone=SAO_PAULO) == at(SAO_PAULO, 2026, 11, 27, 8)


def test_days_of_the_week_and_holidays_are_passed_over():
    """2026-12-25 is a Friday; then comes a weekend."""
    quiet = QuietHours(datetime.time(20), datetime.time(9), frozenset({5, 6}), keeps_holidays=True)

    assert next_allowed(quiet, region_of("+5511999990000"), at(SAO_PAULO, 2026, 12, 24, 21), zone=SAO_PAULO) == at(
        SAO_PAULO, 2026, 12, 28, 9
    )


def test_a_holiday_of_one_state_is_none_of_another():
    """9 July in São Paulo."""
    quiet = QuietHours(keeps_holidays=True)
    moment = at(SAO_PAULO, 2026, 7, 9, 12)

    assert next_allowed(quiet, region_of("+5511999990000"), moment, zone=SAO_PAULO) == at(SAO_PAULO, 2026, 7, 10)
    assert next_allowed(quiet, region_of("+5521999990000"), moment, zone=SAO_PAULO) == moment


def test_clocks_that_change_at_the_end_of_the_quiet():
    """New York skips 2:00 to 3:00 on 2026-03-08, and shows 1:00 to 2:00 twice on 2026-11-01."""
    early = QuietHours(datetime.time(22), datetime.time(2, 30))
    twice = QuietHours(datetime.time(22), datetime.time(1, 30))
    region = Region("US", "", NEW_YORK)

    skipped = next_allowed(early, region, at(NEW_YORK, 2026, 3, 8, 1, 0), zone=NEW_YORK)
    repeated = next_allowed(twice, region, at(NEW_YORK, 2026, 11, 1, 1, 10), zone=NEW_YORK)

    assert skipped.astimezone(NEW_YORK).time() >= datetime.time(3)
    assert repeated == datetime.datetime(2026, 11, 1, 6, 30, tzinfo=datetime.UTC)


def test_rules_that_leave_no_moment_end_in_a_month():
    never = QuietHours(days=frozenset(range(7)))
    moment = at(SAO_PAULO, 2026, 1, 1)

    assert next_allowed(never, Region("BR", "", SAO_PAULO), moment, zone=SAO_PAULO) == moment + datetime.timedelta(days=LONGEST_DAYS)


times = st.times().map(lambda time: time.replace(second=0, microsecond=0))
rules = st.builds(QuietHours, times, times, st.frozensets(st.integers(0, 6), max_size=6), st.booleans())
moments = st.datetimes(datetime.datetime(2024, 1, 1), datetime.datetime(2028, 1, 1), timezones=st.just(datetime.UTC))


@settings(max_examples=300, deadline=None)
@given(rules, st.sampled_from(ZONES), moments)
def test_whatever_the_rules_the_moment_is_not_quiet_and_not_before(quiet, zone, moment):
    region = Region("BR", "SP", ZoneInfo(zone))

    found = next_allowed(quiet, region, moment, zone=SAO_PAULO)

    assert found >= moment
    assert found <= moment + datetime.timedelta(days=LONGEST_DAYS)
    if found < moment + datetime.timedelta(days=LONGEST_DAYS):
        assert next_allowed(quiet, region, found, zone=SAO_PAULO) == found
        assert found.astimezone(ZoneInfo(zone)).weekday() not in quiet.days


@settings(max_examples=200, deadline=None)
@given(rules, moments)
def test_what_is_allowed_now_is_not_put_off(quiet, moment):
    """The first allowed minute is found: none before it is allowed."""
    region = Region("BR", "SP", SAO_PAULO)
    found = next_allowed(quiet, region, moment, zone=SAO_PAULO)

    for minutes in range(0, min(24 * 60, int((found - moment).total_seconds() // 60)), 7):
        between = moment + datetime.timedelta(minutes=minutes)
        assert next_allowed(quiet, region, between, zone=SAO_PAULO) > between
