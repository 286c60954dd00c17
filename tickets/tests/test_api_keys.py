"""Programs in conversations: they speak under their own name, and hold nothing that a person should answer."""

import pytest
from rest_framework.test import APIClient

from accounts.services.api_keys import create_api_key
from accounts.tests.cast import client_at
from tickets.models import Message, Ticket
from tickets.tests.factories import heard

URL = "/api/v1/"
SCOPES = ("ticket.read", "ticket.start", "ticket.work", "ticket.transfer", "message.read", "message.send")


@pytest.fixture
def shop(acme, alice) -> APIClient:
    _key, text = create_api_key(name="Shop", scopes=SCOPES, expires_at=None, by=alice)
    client = client_at(acme)
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")
    return client


def test_a_message_of_a_key_bears_its_name_and_the_customers_answer_waits_for_people(shop, line, sales, client_of, bob):
    sent = shop.post(f"{URL}messages/", {"connection": line.pk, "number": "+5511987654321", "body": "Your order left."})

    ticket = Ticket.objects.get()
    history = client_of(bob).get(f"{URL}tickets/{ticket.pk}/messages/").json()["results"]
    assert sent.status_code in (200, 201, 202)
    assert [(message["body"], message["author"]["name"], message["author"]["is_api_key"]) for message in history] == [
        ("Your order left.", "Shop", True)
    ]
    assert (ticket.status, ticket.assignee, ticket.queue) == ("pending", None, sales)


def test_answering_a_waiting_customer_leaves_them_waiting_for_a_person(shop, line, marina):
    ticket = heard(line, marina).ticket

    sent = shop.post(f"{URL}tickets/{ticket.pk}/messages/", {"body": "We are closed. Somebody writes at nine."})

    ticket.refresh_from_db()
    assert (sent.status_code, ticket.status, ticket.assignee) == (201, "pending", None)


def test_it_takes_no_conversation_but_passes_on_closes_and_reopens(shop, line, marina, bob):
    ticket = heard(line, marina).ticket

    taken = shop.post(f"{URL}tickets/{ticket.pk}/accept/")
    given = shop.post(f"{URL}tickets/{ticket.pk}/transfer/", {"user": bob.pk})
    closed = shop.post(f"{URL}tickets/{ticket.pk}/close/")
    reopened = shop.post(f"{URL}tickets/{ticket.pk}/reopen/").json()

    assert (taken.status_code, taken.json()["errors"][0]["code"]) == (409, "key_holds_nothing")
    assert (given.json()["assignee"]["name"], closed.status_code) == ("Bob", 200)
    assert (reopened["status"], reopened["assignee"]) == ("pending", None)


def test_two_keys_with_the_same_idempotency_key_are_two(shop, acme, alice, line):
    other = client_at(acme)
    other.credentials(HTTP_AUTHORIZATION=f"Api-Key {create_api_key(name='Other', scopes=SCOPES, expires_at=None, by=alice)[1]}")
    body = {"connection": line.pk, "number": "+5511987654321", "body": "Hello"}

    answers = [client.post(f"{URL}messages/", body, headers={"Idempotency-Key": "1"}).json()["id"] for client in (shop, shop, other)]

    assert (answers[0] == answers[1], answers[0] == answers[2], Message.objects.count()) == (True, False, 2)
