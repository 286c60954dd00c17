"""Conversations over HTTP, as agents use them and as Mallory tries to."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, Tag
from contacts.tests.factories import ContactFactory
from tenants.lib.tenancy import enter
from tickets.models import ConnectionRouting, Message, Queue, Ticket
from tickets.tests.factories import ConnectionFactory, QueueFactory, TicketFactory, heard

URL = "/api/v1/"


@pytest.fixture
def ticket(line, marina, sales):
    return heard(line, marina, "Where is my order?").ticket


def person(user):
    return {"id": user.pk, "name": user.name, "is_api_key": False}


def errors_of(answer):
    return answer.status_code, [(error["code"], error["attr"]) for error in answer.json()["errors"]]


def test_the_ticket_as_json(bob, client_of, ticket, line, marina, sales):
    answer = client_of(bob).get(f"{URL}tickets/{ticket.pk}/")

    shown = answer.json()
    message = Message.objects.get()
    times = {name: shown.pop(name) for name in ("last_message_at", "last_inbound_at", "created_at", "accepted_at", "closed_at")}
    assert shown.pop("last_message").items() >= {"id": message.pk, "kind": "text", "direction": "in", "status": "delivered"}.items()
    assert shown == {
        "id": ticket.pk,
        "protocol": ticket.protocol,
        "status": "pending",
        "contact": {"id": marina.pk, "name": "Marina", "phone": marina.phone, "display_name": "Marina"},
        "connection": {"id": line.pk, "name": "Main line", "provider": "simulator"},
        "queue": {"id": sales.pk, "name": "Sales", "color": sales.color},
        "assignee": None,
        "tags": [],
        "unread_count": 1,
        "window_expires_at": None,
    }
    assert (times["accepted_at"], times["closed_at"], times["created_at"] is not None) == (None, None, True)


def test_a_conversation_from_accept_to_close_and_again(bob, carol, support, client_of, ticket):
    client = client_of(bob)
    vip = Tag.objects.create(name="VIP")

    def post(verb, body=None):
        return client.post(f"{URL}tickets/{ticket.pk}/{verb}/", body or {})

    accepted = post("accept").json()
    read = post("read").json()
    tagged = client.put(f"{URL}tickets/{ticket.pk}/tags/", {"tags": [vip.pk]}).json()
    note = post("notes", {"body": "Asked the warehouse"})
    said = post("messages", {"body": "It left today", "client_key": "k1"})
    repeated = post("messages", {"body": "It left today", "client_key": "k1"})
    closed = post("close").json()
    reopened = post("reopen").json()
    moved = post("transfer", {"user": carol.pk, "note": "Please finish"}).json()

    assert (accepted["status"], accepted["assignee"], read["unread_count"]) == (
        "open",
        {"id": bob.pk, "name": "Bob", "is_api_key": False},
        0,
    )
    assert [tag["name"] for tag in tagged["tags"]] == ["VIP"]
    assert (note.status_code, note.json()["kind"], note.json()["status"]) == (201, "note", "sent")
    assert (said.status_code, said.json()["status"], said.json()["author"]["name"]) == (201, "queued", "Bob")
    assert said.json()["id"] == repeated.json()["id"]
    assert (closed["status"], reopened["status"], reopened["assignee"]["id"]) == ("closed", "open", bob.pk)
    assert (moved["assignee"]["name"], moved["queue"]["name"]) == ("Carol", "Sales")


def test_history_newest_first_by_cursor(bob, client_of, line, marina, ticket):
    for number in range(3):
        heard(line, marina, f"{number}")
    client = client_of(bob)

    first = client.get(f"{URL}tickets/{ticket.pk}/messages/?page_size=2").json()
    second = client.get(first["next"]).json()

    assert [message["body"] for message in first["results"] + second["results"]] == ["2", "1", "0", "Where is my order?"]
    assert second["next"] is None


def test_start_a_conversation_with_a_typed_number(bob, client_of, line):
    client = client_of(bob)

    first = client.post(f"{URL}tickets/", {"connection": line.pk, "number": "(11) 98765-4321", "name": "Rafael"})
    second = client.post(f"{URL}tickets/", {"connection": line.pk, "contact": first.json()["contact"]["id"]})

    assert (first.status_code, second.status_code, first.json()["id"]) == (201, 200, second.json()["id"])
    assert Contact.objects.get().phone == "+5511987654321"


def test_what_cannot_be_started_is_refused_by_field(bob, client_of, line):
    client = client_of(bob)

    assert errors_of(client.post(f"{URL}tickets/", {"connection": line.pk, "number": "eleven"})) == (400, [("invalid_phone", "number")])
    assert errors_of(client.post(f"{URL}tickets/", {"connection": line.pk})) == (400, [("required", "number")])
    assert errors_of(client.post(f"{URL}tickets/", {"connection": 0, "number": "11987654321"})) == (400, [("does_not_exist", "connection")])


def test_one_send_to_a_number(bob, client_of, line):
    client = client_of(bob)
    body = {"connection": line.pk, "number": "11987654321", "body": "Hello"}

    first = client.post(f"{URL}messages/", body, headers={"Idempotency-Key": "once"})
    second = client.post(f"{URL}messages/", body, headers={"Idempotency-Key": "once"})
    other = client.post(f"{URL}messages/", body | {"body": "Other"}, headers={"Idempotency-Key": "once"})

    assert (first.status_code, second.json(), other.status_code) == (201, first.json(), 422)
    assert (Message.objects.count(), Ticket.objects.get().assignee) == (1, bob)


def test_a_send_that_is_refused_leaves_nothing_behind(bob, client_of, line):
    answer = client_of(bob).post(f"{URL}messages/", {"connection": line.pk, "number": "11987654321", "body": ""})

    assert errors_of(answer) == (400, [("required", "body")])
    assert Ticket.objects.count() == 0


def test_lists_are_narrowed(bob, client_of, line, sales, ticket):
    rafael = TicketFactory(
        connection=line, contact=ContactFactory(name="Rafael", phone="+5521912345678"), queue=sales, status="open", assignee=bob
    )
    rafael.tags.add(vip := Tag.objects.create(name="VIP"))
    client = client_of(bob)

    def found(query):
        return [shown["id"] for shown in client.get(f"{URL}tickets/?{query}").json()["results"]]

    assert found("status=pending") == [ticket.pk]
    assert found("status=open") == found("mine=true") == found(f"assignee={bob.pk}") == found(f"tag={vip.pk}") == [rafael.pk]
    assert found("unread=true") == found(f"contact={ticket.contact_id}") == [ticket.pk]
    assert sorted(found(f"queue={sales.pk}")) == sorted(found(f"connection={line.pk}&status=open&status=pending")) == [ticket.pk, rafael.pk]
    assert found("search=rafa") == found("search=(21) 91234") == [rafael.pk]
    assert found("search=my ORDER") == found(f"search={ticket.protocol}") == [ticket.pk]
    assert client.get(f"{URL}tickets/counts/").json() == {"pending": 1, "open": 1, "mine": 1, "unread": 1}
    assert [shown["body"] for shown in client.get(f"{URL}messages/?search=order").json()["results"]] == ["Where is my order?"]


def test_queues_are_the_admins(alice, bob, carol, client_of, line):
    admin = client_of(alice)

    made = admin.post(f"{URL}queues/", {"name": "Billing", "color": "#112233", "members": [bob.pk]})
    changed = admin.patch(f"{URL}queues/{made.json()['id']}/", {"members": [carol.pk]})
    routed = admin.post(f"{URL}connection-routings/", {"connection": line.pk, "queue": made.json()["id"]})
    twice = admin.post(f"{URL}queues/", {"name": "Billing"})
    refused = client_of(bob).post(f"{URL}queues/", {"name": "Mine"})
    gone = admin.delete(f"{URL}queues/{made.json()['id']}/")

    assert [member["name"] for member in made.json()["members"]] == ["Bob"]
    assert (changed.json()["name"], [member["name"] for member in changed.json()["members"]]) == ("Billing", ["Carol"])
    assert (routed.json()["queue"]["name"], ConnectionRouting.objects.count()) == ("Billing", 1)
    assert (errors_of(twice), refused.status_code, gone.status_code) == ((400, [("taken", "name")]), 403, 204)
    assert not Queue.objects.filter(name="Billing").exists()


def test_a_queue_with_open_conversations_stays(alice, client_of, ticket, sales):
    answer = client_of(alice).delete(f"{URL}queues/{sales.pk}/")

    assert errors_of(answer) == (409, [("in_use", None)])


def test_what_an_agent_does_not_see_is_not_there(carol, client_of, ticket):
    client = client_of(carol)
    paths = [f"tickets/{ticket.pk}/", f"tickets/{ticket.pk}/messages/", f"messages/{ticket.last_message_id}/"]

    answers = [client.get(URL + path).status_code for path in paths]

    assert answers == [404, 404, 404]
    assert client.get(f"{URL}tickets/").json()["results"] == client.get(f"{URL}messages/").json()["results"] == []


def test_another_companys_ids_are_not_there(mallory, globex, client_of, ticket, sales):
    message = Message.objects.get()
    client = client_of(mallory)
    verbs = ["accept", "transfer", "close", "reopen", "read", "notes", "messages"]

    answers = [client.post(f"{URL}tickets/{ticket.pk}/{verb}/", {"body": "x"}).status_code for verb in verbs]
    paths = [f"tickets/{ticket.pk}", f"messages/{message.pk}", f"queues/{sales.pk}"]
    answers += [client.get(f"{URL}{path}/").status_code for path in paths]
    answers += [client.post(f"{URL}messages/{message.pk}/retry/").status_code, client.delete(f"{URL}queues/{sales.pk}/").status_code]

    assert set(answers) == {404}
    with enter(globex):
        assert client.get(f"{URL}tickets/").json()["results"] == []


@pytest.mark.parametrize("path", ["tickets/", "messages/", "queues/", "connection-routings/", "tickets/{ticket}/messages/"])
def test_lists_ask_the_same_whatever_their_length(alice, client_of, path, sales, line, marina):
    client = client_of(alice)
    counts = []
    for goal in (1, 3):
        while Ticket.objects.count() < goal:
            connection = line if not Ticket.objects.exists() else ConnectionFactory()
            message = heard(connection, marina)
            heard(connection, marina)
            message.ticket.tags.add(Tag.objects.create(name=f"Tag {goal} {message.pk}"))
            ConnectionRouting.objects.get_or_create(connection=connection, defaults={"queue": QueueFactory(members=[alice])})
        ticket = Ticket.objects.order_by("id").first()
        client.get(URL + path.format(ticket=ticket.pk))
        with CaptureQueriesContext(database) as queries:
            client.get(URL + path.format(ticket=ticket.pk))
        counts.append(len(queries))

    assert counts[0] == counts[1]
