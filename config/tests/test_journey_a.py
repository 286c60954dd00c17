"""Journey A (house §5) through real processes: what WhatsApp says reaches the right browsers, and what agents answer reaches WhatsApp."""

import json
from pathlib import Path
from typing import Any

import pytest

from config.tests.visitors import Office, fresh_number, fresh_wamid, receipt
from connectors.tests.calls import RECORDED, recorded_webhooks
from connectors.types import Delivery
from contacts.tests.factories import ContactFactory
from tickets.models import Message, Ticket
from tickets.tests.factories import TicketFactory

TARGETS = {"reaction": "message_id", "edit": "original_message_id", "revoke": "original_message_id"}
STATUSES = {
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "played": Delivery.PLAYED,
    "failed": Delivery.FAILED,
}
MARKS = {"reaction": "reactions", "edit": "edits", "revoke": "revoked_at"}


class Sample:
    """A recorded webhook, made out to our number; its ids are its own, so that no sample is the repeat of another."""

    def __init__(self, path: Path, phone_number_id: str) -> None:
        self.name = path.stem
        self.document = json.loads(path.read_bytes())
        self.messages: list[dict[str, Any]] = []
        self.statuses: list[dict[str, Any]] = []
        for entry in self.document["entry"]:
            for change in entry.get("changes", []):
                self._take(change, phone_number_id)

    @property
    def body(self) -> bytes:
        return json.dumps(self.document).encode()

    @property
    def targets(self) -> dict[str, str]:
        """The ids that reactions, edits and revokes speak of -> who wrote that message."""
        changing = [item for item in self.messages if item.get("type") in TARGETS]
        return {target_of(item): item.get("from") or item["to"] for item in changing}

    def _take(self, change: dict[str, Any], phone_number_id: str) -> None:
        value = change["value"]
        if "metadata" in value:
            value["metadata"]["phone_number_id"] = phone_number_id
        if change["field"] not in ("messages", "smb_message_echoes"):
            return
        for item in (*value.get("messages", ()), *value.get("message_echoes", ())):
            item["id"] = f"{item['id']}.{self.name}"
            if item.get("type") in TARGETS:
                part = item[item["type"]]
                part[TARGETS[item["type"]]] += f".{self.name}.target"
            self.messages.append(item)
        for item in value.get("statuses", ()):
            item["id"] += f".{self.name}.out"
            self.statuses.append(item)


def target_of(item: dict[str, Any]) -> str:
    return item[item["type"]][TARGETS[item["type"]]]


def sent_before(office: Office, wamids: set[str]) -> None:
    """Messages of ours that the gateway took, one for each id."""
    contact = ContactFactory(phone=fresh_number())
    ticket = TicketFactory(contact=contact, connection_id=office.recorded.id, status=Ticket.Status.OPEN, protocol="recorded")
    Message.objects.bulk_create(
        Message(
            contact=ticket.contact,
            connection_id=office.recorded.id,
            ticket=ticket,
            direction="out",
            origin="agent",
            kind="text",
            body="Said before",
            external_id=wamid,
            key=f"key of {wamid}",
            status=Delivery.ACCEPTED,
        )
        for wamid in sorted(wamids)
    )


def shown_by_rest(office: Office) -> dict[str, dict[str, Any]]:
    """Every message of the line that Alice sees in its tickets, by the gateway's id."""
    alice = office.api("alice")
    tickets = alice.all(f"tickets/?connection={office.recorded.id}")
    messages = [message for ticket in tickets for message in alice.all(f"tickets/{ticket['id']}/messages/")]
    return {message["external_id"]: message for message in messages}


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded samples are not on this machine")
def test_every_recorded_webhook_is_taken_shown_and_moves_its_messages(office, on_stack):
    samples = [Sample(path, office.recorded.phone_number_id) for path in recorded_webhooks()]
    with on_stack("acme"):
        sent_before(office, {item["id"] for sample in samples for item in sample.statuses})
    for sample in samples:
        for wamid, writer in sample.targets.items():
            office.recorded.says(wamid, "Before it was changed", sender=writer)

    answers = {sample.name: office.recorded.post(sample.body).status_code for sample in samples}
    office.wait(lambda: not office.waiting_webhooks(office.recorded), "the inbox to be empty", seconds=60)

    states = office.rows("SELECT state, error FROM tenants_webhook WHERE connection_id = %s AND state <> 1", office.recorded.id)
    shown = shown_by_rest(office)
    assert set(answers.values()) == {200}
    assert states == []
    assert [sample.name for sample in samples for item in sample.messages if not is_shown(item, shown)] == []
    assert moved(samples, shown) == expected_moves(samples)


