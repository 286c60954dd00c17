"""A running campaign goes by new rules of its number at once, through real processes."""

import time
from collections.abc import Iterator

import pytest

from config.tests.test_journey_b import draft, step, taken_for, wait_for_status
from config.tests.visitors import Office, fresh_numbers

PER_SECOND = 20
PEOPLE = 160
RULES_SECONDS = 5.0
LINKED = """
UPDATE acme.connectors_connection
SET state = 'connected', paused_until = NULL, silent_since = NULL, last_ok_at = now(), last_inbound_at = now() WHERE id = %s
"""
NO_GAP = {"gap_min": None, "gap_max": None}


@pytest.fixture
def slow_line(office: Office) -> Iterator[None]:
    """The number sends 20 a second. It is linked, whatever another story or the health check made of it."""
    office.rows(LINKED, office.sales.id)
    path = f"connections/{office.sales.id}/"
    usual = office.api("alice").read(path)["settings"]
    assert office.api("alice").patch(path, json={"settings": usual | {"messages_per_second": PER_SECOND}}).ok
    yield
    assert office.api("alice").patch(f"{path}pacing/", json=NO_GAP).ok
    assert office.api("alice").patch(path, json={"settings": {**usual, "messages_per_second": usual.get("messages_per_second")}}).ok


def has_begun(office: Office, numbers: list[str], more_than: int = PER_SECOND // 2) -> None:
    office.wait(lambda: len(taken_for(office, numbers)) > more_than, "messages at the gateway")


def stands_still(office: Office, numbers: list[str], after_seconds: float) -> int:
    """That nothing more arrives from so many seconds on; how many have."""
    time.sleep(after_seconds)
    arrived = len(taken_for(office, numbers))
    time.sleep(2.0)
    assert len(taken_for(office, numbers)) == arrived
    return arrived


def test_new_rules_hold_for_all_who_wait_within_five_seconds(office, slow_line):
    numbers = fresh_numbers(PEOPLE)
    pacing = f"connections/{office.sales.id}/pacing/"
    campaign = draft(office, numbers)
    step(office, campaign, "start")
    has_begun(office, numbers)

    assert office.api("alice").patch(pacing, json={"gap_min": 600, "gap_max": 600}).ok
    arrived = stands_still(office, numbers, RULES_SECONDS)
    assert office.api("alice").patch(pacing, json=NO_GAP).ok
    office.wait(lambda: len(taken_for(office, numbers)) > arrived, "the next messages", seconds=RULES_SECONDS)
    assert office.api("alice").patch(pacing, json={"per_day": len(taken_for(office, numbers)) + 40}).ok
    office.wait(lambda: office.api("alice").read(f"campaigns/{campaign['id']}/")["connections"][0]["waits_for"] == "day_cap", "the cap")
    assert office.api("alice").patch(pacing, json={"per_day": None}).ok
    wait_for_status(office, campaign, "finished")

    assert arrived < PEOPLE
    assert sorted(taken_for(office, numbers)) == sorted(number.lstrip("+") for number in numbers)
