"""Everything goes wrong at once (house §5): much at the same moment, twice, too early, and whatever we stand on dies.

The worker killed in the middle of a campaign is in test_chaos, the campaign that is stopped in test_campaign_stops; ingress alone is in
connectors/tests.
"""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from config import inbound
from config.tests.visitors import Browser, Line, Office, fresh_number, fresh_numbers, fresh_wamid, receipt, shuffled
from tenants.lib.realtime import missed
from tenants.models import Timer
from tickets.models import Message
from tickets.routing import route_ticket
from tickets.tests.factories import ConnectionFactory, TicketFactory
from tickets.tests.factories import inbound as message_from

RESUME_SECONDS = 60
PARALLEL = 8
GOING_HOME = "Carol, going home"


def texts_of(office: Office, ticket: dict[str, Any]) -> list[str]:
    """What was said in the ticket, oldest first."""
    return [message["body"] for message in reversed(office.api("alice").all(f"tickets/{ticket['id']}/messages/"))]


def in_order_of_arrival(office: Office, line: Line, number: str) -> list[str]:
    rows = office.rows("SELECT convert_from(body, 'UTF8') FROM tenants_webhook WHERE connection_id = %s ORDER BY id", line.id)
    calls = [json.loads(body) for (body,) in rows]
    # Ids of connections repeat between companies, and another one's number may be a simulator.
    values = [call["entry"][0]["changes"][0]["value"] for call in calls if "entry" in call]
    items = [item for value in values for item in value.get("messages", ())]
    return [item["text"]["body"] for item in items if item["from"] == number.lstrip("+")]


def test_fifty_first_messages_at_once_are_one_ticket_in_order(office):
    number = fresh_number()
    with ThreadPoolExecutor(50) as customers:
        answers = list(customers.map(lambda place: office.sales.says(fresh_wamid(), f"Line {place}", sender=number), range(50)))
    ticket = office.wait(lambda: office.ticket_of(number), "the ticket")
    office.wait(lambda: len(texts_of(office, ticket)) == 50, "all messages")

    tickets = office.api("alice").read(f"tickets/?contact={ticket['contact']['id']}")["results"]
    assert {answer.status_code for answer in answers} == {200}
    assert [found["id"] for found in tickets] == [ticket["id"]]
    assert texts_of(office, ticket) == in_order_of_arrival(office, office.sales, number)
    assert office.ticket_of(number)["unread_count"] == 50


def test_the_same_webhook_five_times_is_one_message_and_the_furthest_status(office):
    number = fresh_number()
    ticket = office.heard_from(number)
    reply = office.api("bob").make(f"tickets/{ticket['id']}/messages/", body="Here it is")
    office.wait(lambda: office.message(reply["id"])["status"] == "accepted", "the reply to be sent")
    wamid, question = office.message(reply["id"])["external_id"], fresh_wamid()
    said = json.loads(office.sales.spoken(question, "And the price?", sender=number))
    statuses = [receipt(wamid, state) for state in ("sent", "delivered", "read")]

    for turn in range(5):
        said["entry"][0]["changes"][0]["value"]["statuses"] = shuffled(statuses, seed=turn)
        assert office.sales.post(json.dumps(said).encode()).status_code == 200
    office.wait(lambda: office.message(reply["id"])["status"] == "read", "the receipts")
    office.wait(lambda: not office.waiting_webhooks(office.sales), "the inbox to be empty")

    after = office.message(reply["id"])
    assert texts_of(office, ticket) == ["Good morning", "Here it is", "And the price?"]
    assert (after["status"], all(after[step] for step in ("sent_at", "delivered_at", "read_at"))) == ("read", True)


def wamid_of_what_was_taken(office: Office, number: str) -> str:
    """The id that the gateway has given to the message, but not told us yet."""
    document = office.wait(lambda: office.taken_for(number), "the gateway to have the message")[-1]
    return office.graph.wamid_of(document)


def parked(office: Office, wamid: str) -> int:
    return office.rows("SELECT count(*) FROM acme.tickets_parkedreceipt WHERE external_id = %s", wamid)[0][0]


def tell_too_early(office: Office, wamid: str) -> None:
    for state in ("read", "sent", "delivered"):
        office.sales.tells(receipt(wamid, state))
    office.wait(lambda: parked(office, wamid) == 3, "the receipts to be parked")


def test_receipts_that_overtake_an_agents_send_count(office):
    number = fresh_number()
    ticket = office.heard_from(number)
    office.graph.is_answering = False

    reply = office.api("bob").make(f"tickets/{ticket['id']}/messages/", body="At once")
    wamid = wamid_of_what_was_taken(office, number)
    tell_too_early(office, wamid)
    before = office.message(reply["id"])["status"]
    office.graph.is_answering = True
    office.wait(lambda: office.message(reply["id"])["status"] == "read", "the parked receipts to be applied")

    after = office.message(reply["id"])
    assert (before, after["external_id"], parked(office, wamid)) == ("sending", wamid, 0)
    assert all(after[step] for step in ("sent_at", "delivered_at", "read_at"))


