"""A gateway's calls through real uvicorn, worker, PostgreSQL and Valkey."""

import signal
import time
from dataclasses import dataclass

import pytest
import requests

from accounts.models import Role
from accounts.tests.factories import UserFactory
from connectors.providers.cloud_api.signing import HEADER, signature_of
from connectors.services.connections import create_connection
from connectors.services.links import webhook_url_of
from connectors.tests import calls
from tenants.models import Company, Flight, Webhook
from tenants.services.companies import resume_company, suspend_company
from tickets.models import Message, Ticket

# What is stuck recovers within a minute; an earlier story may have killed Valkey just before.
RECOVERY_SECONDS = 75

SECRETS = {"phone_number_id": calls.NUMBER_ID, "waba_id": calls.ACCOUNT_ID, "access_token": "t", "app_secret": "shh", "verify_token": "vt"}


@dataclass
class Gateway:
    """WhatsApp, as it calls one connection of acme."""

    address: str
    connection_id: int

    def post(self, body: bytes, **headers: str) -> requests.Response:
        signed = {HEADER: signature_of(body, "shh"), "Content-Type": "application/json"} | headers
        return requests.post(self.address, data=body, headers=signed, timeout=10)

    def say(self, wamid: str, text: str = "olá", sender: str = "5511987654321") -> requests.Response:
        people = [{"profile": {"name": "Ana"}, "wa_id": sender}]
        message = calls.message(id=wamid, text={"body": text}) | {"from": sender}
        return self.post(calls.messages(message, contacts=people))


@pytest.fixture
def gateway(stack, on_stack) -> Gateway:
    with on_stack("acme"):
        admin = UserFactory.create(role=Role.ADMIN)
        connection = create_connection(name="Cloud", provider="cloud_api", credentials=SECRETS, by=admin)
        path = webhook_url_of(connection).split("/webhooks/")[1]
    return Gateway(f"{stack.url}/webhooks/{path}", connection.pk)


def messages_of(on_stack, gateway):
    with on_stack("acme"):
        return list(Message.objects.filter(connection_id=gateway.connection_id).order_by("id").values_list("external_id", "body"))


def flight_of(on_stack, wamid):
    with on_stack("acme"):
        return Flight.objects.filter(external_id=wamid).first()


def test_a_call_becomes_a_message_within_moments(stack, on_stack, gateway):
    answer = gateway.say("wamid.FIRST")
    flight = stack.wait_until(lambda: flight_of(on_stack, "wamid.FIRST"), what="the message, told and recorded")

    assert (answer.status_code, messages_of(on_stack, gateway)) == (200, [("wamid.FIRST", "olá")])
    assert (flight.pushed_at - flight.received_at).total_seconds() < 3


def test_bad_calls_over_a_real_line(gateway):
    large = b'{"a": "' + b"x" * 6 * 1024 * 1024 + b'"}'

    answers = [
        gateway.post(large),
        gateway.post(b"{broken"),
        gateway.post(calls.messages(calls.message()), **{HEADER: "sha256=0"}),
        requests.post(gateway.address[:-8] + "xxxxxxx/", data=b"{}", timeout=10),
        requests.get(gateway.address, params={"hub.mode": "subscribe", "hub.verify_token": "vt", "hub.challenge": "42"}, timeout=10),
    ]

    assert [answer.status_code for answer in answers] == [413, 400, 403, 404, 200]
    assert answers[-1].text == "42"


def test_while_the_database_is_down_the_gateway_is_sent_away_and_comes_again(stack, on_stack, gateway):
    gateway.say("wamid.BEFORE")
    with stack.without_database():
        started = time.monotonic()
        refused = gateway.say("wamid.DURING")
        took = time.monotonic() - started
    stack.wait_until(lambda: gateway.say("wamid.DURING").status_code == 200, what="the gateway's retry")
    stack.wait_until(lambda: len(messages_of(on_stack, gateway)) == 2, seconds=60, what="both messages")

    assert (refused.status_code, took < 5) == (503, True)
    assert [wamid for wamid, _text in messages_of(on_stack, gateway)] == ["wamid.BEFORE", "wamid.DURING"]


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(stack, on_stack, gateway):
    for number in range(60):
        gateway.say(f"wamid.{number}", text=str(number))
        if number == 30:
            stack.kill("worker")
    stack.start("worker")
    stack.wait_until(lambda: len(messages_of(on_stack, gateway)) == 60, seconds=60, what="all messages")

    assert [text for _wamid, text in messages_of(on_stack, gateway)] == [str(number) for number in range(60)]
    with on_stack("acme"):
        assert Ticket.objects.filter(connection_id=gateway.connection_id).count() == 1


def test_valkey_killed_loses_nothing(stack, on_stack, gateway):
    gateway.say("wamid.BEFORE")
    stack.kill("valkey", signal.SIGKILL)
    during = gateway.say("wamid.DURING")
    stack.start("valkey")
    stack.wait_until(lambda: len(messages_of(on_stack, gateway)) == 2, seconds=60, what="both messages")

    assert during.status_code == 200


def test_a_suspended_company_s_calls_wait_until_it_is_back(stack, on_stack, gateway):
    with on_stack("acme"):
        acme = Company.objects.get(schema_name="acme")
        suspend_company(acme, by=None)
    answer = gateway.say("wamid.WAITING")
    with on_stack("acme"):
        waiting = Webhook.objects.filter(connection_id=gateway.connection_id, state=Webhook.State.NEW).count()
        resume_company(acme, by=None)
    stack.wait_until(lambda: messages_of(on_stack, gateway), seconds=RECOVERY_SECONDS, what="the message")

    assert (answer.status_code, waiting) == (200, 1)
