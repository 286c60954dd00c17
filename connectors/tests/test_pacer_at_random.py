"""Whoever asks the bucket, in whatever order and for however many: never more than the rate, agents have their part, nobody starves."""

import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.pacer import AGENTS_SHARE, Breath, bucket_of, permits, permits_async
from tenants.lib import loop
from tenants.lib.valkey import client

IN_REAL_TIME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LINE = 11

rates = st.sampled_from([5.0, 20.0, 80.0, 400.0, 2000.0])
asks = st.lists(st.tuples(st.integers(1, 60), st.sampled_from([False, False, True])), min_size=1, max_size=30)


@IN_REAL_TIME
@given(rates, asks)
def test_never_more_than_the_rate_and_never_more_than_was_asked_for(acme, rate, asks):
    client().flushdb()
    filled, burst = bucket_of(rate)
    began, total = time.time(), 0

    for wanted, first in asks:
        answer = permits(LINE, wanted=wanted, rate=filled, burst=burst, first=first)
        total += answer.granted

        assert 0 <= answer.granted <= wanted
        assert answer.granted > 0 or answer.wait_seconds > 0
        assert total <= burst + (time.time() - began) * filled + 1e-3


@IN_REAL_TIME
@given(rates, asks)
def test_what_campaigns_take_at_once_leaves_agents_their_part(acme, rate, asks):
    client().flushdb()
    filled, burst = bucket_of(rate)
    began = time.time()

    campaigns = sum(permits(LINE, wanted=wanted, rate=filled, burst=burst).granted for wanted, _first in asks)
    came_in = (time.time() - began) * filled
    agents = permits(LINE, wanted=1000, rate=filled, burst=burst, first=True).granted

    if burst >= 2:
        assert campaigns <= burst * (1 - AGENTS_SHARE) + came_in
        assert agents >= int(max(1, burst * AGENTS_SHARE))


@IN_REAL_TIME
@given(st.sampled_from([20.0, 80.0, 400.0, 2000.0]), asks, st.floats(0, 0.05))
def test_who_waits_as_long_as_told_gets_some(acme, rate, asks, gap):
    """Also with a breath between two messages, of which there is one for each permit."""
    client().flushdb()
    filled, burst = bucket_of(rate)
    breath = Breath(gap=gap)

    def ask(wanted: int) -> tuple[int, float]:
        answer = loop.run(permits_async(acme.schema_name, LINE, wanted=wanted, rate=filled, burst=burst, breath=breath))
        return answer.granted, answer.wait_seconds

    granted, wait = 1, 0.0
    for wanted, _first in asks:
        granted, wait = ask(wanted)
        if not granted:
            break
    if granted:
        return
    time.sleep(wait + 0.002)

    again, _wait = ask(1)

    assert again == 1


def test_a_wait_for_the_bucket_is_one_for_the_breath_as_well(acme):
    """The bucket would have the next one after a twentieth of a second, the breath after two."""
    client().flushdb()
    filled, burst = bucket_of(20.0)

    def ask() -> tuple[int, float]:
        answer = loop.run(permits_async(acme.schema_name, LINE, wanted=1, rate=filled, burst=burst, breath=Breath(gap=2.0)))
        return answer.granted, answer.wait_seconds

    first, (second, wait) = ask(), ask()

    assert (first[0], second) == (1, 0)
    assert 1.5 < wait <= 2.0