def test_receipts_that_overtake_a_campaigns_send_count(office):
    number = fresh_number()
    office.graph.is_answering = False

    campaign = campaign_to(office, [number])
    tell_too_early(office, wamid_of_what_was_taken(office, number))
    office.graph.is_answering = True
    office.wait(lambda: counts_of(office, campaign)["read"] == 1, "the parked receipts to be counted")

    counts = {name: count for name, count in counts_of(office, campaign).items() if count}
    assert counts == {"total": 1, "sent": 1, "delivered": 1, "read": 1}


def campaign_to(office: Office, numbers: list[str]) -> dict[str, Any]:
    return office.api("alice").make(
        "campaigns/",
        connection=office.sales.id,
        template=office.facts["template"],
        variables={"1": "you", "2": "news"},
        recipients=[{"number": number} for number in numbers],
        start=True,
    )


def counts_of(office: Office, campaign: dict[str, Any]) -> dict[str, int]:
    return office.api("alice").read(f"campaigns/{campaign['id']}/")["counts"]


def test_valkey_killed_under_traffic_loses_nothing_and_all_resumes_within_a_minute(office, stack):
    customers = fresh_numbers(4)
    tickets = {number: office.heard_from(number, "Line 0") for number in customers}
    audience = fresh_numbers(40)
    office.graph.is_answering = False
    campaign = campaign_to(office, audience)
    office.wait(lambda: sum(bool(office.taken_for(number)) for number in audience) == PARALLEL, "the campaign's first wave")

    answers = []
    for place in range(1, 11):
        if place == 4:
            stack.kill("valkey")
            office.graph.is_answering = True
            replies = [office.api("bob").post(f"tickets/{ticket['id']}/messages/", json={"body": "Later"}) for ticket in tickets.values()]
        answers += [office.sales.says(fresh_wamid(), f"Line {place}", sender=number).status_code for number in customers]
    stack.start("valkey")
    said = [f"Line {place}" for place in range(11)]

    def is_all_there() -> bool:
        heard = [[text for text in texts_of(office, ticket) if text != "Later"] for ticket in tickets.values()]
        counts = counts_of(office, campaign)
        given = [len(office.taken_for(number)) for number in customers]
        return heard == [said] * 4 and given == [1] * 4 and counts["sent"] + counts["unknown"] == 40

    office.wait(is_all_there, "work to resume", seconds=RESUME_SECONDS)

    assert set(answers) == {200}
    assert [reply.status_code for reply in replies] == [201] * 4
    assert max(len(office.taken_for(number)) for number in audience) == 1
    assert counts_of(office, campaign)["unknown"] <= PARALLEL
    assert sum(len(office.taken_for(number)) for number in audience) == 40


def test_without_a_database_everybody_is_sent_away_and_the_gateways_retry_arrives(office, stack):
    number = fresh_number()
    with office.socket("bob") as bobs:
        with stack.without_database():
            refused = office.sales.says("wamid.WITHOUT", "Anybody there?", sender=number)
            asked = office.api("bob").get("tickets/")
            unwell = office.nobody().get("health/")
        office.wait(lambda: office.sales.says("wamid.WITHOUT", "Anybody there?", sender=number).status_code == 200, "the gateway's retry")
        heard = bobs.hears("appMessage", lambda data: data["message"]["body"] == "Anybody there?", seconds=RESUME_SECONDS)

    assert (refused.status_code, asked.status_code, unwell.status_code) == (503, 503, 503)
    assert texts_of(office, heard["ticket"]) == ["Anybody there?"]


def test_an_answerer_that_raises_hides_nothing_and_is_asked_again(acme, alice, client_of, monkeypatch):
    def raises(message: Message) -> bool:
        raise RuntimeError("a bug in a flow")

    ticket = TicketFactory(connection=ConnectionFactory())
    event = message_from(ticket.contact, "Is anybody there?")

    monkeypatch.setattr(inbound, "ANSWERERS", (raises, route_ticket))
    inbound.handle(ticket.connection, [event])
    shown = client_of(alice).get(f"/api/v1/tickets/{ticket.pk}/messages/").json()["results"]
    frames = [frame.data["message"]["body"] for frame in missed(acme, 0) or [] if frame.event.endswith("appMessage")]
    timer = Timer.objects.get(kind=inbound.ANSWER_TIMER)
    ticket.refresh_from_db()
    waiting = ticket.routed_at
    monkeypatch.setattr(inbound, "ANSWERERS", (route_ticket,))
    inbound.answer_again(timer.key, timer.payload)
    ticket.refresh_from_db()

    assert [message["body"] for message in shown] == ["Is anybody there?"]
    assert frames == ["Is anybody there?"]
    assert (waiting, ticket.routed_at is not None) == (None, True)


