"""A number that gets into trouble: noticed though nobody writes, told once, and told that it is over."""

import datetime
from collections import Counter

import pytest
from django.core import mail

from accounts.models import Letter, Notice
from accounts.sending import send_letter
from connectors.health import check_connection, order_checks
from connectors.models import Connection
from connectors.services.connections import connect, create_connection, disconnect, heed_state, pause_sending
from connectors.tallies import note_sends
from connectors.tests.meta import TOKEN, emulated_meta
from connectors.types import ConnectionState
from tenants.lib.clock import now
from tenants.lib.tenancy import enter_public
from tenants.models import WebhookRoute

CREDENTIALS = {"phone_number_id": "1055", "waba_id": "2055", "access_token": TOKEN}


@pytest.fixture
def meta(settings):
    with emulated_meta() as emulator:
        settings.GRAPH_URL = emulator.url
        yield emulator


@pytest.fixture
def line(acme, alice, meta) -> Connection:
    return connect(create_connection(name="Main", provider="cloud_api", credentials=CREDENTIALS, by=alice), by=alice)


def later_on(line: Connection) -> Connection:
    """The next turn, long after the last one."""
    long_ago = now() - datetime.timedelta(hours=1)
    Connection.objects.filter(pk=line.pk).update(last_ok_at=long_ago, last_sent_at=None, last_inbound_at=None)
    check_connection(line.pk)
    return Connection.objects.get(pk=line.pk)


def told() -> list[tuple[str, str]]:
    """Alice; the company's founder is an admin too."""
    return list(Notice.objects.exclude(user__name="Founder").order_by("pk").values_list("user__name", "kind"))


def test_a_revoked_token_closes_the_number_and_its_admins_hear_why(line, alice, bob, meta):
    meta.world.tokens[TOKEN].is_revoked = True

    closed = later_on(line)
    later_on(line)

    (letter,) = Letter.objects.filter(kind=Letter.Kind.NOTICE, notice__user=alice)
    send_letter(letter.pk)
    (sent,) = mail.outbox
    assert (closed.state, "access token" in closed.state_reason) == ("closed", True)
    assert told() == [(alice.name, "connection.dropped")]
    assert (sent.to, sent.subject) == ([alice.email], "“Main” is off WhatsApp")
    assert closed.state_reason in sent.body and "/app/connections" in sent.body
    assert TOKEN not in sent.body + closed.state_reason


def test_it_comes_back_by_itself_and_that_is_told_too(line, alice, meta):
    meta.world.tokens[TOKEN].is_revoked = True
    later_on(line)
    meta.world.tokens[TOKEN].is_revoked = False

    back = later_on(line)

    assert (back.state, back.alerted) == ("connected", "")
    assert [kind for _, kind in told()] == ["connection.dropped", "connection.back"]


def test_one_silence_is_no_news_two_are(line, alice, settings):
    settings.GRAPH_URL = "http://127.0.0.1:9"

    once = later_on(line)
    after_one = told()
    twice = later_on(line)
    later_on(line)

    assert (once.state, after_one, once.silent_since is not None) == ("connected", [], True)
    assert (twice.state, told()) == ("connected", [(alice.name, "connection.unreachable")])


def test_an_answer_ends_the_silence(line, alice, settings, meta):
    settings.GRAPH_URL = "http://127.0.0.1:9"
    later_on(line)
    later_on(line)
    settings.GRAPH_URL = meta.url

    back = later_on(line)

    assert (back.silent_since, back.last_ok_at > now() - datetime.timedelta(minutes=1)) == (None, True)
    assert [kind for _, kind in told()] == ["connection.unreachable", "connection.back"]


def test_who_disconnects_a_number_is_not_alarmed(line, alice):
    disconnect(line, by=alice)

    assert (told(), Connection.objects.get(pk=line.pk).state) == ([], "closed")


def test_low_quality_is_told_once_until_it_is_better(line, alice):
    for quality in ("RED", "RED", "YELLOW", "RED"):
        heed_state(line, ConnectionState(facts={"quality": quality}))

    assert [kind for _, kind in told()] == ["connection.quality", "connection.quality"]


def test_a_number_that_has_to_rest_long_is_told_and_a_short_rest_is_not(line, alice):
    pause_sending(line, reason="Too fast", seconds=10)
    pause_sending(line, reason="Spam rate limit", seconds=3600)
    pause_sending(line, reason="Spam rate limit", seconds=3600)

    assert told() == [(alice.name, "connection.resting")]


def test_a_number_that_works_is_not_asked(line, meta):
    Connection.objects.filter(pk=line.pk).update(last_sent_at=now())
    meta.world.tokens[TOKEN].is_revoked = True

    check_connection(line.pk)

    assert Connection.objects.get(pk=line.pk).state == "connected"


def test_each_turn_is_taken_once(line):
    with enter_public():
        WebhookRoute.objects.exclude(connection_id=line.pk).update(is_enabled=False)
        first, second = order_checks(), order_checks()
        WebhookRoute.objects.filter(connection_id=line.pk).update(check_at=now())
        third = order_checks()

    assert (first, second, third) == (1, 0, 1)


def test_how_a_number_is_is_shown_with_its_counts(line, alice, client_of):
    note_sends(line.pk, Counter(ok=96, failed=4, throttled=2))
    note_sends(line.pk, Counter(ok=0, unknown=1))

    answer = client_of(alice).get(f"/api/v1/connections/{line.pk}/health/").json()

    assert {name: answer[name] for name in ("sent", "failed", "throttled", "unknown", "failure_rate")} == {
        "sent": 96,
        "failed": 4,
        "throttled": 2,
        "unknown": 1,
        "failure_rate": 0.04,
    }
    assert answer["last_round_trip_at"] and answer["messages_per_second"] >= 80
