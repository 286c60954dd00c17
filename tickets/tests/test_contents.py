"""Places, cards, quotes and reactions, as they are sent and as they are shown."""

import pytest

from connectors.providers.simulator import network
from connectors.providers.simulator.network import Line
from connectors.types import Delivery
from tenants.lib.tenancy import current_company
from tickets.delivery import deliver
from tickets.models import Message, Ticket
from tickets.tests.factories import TicketFactory, heard

URL = "/api/v1/"


@pytest.fixture
def asked(line, marina, bob, client_of):
    """What Marina asked, in a conversation that Bob took."""
    message = heard(line, marina, "Where are you?", external_id="wamid.Q")
    client_of(bob).post(f"{URL}tickets/{message.ticket_id}/accept/")
    return message


def phone(line, contact):
    return network.conversation(Line(current_company().pk, line.pk), contact.phone)


def errors_of(answer):
    return answer.status_code, [(error["code"], error["attr"]) for error in answer.json()["errors"]]


def test_a_place_and_a_card_are_sent(line, marina, asked, bob, client_of):
    client, path = client_of(bob), f"{URL}tickets/{asked.ticket_id}/messages/"
    place = client.post(path, {"location": {"latitude": -23.5, "longitude": -46.6, "name": "Shop"}}).json()
    card = client.post(path, {"contacts": [{"name": "Ana Lima", "phones": ["(11) 98765-4321"], "company": "Acme"}]}).json()

    deliver(line.pk)

    assert (place["kind"], place["body"], place["payload"]["location"]["latitude"]) == ("location", "Shop", -23.5)
    assert (card["kind"], card["body"]) == ("contacts", "Ana Lima")
    assert card["payload"]["contacts"] == [
        {"name": {"formatted_name": "Ana Lima"}, "phones": [{"phone": "+5511987654321"}], "org": {"company": "Acme"}}
    ]
    assert [(entry["kind"], entry["body"]) for entry in phone(line, marina)] == [("location", "Shop"), ("contacts", "Ana Lima")]
    assert set(Message.objects.filter(direction="out").values_list("status", flat=True)) == {Delivery.ACCEPTED}


def test_nonsense_is_refused(asked, bob, client_of):
    client, path = client_of(bob), f"{URL}tickets/{asked.ticket_id}/messages/"

    refusals = [
        client.post(path, {"location": {"latitude": 91, "longitude": 0}}),
        client.post(path, {"contacts": [{"name": "Ana", "phones": ["call me"]}]}),
        client.post(path, {"contacts": [{"name": "Ana", "phones": []}]}),
        client.post(path, {"body": "Here", "reply_to": "999999"}),
    ]

    assert [answer.status_code for answer in refusals] == [400] * 4
    assert errors_of(refusals[1])[1] == [("invalid_phone", "contacts")]
    assert errors_of(refusals[3])[1] == [("does_not_exist", "reply_to")]


@pytest.mark.parametrize("named_by", ["pk", "external_id"])
def test_a_message_is_quoted_by_our_id_or_the_gateways(line, marina, asked, bob, client_of, named_by):
    path = f"{URL}tickets/{asked.ticket_id}/messages/"

    said = client_of(bob).post(path, {"body": "At the shop", "reply_to": str(getattr(asked, named_by))}).json()
    deliver(line.pk)

    assert (said["reply_to"], phone(line, marina)[-1]["reply_to"]) == ("wamid.Q", "wamid.Q")


def test_another_conversations_message_is_not_quoted(line, asked, bob, client_of):
    other = heard(line, TicketFactory(connection=line).contact, "Mine", external_id="wamid.other")

    answer = client_of(bob).post(f"{URL}tickets/{asked.ticket_id}/messages/", {"body": "Hi", "reply_to": other.pk})

    assert errors_of(answer) == (400, [("does_not_exist", "reply_to")])


def test_a_reaction_stands_at_its_message_and_nowhere_else(line, marina, asked, bob, client_of):
    client = client_of(bob)
    shown = client.post(f"{URL}messages/{asked.pk}/react/", {"emoji": "👍"}).json()
    deliver(line.pk)

    listed = client.get(f"{URL}tickets/{asked.ticket_id}/messages/").json()["results"]
    sent = Message.objects.get(kind="reaction")
    assert (shown["id"], shown["payload"]["reactions"]["out"]["emoji"]) == (asked.pk, "👍")
    assert [message["id"] for message in listed] == [asked.pk]
    assert (sent.status, sent.ticket_id, Ticket.objects.get().last_message_id) == (Delivery.ACCEPTED, asked.ticket_id, asked.pk)
    assert [(entry["kind"], entry["body"], entry["target"]) for entry in phone(line, marina)] == [("reaction", "👍", "wamid.Q")]

    client.post(f"{URL}messages/{asked.pk}/react/", {"emoji": ""})
    deliver(line.pk)
    asked.refresh_from_db()
    assert (asked.payload["reactions"]["out"]["emoji"], phone(line, marina)[-1]["body"]) == ("", "")


def test_a_reaction_that_fails_is_not_shown_any_more(line, asked, bob, client_of):
    network.order_failure(Line(current_company().pk, line.pk), "not_on_whatsapp")
    client_of(bob).post(f"{URL}messages/{asked.pk}/react/", {"emoji": "👍"})

    deliver(line.pk)

    asked.refresh_from_db()
    shown = asked.payload["reactions"]["out"]
    assert (Message.objects.get(kind="reaction").status, shown["emoji"], bool(shown["error"])) == (Delivery.FAILED, "", True)


def test_who_may_not_and_what_cannot(line, asked, bob, carol, mallory, client_of):
    unsent = client_of(bob).post(f"{URL}tickets/{asked.ticket_id}/messages/", {"body": "Hi"}).json()["id"]

    answers = [client_of(user).post(f"{URL}messages/{asked.pk}/react/", {"emoji": "👍"}).status_code for user in (carol, mallory)]
    early = client_of(bob).post(f"{URL}messages/{unsent}/react/", {"emoji": "👍"})

    assert (answers, errors_of(early)) == ([404, 404], (409, [("not_reactable", None)]))
