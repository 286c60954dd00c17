"""How long what was refused waits."""

import pytest

from connectors.services.backing_off import attempts_for, pause_after
from connectors.types import Policy, ProviderError


def refusal(policy: Policy, retry_after: float | None = None) -> ProviderError:
    return ProviderError("1", "Refused.", policy, retry_after_seconds=retry_after)


@pytest.mark.parametrize(("attempt", "usual"), [(1, 5), (2, 10), (3, 20), (20, 600)])
def test_it_doubles_up_to_ten_minutes_and_nobody_comes_back_with_the_others(attempt, usual):
    pauses = {pause_after(refusal(Policy.RETRY), attempt=attempt, seconds=5) for _ in range(20)}

    assert len(pauses) > 1
    assert all(usual * 0.75 <= pause <= usual * 1.25 for pause in pauses)


def test_what_the_gateway_says_is_obeyed():
    assert pause_after(refusal(Policy.BACK_OFF_NUMBER, 42.0), attempt=3, seconds=5) == 42.0


@pytest.mark.parametrize(("attempt", "usual"), [(1, 6), (2, 24), (3, 96), (4, 384), (5, 600)])
def test_a_pair_that_wrote_too_much_waits_four_times_as_long_each_time(attempt, usual):
    pause = pause_after(refusal(Policy.BACK_OFF_RECIPIENT, 6.0), attempt=attempt, seconds=5)

    assert usual * 0.75 <= pause <= usual * 1.25


def test_a_pair_is_tried_for_longer_than_what_is_refused_for_other_reasons():
    assert (attempts_for(refusal(Policy.BACK_OFF_RECIPIENT), 3), attempts_for(refusal(Policy.RETRY), 3)) == (5, 3)
