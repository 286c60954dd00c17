"""Journey B (house §5) through real processes: from a draft to the last receipt, over the Cloud API."""

import datetime
from collections.abc import Iterable
from typing import Any

import pytest

from config.tests.visitors import Office, fresh_numbers, receipt, shuffled
from tenants.lib.clock import now

PARALLEL = 8
TEXTS = {"1": "{{first_name|there}}", "2": "the news"}


def draft(office: Office, numbers: Iterable[str], **more: Any) -> dict[str, Any]:
    given = [{"number": number, "name": f"Person {number[-3:]}"} for number in numbers]
    content = {"connection": office.sales.id, "template": office.facts["template"], "variables": TEXTS}
    return office.api("alice").make("campaigns/", name="News", recipients=given, **content, **more)


def campaign_now(office: Office, campaign: dict[str, Any]) -> dict[str, Any]:
    return office.api("alice").read(f"campaigns/{campaign['id']}/")


def step(office: Office, campaign: dict[str, Any], name: str) -> dict[str, Any]:
    return office.api("alice").make(f"campaigns/{campaign['id']}/{name}/")


def wait_for_status(office: Office, campaign: dict[str, Any], status: str, seconds: float = 30) -> dict[str, Any]:
    office.wait(lambda: campaign_now(office, campaign)["status"] == status, f"the campaign to be {status}", seconds)
    return campaign_now(office, campaign)


def taken_for(office: Office, numbers: Iterable[str]) -> list[str]:
    wanted = {number.lstrip("+") for number in numbers}
    return [document["to"] for document in list(office.graph.taken) if document.get("to") in wanted]


def test_a_campaign_from_draft_to_its_last_receipt(office):
    numbers = fresh_numbers(100)
    with office.socket("bob") as bobs:
        campaign = draft(office, numbers)
        started = step(office, campaign, "start")
        sent = wait_for_status(office, campaign, "finished")
        people = office.api("alice").all(f"campaigns/{campaign['id']}/recipients/")
        wamids = [person["external_id"] for person in people]
        receipts = [receipt(wamid, "sent") for wamid in wamids]
        receipts += [receipt(wamid, "delivered") for wamid in wamids[:60]]
        receipts += [receipt(wamid, "read") for wamid in wamids[:30]]
        receipts += [receipt(wamid, "failed", errors=[{"code": 131026, "title": "Message undeliverable"}]) for wamid in wamids[90:]]
        told = shuffled(receipts + receipts[::2], seed=4)
        answers = [office.sales.tells(*told[place : place + 25]).status_code for place in range(0, len(told), 25)]
        expected = counts(total=100, sent=90, delivered=60, read=30, failed=10)
        office.wait(lambda: campaign_now(office, campaign)["counts"] == expected, f"the counters to be {expected}")
        bobs.hears("campaign", lambda data: data["action"] == "progress" and data["campaign"]["counts"] == expected)

    stats = office.api("alice").read(f"campaigns/{campaign['id']}/stats/")
    assert (campaign["status"], started["status"], sent["counts"]) == ("draft", "running", counts(total=100, sent=100))
    assert sorted(taken_for(office, numbers)) == sorted(number.lstrip("+") for number in numbers)
    assert set(answers) == {200}
    assert stats["counts"] == expected
    assert [(failure["code"], failure["count"]) for failure in stats["failures"]] == [("131026", 10)]
    assert {person["address"]: person["state"] for person in people} == dict.fromkeys(numbers, "sent")


def counts(**given: int) -> dict[str, int]:
    names = ("total", "queued", "sent", "delivered", "read", "failed", "unknown", "excluded", "cancelled", "replied")
    return dict.fromkeys(names, 0) | given


def test_nobody_outside_sees_or_starts_it(office):
    campaign = draft(office, fresh_numbers(1))
    path = f"campaigns/{campaign['id']}/"

    mallory, carol = office.api("mallory"), office.api("carol")

    assert [mallory.get(path).status_code, mallory.post(f"{path}start/", json={}).status_code] == [404, 404]
    assert carol.post(f"{path}start/", json={}).status_code == 403
    assert campaign_now(office, campaign)["status"] == "draft"


def test_a_scheduled_campaign_starts_though_everything_was_down_at_its_time(office, stack):
    numbers = fresh_numbers(5)
    stack.kill("beat")
    stack.kill("worker")
    due_at = now() + datetime.timedelta(seconds=1)

    campaign = draft(office, numbers, starts_at=due_at.isoformat())
    scheduled = step(office, campaign, "start")
    office.wait(lambda: now() > due_at + datetime.timedelta(seconds=0.5), "its time to pass")
    asleep = campaign_now(office, campaign)
    stack.ensure_up()
    done = wait_for_status(office, campaign, "finished")

    assert (scheduled["status"], asleep["status"]) == ("scheduled", "scheduled")
    assert done["counts"] == counts(total=5, sent=5)
    assert sorted(taken_for(office, numbers)) == sorted(number.lstrip("+") for number in numbers)


@pytest.fixture
def held(office) -> Iterable[tuple[dict[str, Any], list[str]]]:
    """A campaign that runs, its first messages at a gateway that does not answer yet."""
    numbers = fresh_numbers(40)
    office.graph.is_answering = False
    campaign = draft(office, numbers)
    step(office, campaign, "start")
    office.wait(lambda: len(taken_for(office, numbers)) == PARALLEL, "the first wave")
    yield campaign, numbers
    office.graph.is_answering = True


def test_a_paused_campaign_sends_nothing_more_until_it_is_resumed(office, held):
    campaign, numbers = held

    paused = step(office, campaign, "pause")
    office.graph.is_answering = True
    resting = counts(total=40, queued=40 - PARALLEL, sent=PARALLEL)
    office.wait(lambda: campaign_now(office, campaign)["counts"] == resting, "what was in flight to be recorded")
    at_rest = len(taken_for(office, numbers))
    resumed = step(office, campaign, "resume")
    done = wait_for_status(office, campaign, "finished")

    assert (paused["status"], at_rest, resumed["status"]) == ("paused", PARALLEL, "running")
    assert done["counts"] == counts(total=40, sent=40)
    assert sorted(taken_for(office, numbers)) == sorted(number.lstrip("+") for number in numbers)


def test_a_cancelled_campaign_sends_nothing_more_and_its_receipts_still_count(office, held):
    campaign, numbers = held

    cancelled = step(office, campaign, "cancel")
    office.graph.is_answering = True
    resting = counts(total=40, sent=PARALLEL, cancelled=40 - PARALLEL)
    office.wait(lambda: campaign_now(office, campaign)["counts"] == resting, "what was in flight to be recorded")
    people = office.api("alice").all(f"campaigns/{campaign['id']}/recipients/?state=sent")
    office.sales.tells(*[receipt(person["external_id"], "delivered") for person in people])
    final = resting | {"delivered": PARALLEL}
    office.wait(lambda: campaign_now(office, campaign)["counts"] == final, "the receipts to count")

    assert cancelled["status"] == "cancelled"
    assert len(taken_for(office, numbers)) == PARALLEL
    assert office.api("alice").refusal(f"campaigns/{campaign['id']}/resume/") == (409, "wrong_status", None)
