"""What agents say leaves in order, once, and its fate is told in words."""

import datetime

import pytest
from django.conf import settings as django_settings

from accounts.tests.factories import UserFactory
from connectors.models import Connection
from connectors.providers.simulator.failures import FAILURES
from connectors.types import Delivery, Policy, ProviderError, Receipt, Sent
from tenants.lib.clock import now
from tenants.lib.timers import cancel_timer
from tenants.models import Flight, Timer
from tickets import delivery, statements
from tickets.delivery import Answer, deliver, outcome_of, sweep_company
from tickets.models import Message
from tickets.services.messages import retry_message, send_message
from tickets.services.receipts import apply_receipts
from tickets.tests.factories import ConnectionFactory, TicketFactory, heard


@pytest.fixture
def ticket(line, marina, bob):
    return TicketFactory(contact=marina, connection=line, status="open", assignee=bob)


def behave(line: Connection, **knobs) -> None:
    line.settings = knobs
    line.save(update_fields=["settings"])


def test_a_queued_message_is_sent_and_its_flight_recorded(line, ticket, bob):
    message = send_message(ticket, body="Good morning", by=bob)

    tried = deliver(line.pk)

    message.refresh_from_db()
    flight = Flight.objects.get(our_id=message.key)
    line.refresh_from_db()
    assert (tried, message.status, message.attempts) == (1, Delivery.ACCEPTED, 1)
    assert message.external_id and message.external_id == flight.external_id
    assert (flight.direction, flight.error, flight.sent_at <= flight.answered_at) == ("out", "", True)
    assert (deliver(line.pk), line.last_sent_at is not None) == (0, True)


def test_one_contacts_messages_keep_their_order(line, ticket, bob):
    for number in range(5):
        send_message(ticket, body=f"{number}", by=bob)

    heads = []
    while waiting := statements.next_to_send(line.pk, limit=10):
        heads.append(len(waiting))
        delivery.send_wave(line, waiting)

    sent = Message.objects.filter(direction="out").order_by("attempted_at").values_list("body", "status")
    assert heads == [1, 1, 1, 1, 1]
    assert list(sent) == [(f"{number}", Delivery.ACCEPTED) for number in range(5)]


def test_several_contacts_go_at_once(line, bob):
    for _ in range(3):
        send_message(TicketFactory(connection=line, status="open", assignee=bob), body="Hello", by=bob)

    assert len(statements.next_to_send(line.pk, limit=10)) == 3


def test_what_is_in_flight_is_left_to_its_worker(line, ticket, bob):
    message = send_message(ticket, body="Hello", by=bob)

    mine = statements.stamp([message.pk], lease_seconds=30)
    theirs = statements.stamp([message.pk], lease_seconds=30)

    assert (mine, theirs, statements.next_to_send(line.pk, limit=10)) == ([message.pk], [], [])


def test_a_worker_killed_between_stamp_and_record_leaves_an_unknown_message(line, ticket, bob):
    message = send_message(ticket, body="Did it arrive?", by=bob)
    statements.stamp([message.pk], lease_seconds=-1)

    sweep_company()
    tried = deliver(line.pk)

    message.refresh_from_db()
    assert (message.status, message.error_code, tried) == (Delivery.UNKNOWN, "interrupted", 0)


def test_a_receipt_settles_the_unknown_message(line, ticket, bob):
    message = send_message(ticket, body="Did it arrive?", by=bob)
    statements.stamp([message.pk], lease_seconds=-1)
    sweep_company()

    apply_receipts(line, [Receipt(external_id="wamid.it.did", our_id=message.key, status=Delivery.DELIVERED, at=now())])

    message.refresh_from_db()
    assert (message.status, message.error_code, message.external_id) == (Delivery.DELIVERED, "", "wamid.it.did")


def test_a_living_lease_is_not_swept(line, ticket, bob):
    message = send_message(ticket, body="Hello", by=bob)
    statements.stamp([message.pk], lease_seconds=30)

    sweep_company()

    message.refresh_from_db()
    assert message.status == Delivery.SENDING


def test_a_refused_message_fails_in_words_and_can_be_sent_again_by_a_person(line, ticket, bob):
    refusal = next(failure for failure in FAILURES.values() if failure.fate == "refused" and failure.policy == Policy.PERMANENT)
    behave(line, fail_endings={ticket.contact.phone[-4:]: refusal.code})
    message = send_message(ticket, body="Hello", by=bob)
    first_key = message.key

    deliver(line.pk)
    message.refresh_from_db()
    failed = (message.status, message.error_code, message.error_text)
    behave(line)
    retried = retry_message(message, by=bob)
    deliver(line.pk)

    message.refresh_from_db()
    assert failed == (Delivery.FAILED, refusal.code, str(refusal.sentence))
    assert (retried.status, message.status, message.error_code) == (Delivery.QUEUED, Delivery.ACCEPTED, "")
    assert message.key != first_key


