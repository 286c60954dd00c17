"""Stored calls are worked off through the real config/inbound.py; what goes wrong on the way is made with real rows."""

import datetime

import orjson
import pytest
from django.db import OperationalError, connection
from redis.exceptions import ConnectionError as ValkeyConnectionError

from connectors import inbox
from connectors.inbox import drain_inbox, is_outage, wake_forgotten
from connectors.models import Template
from connectors.services.connections import create_connection
from connectors.services.poison import replay_webhook
from connectors.tests import calls
from connectors.types import Event
from tenants.lib.clock import now
from tenants.lib.realtime import head, missed
from tenants.lib.tenancy import enter
from tenants.lib.valkey import client
from tenants.models import Company, Flight, Webhook, WebhookRoute
from tenants.services.lanes import take_lane
from tickets.models import Message, Ticket

CREDENTIALS = {"phone_number_id": calls.NUMBER_ID, "waba_id": calls.ACCOUNT_ID, "access_token": "t", "app_secret": "s"}


@pytest.fixture
def line(acme, alice):
    return create_connection(name="Main", provider="cloud_api", credentials=CREDENTIALS, by=alice)


def store(company, line, *bodies):
    return [Webhook.objects.create(company_id=company.pk, connection_id=line.pk, provider=line.provider, body=body) for body in bodies]


def states(rows):
    return [Webhook.objects.get(pk=row.pk).state for row in rows]


def wamid(number, text="olá"):
    return calls.message(id=f"wamid.IN{number}", text={"body": text})


def test_a_customer_s_message_is_stored_shown_and_recorded(acme, line):
    rows = store(acme, line, calls.messages(wamid(1)))

    drain_inbox()

    message = Message.objects.get()
    assert (message.external_id, message.body, message.ticket.status) == ("wamid.IN1", "olá", Ticket.Status.PENDING)
    assert states(rows) == [Webhook.State.DONE]
    assert [frame.event for frame in missed(acme, 0) if "appMessage" in frame.event] == [f"company-{acme.pk}-appMessage"]
    flight = Flight.objects.get(company_id=acme.pk, external_id="wamid.IN1")
    steps = [flight.received_at, flight.parsed_at, flight.applied_at, flight.pushed_at]
    assert (flight.kind, flight.webhook_id, sorted(steps[1:]) == steps[1:]) == ("message.text", rows[0].pk, True)


def test_the_same_call_again_stores_nothing_and_is_told_again(acme, line):
    store(acme, line, calls.messages(wamid(1)))
    drain_inbox()
    before = head(acme)

    store(acme, line, calls.messages(wamid(1)))
    drain_inbox()

    assert (Message.objects.count(), Ticket.objects.get().unread_count) == (1, 1)
    assert [frame.event for frame in missed(acme, before)] == [f"company-{acme.pk}-appMessage"]


def test_calls_are_worked_off_in_the_order_of_arrival(acme, line):
    store(acme, line, *[calls.messages(wamid(number, text=str(number))) for number in range(120)])

    for _slice in range(5):
        drain_inbox()

    assert list(Message.objects.order_by("id").values_list("body", flat=True)) == [str(number) for number in range(120)]
    assert Webhook.objects.exclude(state=Webhook.State.DONE).count() == 0


def test_a_call_that_cannot_be_read_is_parked_after_five_failures_and_its_neighbours_go_on(acme, line):
    rows = store(acme, line, calls.messages(wamid(1)), b"[1]", calls.messages(wamid(2)))

    for _round in range(5):
        Webhook.objects.filter(pk=rows[1].pk).update(retry_at=None)
        drain_inbox()

    broken = Webhook.objects.get(pk=rows[1].pk)
    assert states(rows) == [Webhook.State.DONE, Webhook.State.POISON, Webhook.State.DONE]
    assert (broken.attempts, broken.error.startswith("ValueError")) == (5, True)
    assert Message.objects.count() == 2


def test_only_the_call_at_fault_counts_a_failure(acme, line, settings):
    settings.INBOUND = "connectors.tests.test_inbox.handle_all_but_bombs"
    rows = store(acme, line, calls.messages(wamid(1)), calls.messages(wamid(2, text="bomb")), calls.messages(wamid(3)))

    drain_inbox()

    assert states(rows) == [Webhook.State.DONE, Webhook.State.NEW, Webhook.State.DONE]
    assert [Webhook.objects.get(pk=row.pk).attempts for row in rows] == [0, 2, 0]
    assert "RuntimeError: bomb" in Webhook.objects.get(pk=rows[1].pk).error


def test_a_parked_call_is_played_again_when_its_cause_is_mended(acme, line, alice):
    (row,) = store(acme, line, calls.messages(wamid(1)))
    Webhook.objects.filter(pk=row.pk).update(state=Webhook.State.POISON, attempts=5, error="RuntimeError: bomb")

    replay_webhook(Webhook.objects.get(pk=row.pk), by=alice)
    replay_webhook(Webhook.objects.get(pk=row.pk), by=alice)
    drain_inbox(line.pk)

    assert (Message.objects.count(), states([row]), Webhook.objects.get(pk=row.pk).error) == (1, [Webhook.State.DONE], "")


def test_an_outage_is_nobody_s_fault(acme, line, settings):
    settings.INBOUND = "connectors.tests.test_inbox.handle_without_database"
    rows = store(acme, line, calls.messages(wamid(1)))

    drain_inbox()

    fresh = Webhook.objects.get(pk=rows[0].pk)
    assert (fresh.state, fresh.attempts, fresh.retry_at) == (Webhook.State.NEW, 0, None)
    assert WebhookRoute.objects.get(company=acme, connection_id=line.pk).leased_until is None


