"""What becomes of our messages: receipts move forward only; and what is not known is settled by our own id, never sent twice."""

import pytest

from connectors.tests.conformance.gateway import Said, Trouble
from connectors.types import Delivery, MessageKind, Policy, ProviderError, Text
from tickets.delivery import deliver
from tickets.models import Message, Ticket
from tickets.services.messages import send_message


@pytest.fixture
def ticket(gateway, alice):
    """The customer wrote first, so that a window is open."""
    gateway.says(Said(body="Good morning"))
    gateway.arrive()
    return Ticket.objects.get()


def say(ticket, by, body="Hello"):
    message = send_message(ticket, by=by, body=body)
    deliver(ticket.connection_id)
    message.refresh_from_db()
    return message


def now_of(message):
    message.refresh_from_db()
    return Delivery(message.status)


def test_a_message_is_sent_delivered_and_read_though_receipts_come_badly(gateway, ticket, alice):
    message = say(ticket, alice)
    accepted = now_of(message)
    gateway.arrive_badly()

    assert (accepted, now_of(message)) == (Delivery.ACCEPTED, Delivery.READ)
    assert all((message.external_id, message.sent_at, message.delivered_at, message.read_at))
    assert [shown.body for shown in gateway.phone()] == ["Hello"]


def test_receipts_that_come_before_the_answer_count(gateway, ticket, alice):
    gateway.trouble(Trouble.TIMEOUT)
    message = say(ticket, alice)
    gateway.calm()
    unsettled = now_of(message)
    gateway.arrive()

    assert (unsettled, now_of(message)) == (Delivery.UNKNOWN, Delivery.READ)
    assert (bool(message.external_id), len(gateway.phone())) == (True, 1)


@pytest.mark.parametrize("trouble", [Trouble.TIMEOUT, Trouble.GARBLED])
def test_what_may_have_been_taken_is_never_sent_again(gateway, ticket, alice, trouble):
    gateway.trouble(trouble)
    message = say(ticket, alice)
    gateway.calm()
    for _ in range(3):
        deliver(ticket.connection_id)

    assert (now_of(message), message.attempts) == (Delivery.UNKNOWN, 1)
    assert [shown.body for shown in gateway.phone()] == ["Hello"]


def test_a_server_that_is_down_leaves_the_outcome_unknown_or_is_asked_again(gateway, ticket, alice):
    gateway.trouble(Trouble.SERVER_DOWN)
    message = say(ticket, alice)
    gateway.calm()

    assert now_of(message) in (Delivery.UNKNOWN, Delivery.QUEUED)
    assert (message.error_text != "", gateway.phone()) == (True, [])


@pytest.mark.parametrize(
    ("trouble", "policy"), [(Trouble.THROTTLED, Policy.BACK_OFF_NUMBER), (Trouble.PAIR_THROTTLED, Policy.BACK_OFF_RECIPIENT)]
)
def test_a_number_that_is_too_fast_waits_and_goes_on(gateway, ticket, alice, trouble, policy):
    gateway.trouble(trouble)
    with pytest.raises(ProviderError) as caught:
        gateway.send(Text("Too fast"))
    message = say(ticket, alice)
    waiting = now_of(message)
    gateway.calm()
    Message.objects.filter(pk=message.pk).update(retry_at=None)
    ticket.connection.refresh_from_db()
    type(ticket.connection).objects.filter(pk=ticket.connection_id).update(paused_until=None)
    deliver(ticket.connection_id)

    assert (caught.value.policy, caught.value.retry_after_seconds > 0) == (policy, True)
    assert (waiting, now_of(message)) == (Delivery.QUEUED, Delivery.ACCEPTED)
    assert [shown.body for shown in gateway.phone()] == ["Hello"]


def test_a_message_that_nobody_gets_fails_in_words(gateway, ticket, alice):
    gateway.trouble(Trouble.UNREACHABLE)
    message = say(ticket, alice)
    taken = now_of(message)
    gateway.arrive()

    assert (taken, now_of(message), bool(message.error_code), bool(message.error_text)) == (
        Delivery.ACCEPTED, Delivery.FAILED, True, True,
    )  # fmt: skip
    assert message.kind == MessageKind.TEXT
