"""A campaign that asks what it may, sends that, and asks again, until it is through: no rule is ever broken, and it always gets through."""

import datetime
from bisect import bisect_right
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.lib.pacing import DAY, HOUR, Allowance, Hold, Pacing, Sent, allowance, next_open

ZONES = [ZoneInfo(name) for name in ("America/Sao_Paulo", "America/New_York", "Africa/Cairo")]
MOST_TURNS = 3_000  # each sends something, or waits for what is said to come: these are many more than needed

times = st.none() | st.builds(datetime.time, st.integers(0, 23), st.sampled_from([0, 30]))
ramps = st.sampled_from([(), ((0, 3),), ((0, 5), (2, 20), (5, 60))])
pacings = st.builds(
    Pacing,
    rate=st.sampled_from([0.05, 1.0, 20.0]),
    per_hour=st.none() | st.integers(1, 40),
    per_day=st.none() | st.integers(2, 80),
    tier=st.none() | st.integers(2, 80),
    opens=times,
    closes=times,
    weekdays=st.frozensets(st.integers(0, 6)),
    warm_up=ramps,
    warm_up_days=st.just(9),
    warm_since=st.just(datetime.date(2026, 10, 28)),
)
beginnings = st.datetimes(datetime.datetime(2026, 10, 28), datetime.datetime(2026, 11, 6), timezones=st.just(datetime.UTC))


class Ledger:
    """What went through the number, in order."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.moments: list[datetime.datetime] = []

    def between(self, begin: datetime.datetime, end: datetime.datetime) -> list[datetime.datetime]:
        """After `begin`, until and with `end`."""
        return self.moments[bisect_right(self.moments, begin) : bisect_right(self.moments, end)]

    def sent(self, moment: datetime.datetime) -> Sent:
        hour, day = self.between(moment - HOUR, moment), self.between(moment - DAY, moment)
        today = sum(at.astimezone(self.zone).date() == moment.astimezone(self.zone).date() for at in self.between(moment - 2 * DAY, moment))
        frees = {Hold.HOUR_CAP: hour[0] + HOUR} if hour else {}
        frees |= {Hold.DAY_CAP: day[0] + DAY} if day else {}
        return Sent(hour=len(hour), day=len(day), today=today, people=len(day), frees=frees)


def send_all(pacing: Pacing, begin: datetime.datetime, ledger: Ledger, *, count: int) -> list[Allowance]:
    """Every answer, until all are sent or the turns are used up."""
    at, answers = begin, []
    while count and len(answers) < MOST_TURNS:
        answers.append(allowed := allowance(pacing, ledger.sent(at), at, ledger.zone))
        if allowed.count == 0:
            assert allowed.until is not None and allowed.until > at
            at = allowed.until
            continue
        now = min(count, 10, allowed.count if allowed.count is not None else count)
        ledger.moments += [at] * now
        count -= now
        at += datetime.timedelta(seconds=now / pacing.rate)
    return answers


@settings(max_examples=150, deadline=None)
@given(pacings, beginnings, st.sampled_from(ZONES), st.integers(1, 150))
def test_no_rule_is_broken_in_any_hour_or_day_and_everybody_gets_it(pacing, begin, zone, count):
    ledger = Ledger(zone)

    send_all(pacing, begin, ledger, count=count)

    assert len(ledger.moments) == count
    days: dict[datetime.date, int] = {}
    for at in ledger.moments:
        sent = ledger.sent(at)
        assert next_open(pacing, at, zone) == at
        for most, done in ((pacing.per_hour, sent.hour), (pacing.per_day, sent.day), (pacing.tier, sent.people)):
            assert most is None or done <= most
        day = at.astimezone(zone).date()
        days[day] = days.get(day, 0) + 1
    for day, amount in days.items():
        most = pacing.most_today(day)
        assert most is None or amount <= most


@settings(max_examples=150, deadline=None)
@given(pacings, beginnings, st.sampled_from(ZONES), st.integers(1, 80))
def test_whoever_waits_is_told_when_and_why_and_did_not_wait_in_vain(pacing, begin, zone, count):
    """Two waits in a row have different reasons: what was waited for is over."""
    answers = send_all(pacing, begin, Ledger(zone), count=count)

    for before, after in pairwise(answers):
        if before.count == after.count == 0:
            assert before.until is not None and after.until is not None
            assert after.until > before.until
            assert before.why != after.why