class Screen:
    """What a browser shows of conversations: built of nothing but frames."""

    def __init__(self) -> None:
        self.tickets: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, dict[str, Any]] = {}
        self.names: set[str] = set()
        self.last = 0

    def take(self, frame: dict[str, Any]) -> None:
        """A frame after a hole is left aside: what was missed is asked for, and the answer holds it again."""
        if "prev" not in frame or frame["seq"] <= self.last or frame["prev"] > self.last:
            return
        self.last = frame["seq"]
        data, event = frame["data"], frame["event"].split("-", 2)[2]
        if "ticket" in data:
            self.tickets[data["ticket"]["id"]] = data["ticket"]
        if event == "ticket" and data["action"] == "updateUnread" and data["ticketId"] in self.tickets:
            self.tickets[data["ticketId"]]["unread_count"] = data["unread"]
        if event == "appMessage":
            self.messages[data["message"]["id"]] = data["message"]
        if event == "user":
            self.names.add(data["user"]["name"])

    def resume(self, page: Browser) -> None:
        page.socket.send(json.dumps({"event": "resume", "since": self.last, "epoch": page.ready["epoch"]}))


def busy_afternoon(office: Office, customers: list[str]) -> None:
    """Customers write, Bob answers, reads and closes, receipts come: all at once, until nothing waits any more."""
    bob, dice = office.api("bob"), random.Random(11)
    tickets = {number: office.heard_from(number)["id"] for number in customers}
    replies: list[int] = []
    for place in range(60):
        number = dice.choice(customers)
        deed = dice.choice(("says", "says", "replies", "reads", "receipts", "closes"))
        if deed == "says":
            office.sales.says(fresh_wamid(), f"Word {place}", sender=number)
        elif deed == "replies":
            answer = bob.post(f"tickets/{tickets[number]}/messages/", json={"body": f"Answer {place}"})
            replies += [answer.json()["id"]] if answer.ok else []
        elif deed == "reads":
            bob.post(f"tickets/{tickets[number]}/read/")
        elif deed == "receipts" and replies:
            wamid = office.message(dice.choice(replies))["external_id"]
            office.sales.tells(*[receipt(wamid, state) for state in ("delivered", "read")] if wamid else [])
        elif deed == "closes" and place > 40:
            bob.post(f"tickets/{tickets[number]}/close/")
    office.wait(lambda: not office.waiting_webhooks(office.sales), "the inbox to be empty")
    unsent = "SELECT count(*) FROM acme.tickets_message WHERE direction = 'out' AND status < 10 AND ticket_id = ANY(%s)"
    office.wait(lambda: office.rows(unsent, list(tickets.values()))[0][0] == 0, "everything to be sent")
    office.api("carol").patch("auth/me/", json={"name": GOING_HOME})


def test_sockets_dropped_at_random_under_traffic_show_what_rest_says(office):
    customers, screen, dice = fresh_numbers(6), Screen(), random.Random(5)
    with office.socket("bob") as page:
        screen.last = page.ready["seq"]
    with ThreadPoolExecutor(1) as traffic:
        afternoon = traffic.submit(busy_afternoon, office, customers)
        while GOING_HOME not in screen.names:
            if afternoon.done():
                afternoon.result()
            with office.socket("bob") as page:
                screen.resume(page)
                for _ in range(dice.randint(1, 20)):
                    screen.take(page.next_frame())
                    if GOING_HOME in screen.names:
                        break

    bob = office.api("bob")
    listed = bob.all(f"tickets/?connection={office.sales.id}")
    tickets = {ticket["id"]: ticket for ticket in listed if ticket["contact"]["phone"] in customers}
    messages = {message["id"]: message for pk in tickets for message in bob.all(f"tickets/{pk}/messages/")}
    assert len(tickets) >= len(customers)
    assert differences(screen.tickets, tickets) == {}
    assert differences(screen.messages, messages) == {}


def differences(shown: dict[int, dict[str, Any]], real: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """The fields that are not the same: `id.field` -> what is shown and what is real."""
    names = {(pk, name) for rows in (shown, real) for pk, row in rows.items() for name in row}
    pairs = {f"{pk}.{name}": (shown.get(pk, {}).get(name), real.get(pk, {}).get(name)) for pk, name in names}
    return {place: pair for place, pair in pairs.items() if pair[0] != pair[1]}
