"""Journeys A and B over the Cloud API at its worst: webhooks late, twice, shuffled and batched; throttles, broken answers, broken lines."""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from config.tests.visitors import Office, fresh_numbers
from connectors.emulators.cloud import customers, orders
from connectors.emulators.cloud.weather import AT_ONCE, NASTY
from connectors.emulators.cloud.world import Number, Record
from connectors.tests.meta import APP_ID

CUSTOMERS = 20
SAID = ("Good morning", "Where is my parcel?", "Hello?")
RECIPIENTS = 120
THROTTLED, BUSY = 130429, 131016


@pytest.fixture
def line(office: Office) -> Iterator[Number]:
    """Sales' number as Meta knows it, with our webhook as its callback, in nasty weather."""
    number = office.graph.world.numbers[office.sales.phone_number_id]
    number.callback_url = office.sales.webhook
    number.account.subscriptions[APP_ID] = ("", "")
    office.graph.courier.weather = NASTY
    yield number
    office.wait(lambda: office.graph.courier.waiting == 0, "the courier to come home")
    office.graph.orders.waiting.clear()
    number.callback_url = ""
    del number.account.subscriptions[APP_ID]
    office.graph.courier.weather = AT_ONCE


def on_the_phone_of(office: Office, number: str) -> list[Record]:
    """What the customer was sent, as their phone shows it."""
    return [record for record in list(office.graph.world.messages.values()) if record.is_ours and record.who == number.lstrip("+")]


def conversation(office: Office, ticket: dict[str, Any]) -> list[dict[str, Any]]:
    return office.api("alice").all(f"tickets/{ticket['id']}/messages/")


def test_what_customers_say_arrives_once_and_what_agents_answer_is_read_once(office, line):
    """Journey A."""
    people = fresh_numbers(CUSTOMERS)
    graph = office.graph
    told = [(number, text) for text in SAID for number in people]
    for number, text in told:
        customers.says(graph.world, graph.courier, line, graph.world.customer(number.lstrip("+")), "text", {"body": text})
    tickets = {number: office.wait(lambda number=number: office.ticket_of(number), "the ticket") for number in people}

    def has_all(number: str) -> bool:
        return len(conversation(office, tickets[number])) >= len(SAID)

    for number in people:
        office.wait(lambda number=number: has_all(number), "all that was said")
    broken = [
        orders.refuse(THROTTLED, path="messages"),
        orders.take_and_cut(),
        orders.take_and_garble(),
        orders.refuse(BUSY, path="messages"),
    ]
    graph.orders.extend(broken * 2)
    answers = {
        number: office.api("alice").make(f"tickets/{tickets[number]['id']}/messages/", body=f"It is on its way, {number[-3:]}")["id"]
        for number in people
    }

    def is_read(number: str) -> bool:
        return office.message(answers[number])["status"] == "read"

    for number in people:
        office.wait(lambda number=number: is_read(number), "the answer to be read")

    for number in people:
        said = [message["body"] for message in conversation(office, tickets[number]) if message["direction"] == "in"]
        assert Counter(said) == Counter(SAID)
        assert [record.document["text"]["body"] for record in on_the_phone_of(office, number)] == [f"It is on its way, {number[-3:]}"]
        assert office.api("alice").read(f"tickets/?search={number.lstrip('+')}&connection={office.sales.id}")["results"][1:] == []


def test_a_campaign_through_throttles_and_broken_answers_doubles_nobody_and_counts_everybody(office, line):
    """Journey B. What Meta took is read in the end, told by receipts that carry our id; what never reached it is the only unknown."""
    people = fresh_numbers(RECIPIENTS)
    lost = [orders.answer_with(503, b"<html>Service Unavailable</html>", path="messages")] * 3
    broken = [orders.take_and_cut(), orders.take_and_garble(), orders.refuse(BUSY, path="messages")] * 4
    throttles = [orders.refuse(THROTTLED, path="messages")] * 2
    storm = lost + broken + throttles + [orders.be_slow(0.3)] * 6
    random.Random(7).shuffle(storm)
    office.graph.orders.extend(storm)
    given = [{"number": number, "name": f"Person {number[-3:]}"} for number in people]
    texts = {"1": "{{first_name|there}}", "2": "the news"}
    content = {"connection": office.sales.id, "template": office.facts["template"], "variables": texts}
    campaign = office.api("alice").make("campaigns/", name="Storm", recipients=given, start=True, **content)

    def now_at() -> dict[str, Any]:
        return office.api("alice").read(f"campaigns/{campaign['id']}/")

    office.wait(lambda: now_at()["status"] == "finished", "the campaign's end")
    # A late sign that somebody read an older message may have met one of the 503s.
    reached = sum(bool(on_the_phone_of(office, number)) for number in people)
    assert RECIPIENTS - len(lost) <= reached < RECIPIENTS
    office.wait(lambda: now_at()["counts"]["read"] == reached, "everybody to read it")

    counts = now_at()["counts"]
    phones = {number: [record.document["type"] for record in on_the_phone_of(office, number)] for number in people}
    rows = office.api("alice").all(f"campaigns/{campaign['id']}/recipients/")
    unknown = {row["address"] for row in rows if row["state"] == "unknown"}
    assert counts | {"total": RECIPIENTS, "sent": reached, "delivered": reached, "read": reached, "unknown": RECIPIENTS - reached} == counts
    assert (counts["queued"], counts["failed"]) == (0, 0)
    assert Counter(map(len, phones.values())) == {1: reached, 0: RECIPIENTS - reached}
    assert unknown == {number for number, shown in phones.items() if not shown}
    assert not office.graph.orders.waiting