def test_which_errors_are_outages(acme):
    with pytest.raises(OperationalError) as timeout, connection.cursor() as cursor:
        cursor.execute("SAVEPOINT here")
        cursor.execute("SET LOCAL statement_timeout = 1")
        try:
            cursor.execute("SELECT pg_sleep(1)")
        finally:
            cursor.execute("ROLLBACK TO here")

    assert not is_outage(timeout.value)
    assert is_outage(OperationalError("server closed the connection unexpectedly"))
    assert is_outage(ValkeyConnectionError("refused"))
    assert not is_outage(ValueError("bomb"))


def test_one_worker_at_a_time_on_a_lane(acme, line):
    rows = store(acme, line, calls.messages(wamid(1)))
    take_lane(company_id=acme.pk, connection_id=line.pk, lease_key="somebody else")

    drain_inbox()
    held = states(rows)
    WebhookRoute.objects.filter(connection_id=line.pk).update(leased_until=now() - datetime.timedelta(seconds=1))
    drain_inbox()

    assert (held, states(rows)) == ([Webhook.State.NEW], [Webhook.State.DONE])


def test_a_call_that_comes_while_the_lane_is_being_left_is_not_forgotten(acme, line, monkeypatch):
    rows = store(acme, line, calls.messages(wamid(1)))
    leave = inbox.leave_lane

    def arrive_and_leave(**lane):
        monkeypatch.setattr(inbox, "leave_lane", leave)
        rows.extend(store(acme, line, calls.messages(wamid(2))))
        leave(**lane)

    monkeypatch.setattr(inbox, "leave_lane", arrive_and_leave)
    drain_inbox()

    assert states(rows) == [Webhook.State.DONE, Webhook.State.DONE]


def test_each_company_works_off_its_own(acme, globex, line):
    theirs = Webhook.objects.create(company_id=globex.pk, connection_id=line.pk, provider="cloud_api", body=calls.messages(wamid(1)))

    drain_inbox()

    assert (states([theirs]), Message.objects.count()) == ([Webhook.State.NEW], 0)


def test_what_was_forgotten_is_found(acme, globex, line):
    old = now() - datetime.timedelta(seconds=10)
    (row,) = store(acme, line, calls.messages(wamid(1)))
    route = WebhookRoute.objects.filter(company=acme, connection_id=line.pk)

    def woken(**changes):
        client().flushdb()
        Webhook.objects.filter(pk=row.pk).update(**{"received_at": old, "retry_at": None, "state": 0} | changes)
        return wake_forgotten()

    assert woken() == 1
    assert woken(received_at=now()) == 0
    assert woken(retry_at=now() + datetime.timedelta(seconds=9)) == 0
    assert woken(state=Webhook.State.DONE) == 0
    route.update(leased_until=now() + datetime.timedelta(seconds=9))
    assert woken() == 0
    route.update(leased_until=old)
    assert woken() == 1
    Company.objects.filter(pk=acme.pk).update(state="suspended")
    assert woken() == 0


def test_what_the_gateway_says_of_the_number_and_of_templates_ends_here(acme, line, django_capture_on_commit_callbacks):
    restriction = calls.call(calls.change("account_update", event="DISABLED_UPDATE", ban_info={"waba_ban_state": "DISABLE"}))
    template = {"message_template_id": 5, "message_template_name": "offer", "message_template_language": "en", "event": "APPROVED"}

    store(acme, line, restriction, calls.call(calls.change("message_template_status_update", **template)))
    with django_capture_on_commit_callbacks(execute=True):
        drain_inbox()

    line.refresh_from_db()
    approved = Template.objects.get(connection=line)
    assert (line.state, line.facts["ban_state"]) == ("closed", "DISABLE")
    assert (approved.name, approved.language, approved.status) == ("offer", "en", "APPROVED")
    assert f"company-{acme.pk}-connection" in [frame.event for frame in missed(acme, 0)]


def test_what_nobody_knows_is_kept_and_found(acme, line):
    rows = store(acme, line, calls.call(calls.change("moon_phase", phase="full")))

    drain_inbox()

    flight = Flight.objects.get(company_id=acme.pk, webhook_id=rows[0].pk)
    stored = Webhook.objects.get(pk=rows[0].pk)
    assert (flight.kind, "full" in flight.request, stored.events, stored.unknown_events) == ("other.moon_phase", True, 1, 1)


@pytest.mark.parametrize("recording", calls.recorded_webhooks(), ids=lambda file: file.stem)
def test_every_recorded_call_is_worked_off(acme, line, recording):
    raw = orjson.loads(recording.read_bytes())
    rows = store(acme, line, orjson.dumps(raw))

    drain_inbox()

    assert states(rows) == [Webhook.State.DONE], Webhook.objects.get(pk=rows[0].pk).error


def test_mallory_sees_nothing_of_it(acme, globex, line, mallory, client_of):
    (row,) = store(acme, line, calls.messages(wamid(1)))
    drain_inbox()
    flight = Flight.objects.get(external_id="wamid.IN1")
    Webhook.objects.filter(pk=row.pk).update(state=Webhook.State.POISON)

    with enter(globex):
        mallorys = client_of(mallory)
        answers = [mallorys.get(f"/api/v1/flights/{flight.pk}/"), mallorys.post(f"/api/v1/flights/poison/{row.pk}/replay/")]
        lists = [mallorys.get("/api/v1/flights/?search=wamid.IN1"), mallorys.get("/api/v1/flights/poison/")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert [answer.json()["results"] for answer in lists] == [[], []]


def handle_all_but_bombs(line, events: list[Event]):
    for event in events:
        if getattr(event, "body", "") == "bomb":
            raise RuntimeError("bomb")
    return inbox.import_string("config.inbound.handle")(line, events)


def handle_without_database(line, events: list[Event]):
    raise OperationalError("server closed the connection unexpectedly")