def test_a_failure_that_may_pass_is_tried_again_by_a_timer_and_then_given_up(line, ticket, bob):
    passing = next(failure for failure in FAILURES.values() if failure.fate == "refused" and failure.policy in delivery.AGAIN)
    behave(line, fail_endings={ticket.contact.phone[-4:]: passing.code})
    message = send_message(ticket, body="Hello", by=bob)

    deliver(line.pk)
    message.refresh_from_db()
    waiting = (message.status, message.attempts, message.retry_at > now(), Timer.objects.filter(kind=delivery.TIMER).count())
    for _ in range(5):
        Message.objects.filter(status=Delivery.QUEUED).update(retry_at=now())
        deliver(line.pk)

    message.refresh_from_db()
    assert waiting == (Delivery.QUEUED, 1, True, 1)
    assert (message.status, message.attempts, message.error_code) == (Delivery.FAILED, django_settings.SEND_ATTEMPTS, passing.code)
    assert cancel_timer(delivery.TIMER, line.pk)


@pytest.mark.parametrize(
    ("policy", "attempts", "status"),
    [
        (Policy.RETRY, 1, Delivery.QUEUED),
        (Policy.RETRY, 3, Delivery.FAILED),
        (Policy.BACK_OFF_RECIPIENT, 1, Delivery.QUEUED),
        (Policy.BACK_OFF_NUMBER, 2, Delivery.QUEUED),
        (Policy.BACK_OFF_ACCOUNT, 2, Delivery.QUEUED),
        (Policy.DEFER, 1, Delivery.FAILED),
        (Policy.PERMANENT, 1, Delivery.FAILED),
        (Policy.PAUSE_NUMBER, 1, Delivery.FAILED),
        (Policy.PAUSE_CAMPAIGN, 1, Delivery.FAILED),
        (Policy.UNKNOWN, 1, Delivery.UNKNOWN),
    ],
)
def test_what_a_failure_asks_of_a_persons_message(acme, policy, attempts, status):
    error = ProviderError("code", "Words.", policy)
    answer = Answer(message_id=1, outgoing=None, asked_at=now(), answered_at=now(), error=error)

    outcome = outcome_of(answer, attempts=attempts)

    assert (outcome.status, outcome.error_code, outcome.error_text, bool(outcome.retry_at)) == (
        status,
        "code",
        "Words.",
        status == Delivery.QUEUED,
    )


def test_the_gateways_answer_counts():
    answer = Answer(message_id=1, outgoing=None, asked_at=now(), answered_at=now(), sent=Sent("wamid.1", status=Delivery.SENT))

    outcome = outcome_of(answer, attempts=1)

    assert (outcome.status, outcome.external_id) == (Delivery.SENT, "wamid.1")


def test_a_number_in_trouble_is_paused(line, ticket, bob):
    pausing = next((failure for failure in FAILURES.values() if failure.policy == Policy.PAUSE_NUMBER), None)
    assert pausing is not None
    behave(line, fail_endings={ticket.contact.phone[-4:]: pausing.code})
    send_message(ticket, body="Hello", by=bob)

    deliver(line.pk)
    second = send_message(ticket, body="And now?", by=bob)
    tried = deliver(line.pk)

    line.refresh_from_db()
    second.refresh_from_db()
    assert (line.paused_until > now(), tried, second.status) == (True, 0, Delivery.QUEUED)


def test_the_pacer_holds_and_a_timer_wakes(line, ticket, bob):
    behave(line, messages_per_second=1)
    for _ in range(2):
        send_message(TicketFactory(connection=line, status="open", assignee=bob), body="Hello", by=bob)

    tried = deliver(line.pk)

    timer = Timer.objects.get(kind=delivery.TIMER)
    assert (tried, timer.key, timer.due_at <= now() + datetime.timedelta(seconds=1)) == (1, str(line.pk), True)


def test_a_message_that_waited_for_a_day_is_given_up(line, ticket, bob):
    message = send_message(ticket, body="Hello", by=bob)
    Connection.objects.filter(pk=line.pk).update(state="closed")
    Message.objects.filter(pk=message.pk).update(created_at=now() - datetime.timedelta(hours=25))

    sweep_company()

    message.refresh_from_db()
    assert (message.status, message.error_code) == (Delivery.FAILED, "expired")


def test_the_phones_copy_gives_way_to_our_own_message(line, ticket, bob):
    message = send_message(ticket, body="Hello", by=bob)
    statements.stamp([message.pk], lease_seconds=30)
    heard(line, ticket.contact, "Hello", external_id="wamid.both", is_echo=True)

    delivery._record(line, [delivery.Outcome(message.pk, Delivery.ACCEPTED.value, external_id="wamid.both")])

    message.refresh_from_db()
    assert (message.status, message.external_id, Message.objects.count()) == (Delivery.ACCEPTED, "wamid.both", 1)


def test_two_workers_send_a_message_once(real_acme):
    def a_queue_of_ten():
        agent, connection = UserFactory.create(name="Bob", role="agent"), ConnectionFactory()
        for _ in range(10):
            send_message(TicketFactory(connection=connection, status="open", assignee=agent), body="Hello", by=agent)
        return connection.pk

    (connection_id,) = real_acme([a_queue_of_ten])

    tried = real_acme([lambda: deliver(connection_id)] * 2)

    (rows,) = real_acme([lambda: list(Message.objects.values_list("status", "attempts"))])
    assert (sum(tried), rows) == (10, [(Delivery.ACCEPTED, 1)] * 10)