def is_shown(item: dict[str, Any], shown: dict[str, dict[str, Any]]) -> bool:
    if item.get("type") not in TARGETS:
        return item["id"] in shown
    target = shown.get(target_of(item))
    return target is not None and MARKS[item["type"]] in target["payload"]


def moved(samples: list[Sample], shown: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {item["id"]: shown[item["id"]]["status"] for sample in samples for item in sample.statuses}


def expected_moves(samples: list[Sample]) -> dict[str, str]:
    furthest: dict[str, Delivery] = {}
    for sample in samples:
        for item in sample.statuses:
            step = STATUSES.get(item["status"], Delivery.ACCEPTED)
            furthest[item["id"]] = max(furthest.get(item["id"], Delivery.ACCEPTED), step)
    return {wamid: step.name.lower() for wamid, step in furthest.items()}


def test_a_customer_is_heard_by_sales_alone_and_gets_the_answer(office):
    number = fresh_number()
    bob = office.api("bob")
    with office.socket("bob") as bobs, office.socket("carol") as carols, office.socket("mallory") as mallorys:
        answer = office.sales.says(fresh_wamid(), "Is the armchair still there?", sender=number)
        heard = bobs.hears("appMessage", lambda data: data["message"]["body"] == "Is the armchair still there?")
        ticket = heard["ticket"]["id"]
        reply = bob.make(f"tickets/{ticket}/messages/", body="Yes, three of them")
        given = office.wait(lambda: office.taken_for(number), "the gateway to be given the reply")
        bobs.hears("appMessage", lambda data: data["message"]["id"] == reply["id"] and data["message"]["status"] == "accepted")
        wamid = office.message(reply["id"])["external_id"]
        for state in ("sent", "delivered", "read"):
            office.sales.tells(receipt(wamid, state))
            bobs.hears("appMessage", lambda data, state=state: data["message"]["id"] == reply["id"] and data["message"]["status"] == state)
        bob.patch("auth/me/", json={"name": "Bob B."})
        office.api("mallory").patch("auth/me/", json={"name": "Mallory M."})
        carols.hears("user", lambda data: data["user"]["name"] == "Bob B.")
        mallorys.hears("user", lambda data: data["user"]["name"] == "Mallory M.")

    assert answer.status_code == 200
    assert (heard["action"], heard["contact"]["phone"], heard["ticket"]["queue"]["id"]) == ("create", number, office.facts["sales_queue"])
    assert [document["text"]["body"] for document in given] == ["Yes, three of them"]
    assert (carols.datas("appMessage"), carols.datas("ticket")) == ([], [])
    assert (mallorys.datas("appMessage"), mallorys.datas("ticket")) == ([], [])
    assert [office.api(name).get(f"tickets/{ticket}/").status_code for name in ("bob", "carol", "mallory")] == [200, 404, 404]
    assert [message["body"] for message in bob.read(f"tickets/{ticket}/messages/")["results"]] == [
        "Yes, three of them",
        "Is the armchair still there?",
    ]
    assert office.message(reply["id"])["status"] == "read"


def test_the_flight_recorder_tells_a_message_s_whole_way(office):
    number, wamid = fresh_number(), fresh_wamid()
    office.sales.says(wamid, "Where is it?", sender=number)
    office.wait(lambda: office.ticket_of(number), "the ticket")
    flights = office.wait(lambda: office.api("alice").read(f"flights/?search={wamid}")["results"], "the flight")

    times = [flights[0][step] for step in ("received_at", "parsed_at", "applied_at", "pushed_at")]
    assert len(flights) == 1
    assert times == sorted(times)
