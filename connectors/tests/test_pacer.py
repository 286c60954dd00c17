import asyncio
import time

import pytest

from connectors.pacer import Permits, bucket_of, permits, permits_async
from tenants.lib.tenancy import enter

SLOW = {"rate": 0.01, "burst": 10}


def granted(*answers: Permits) -> list[int]:
    return [answer.granted for answer in answers]


def test_a_full_bucket_grants_its_burst_and_then_nothing(acme):
    first = permits(1, wanted=6, first=True, **SLOW)
    second = permits(1, wanted=6, first=True, **SLOW)
    third = permits(1, wanted=6, first=True, **SLOW)

    assert granted(first, second, third) == [6, 4, 0]
    assert 90 < third.wait_seconds <= 100


def test_the_bucket_fills_at_its_rate(acme):
    permits(1, wanted=10, rate=100, burst=10, first=True)
    empty = permits(1, wanted=10, rate=100, burst=10, first=True)
    time.sleep(empty.wait_seconds + 0.05)
    later = permits(1, wanted=10, rate=100, burst=10, first=True)

    assert 5 <= later.granted <= 10


def test_campaigns_leave_a_part_for_agents(acme):
    campaign = permits(1, wanted=100, **SLOW)
    agent = permits(1, wanted=1, first=True, **SLOW)

    assert granted(campaign, agent) == [9, 1]


def test_while_an_agent_waits_campaigns_get_nothing(acme):
    permits(1, wanted=10, first=True, rate=20, burst=1)
    agent = permits(1, wanted=1, first=True, rate=20, burst=1)
    campaign = permits(1, wanted=1, rate=20, burst=1)
    time.sleep(agent.wait_seconds)
    agent_again = permits(1, wanted=1, first=True, rate=20, burst=1)

    assert granted(agent, campaign, agent_again) == [0, 0, 1]


def test_a_number_that_sends_one_at_a_time_lets_campaigns_through(acme):
    assert granted(permits(1, wanted=5, rate=0.5, burst=1)) == [1]


def test_the_same_bucket_from_an_event_loop(acme):
    async def ask():
        return await permits_async(acme.schema_name, 1, wanted=10, first=True, **SLOW)

    assert granted(asyncio.run(ask()), permits(1, wanted=1, first=True, **SLOW)) == [10, 0]


def test_connections_and_companies_have_buckets_of_their_own(acme, globex):
    permits(1, wanted=10, first=True, **SLOW)

    other_connection = permits(2, wanted=1, **SLOW)
    with enter(globex):
        other_company = permits(1, wanted=1, **SLOW)

    assert granted(other_connection, other_company) == [1, 1]


@pytest.mark.parametrize("rate", [20.0, 80.0, 1000.0, 1_000_000.0])
def test_what_is_saved_up_and_what_comes_in_stay_within_a_second_s_rate(rate):
    filled, burst = bucket_of(rate)

    assert 0.9 * rate <= filled < filled + burst <= rate


def test_a_slow_number_saves_up_one_message():
    assert bucket_of(0.5) == (0.5, 1.0)


def test_no_second_after_a_rest_has_more_than_the_rate(acme):
    """Asked as often as can be, for a second and a bit."""
    filled, burst = bucket_of(200.0)
    granted_at: list[float] = []
    began = time.monotonic()
    while (at := time.monotonic()) < began + 1.3:
        granted_at += [at] * permits(1, wanted=50, rate=filled, burst=burst).granted

    fullest = max(sum(begin <= at < begin + 1.0 for at in granted_at) for begin in granted_at)
    assert 150 <= fullest <= 200
