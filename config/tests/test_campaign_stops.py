"""A campaign that is being sent by real workers is paused, resumed and cancelled over REST: it stops at once, and nobody gets it twice."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from config.tests.test_journey_b import campaign_now, counts, draft, step, wait_for_status
from config.tests.visitors import Office, fresh_numbers

A_SECOND = 1.0  # after the answer nothing more leaves
WATCHED_SECONDS = 3.0
RATE = 20
SIZE = 120  # six seconds' worth


@pytest.fixture
def paced(office: Office) -> Iterator[Office]:
    """The line of Sales sends twenty a second, eight at once at most."""
    alice, path = office.api("alice"), f"connections/{office.sales.id}/"
    usual = alice.read(path)["settings"]
    assert alice.patch(path, json={"settings": usual | {"messages_per_second": RATE}}).ok
    yield office
    assert alice.patch(path, json={"settings": usual}).ok


def arrivals(office: Office, numbers: Iterable[str]) -> list[tuple[str, float]]:
    """Who was written to, and when the gateway had it."""
    wanted = {number.lstrip("+") for number in numbers}
    return [(record.who, record.at) for record in list(office.graph.world.messages.values()) if record.is_ours and record.who in wanted]


def running(office: Office, *, at_least: int) -> tuple[dict[str, Any], list[str]]:
    numbers = fresh_numbers(SIZE)
    campaign = draft(office, numbers)
    step(office, campaign, "start")
    office.wait(lambda: len(arrivals(office, numbers)) >= at_least, "the first messages")
    return campaign, numbers


def stopped(office: Office, campaign: dict[str, Any], numbers: list[str], how: str) -> list[tuple[str, float]]:
    """What had left, in all, some seconds after the answer to `how`. Nothing of it left more than a second after that answer."""
    assert campaign_now(office, campaign)["status"] == "running"
    step(office, campaign, how)
    answered_at = time.time()
    office.wait(lambda: time.time() > answered_at + WATCHED_SECONDS, "what might still leave")
    left = arrivals(office, numbers)
    assert [at for _number, at in left if at > answered_at + A_SECOND] == []
    return left


def test_a_pause_holds_within_a_second_and_after_each_resume_nobody_gets_it_twice(paced):
    campaign, numbers = running(paced, at_least=10)

    for _turn in range(2):
        left = stopped(paced, campaign, numbers, "pause")
        at_rest = campaign_now(paced, campaign)["counts"]
        step(paced, campaign, "resume")
        paced.wait(lambda before=len(left): len(arrivals(paced, numbers)) >= before + 10, "the next messages")
        assert len(left) < SIZE
        assert at_rest == counts(total=SIZE, sent=len(left), queued=SIZE - len(left))
    done = wait_for_status(paced, campaign, "finished")

    assert done["counts"] == counts(total=SIZE, sent=SIZE)
    assert Counter(number for number, _at in arrivals(paced, numbers)) == Counter(number.lstrip("+") for number in numbers)


def test_a_cancel_holds_within_a_second_and_keeps_what_was_sent(paced):
    campaign, numbers = running(paced, at_least=10)

    left = stopped(paced, campaign, numbers, "cancel")
    after = campaign_now(paced, campaign)
    sent = paced.api("alice").all(f"campaigns/{campaign['id']}/recipients/?state=sent")

    assert 10 <= len(left) < SIZE
    assert (after["status"], after["counts"]) == ("cancelled", counts(total=SIZE, sent=len(left), cancelled=SIZE - len(left)))
    assert sorted(person["address"].lstrip("+") for person in sent) == sorted(number for number, _at in left)
    assert paced.api("alice").refusal(f"campaigns/{campaign['id']}/resume/") == (409, "wrong_status", None)


def test_a_pause_and_a_resume_at_once_send_nobody_twice(paced):
    """Before the slice that was at work has noticed anything."""
    campaign, numbers = running(paced, at_least=5)

    for _turn in range(5):
        step(paced, campaign, "pause")
        step(paced, campaign, "resume")
    done = wait_for_status(paced, campaign, "finished")

    assert done["counts"] == counts(total=SIZE, sent=SIZE)
    assert Counter(number for number, _at in arrivals(paced, numbers)) == Counter(number.lstrip("+") for number in numbers)
