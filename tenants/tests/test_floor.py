"""Small things of the floor: secrets at rest, plans, the flight recorder, lanes, retention."""

import datetime
import json

import pytest
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.db import connection

from tenants.lib.clock import now
from tenants.lib.errors import PlanLimit
from tenants.lib.tenancy import enter
from tenants.models import Answer, Flight, Plan, Rejection, Webhook, WebhookRoute
from tenants.selectors import flights_of
from tenants.services.flights import record_flights, summary
from tenants.services.lanes import leave_lane, take_lane
from tenants.services.plans import has_feature, require_room
from tenants.sweeping import sweep_retention
from tenants.types import FlightEntry

LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def route(acme):
    return WebhookRoute.objects.create(token="t" * 43, company=acme, connection_id=5, provider="cloud_api", secrets={"app_secret": "hush"})


def test_secrets_are_unreadable_in_the_database_and_old_keys_still_open_them(route, settings):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM tenants_webhookroute")
        stored = cursor.fetchone()[0]
    settings.FIELD_KEYS = ["a newer key", *settings.FIELD_KEYS]
    rotated = WebhookRoute.objects.get().secrets
    settings.FIELD_KEYS = ["a stranger's key"]

    assert ("hush" in stored, rotated) == (False, {"app_secret": "hush"})
    with pytest.raises(InvalidToken):
        WebhookRoute.objects.get()


def test_a_lane_has_one_worker_until_its_lease_ends(route):
    lane = {"company_id": route.company_id, "connection_id": 5}

    taken = take_lane(**lane, lease_key="a"), take_lane(**lane, lease_key="b"), take_lane(**lane, lease_key="a")
    leave_lane(**lane, lease_key="b")
    after_a_stranger_left = take_lane(**lane, lease_key="b")
    WebhookRoute.objects.update(leased_until=LONG_AGO)

    assert (taken, after_a_stranger_left, take_lane(**lane, lease_key="b")) == ((True, False, True), False, True)


def test_a_plan_has_room_up_to_its_limit(acme):
    require_room(acme, "users", 10_000)
    acme.plan = Plan(name="Small", max_users=3, features=["campaigns"])
    require_room(acme, "users", 2)
    require_room(acme, "contacts", 10_000)

    with pytest.raises(PlanLimit, match="room for 3 users") as refusal:
        require_room(acme, "users", 3)
    assert (refusal.value.status, refusal.value.code) == (402, "plan_limit")
    assert (has_feature(acme, "campaigns"), has_feature(acme, "flows")) == (True, False)


def test_the_flight_recorder_finds_by_wamid_and_only_in_its_own_company(acme, globex):
    with enter(globex):
        record_flights([FlightEntry(connection_id=1, direction="in", external_id="wamid.1", kind="theirs")])
    written = record_flights(
        [
            FlightEntry(connection_id=1, direction="in", external_id="wamid.1", kind="message", received_at=now()),
            FlightEntry(connection_id=1, direction="out", external_id="wamid.2", our_id="m-7", kind="text", http_status=200),
        ]
    )

    assert (written, [flight.kind for flight in flights_of(acme, external_id="wamid.1")]) == (2, ["message"])
    assert [flight.external_id for flight in flights_of(acme, external_id="m-7")] == ["wamid.2"]


def test_summaries_hide_secrets_however_deep():
    told = json.loads(summary(b'{"to": "5511", "auth": [{"access_token": "EAAG", "X-Hub-Signature": "abc", "type": "text"}]}'))

    assert told == {"to": "5511", "auth": [{"access_token": "•••", "X-Hub-Signature": "•••", "type": "text"}]}


def test_the_cache_is_apart_by_company(acme, globex):
    cache.set("greeting", "hello from acme")
    with enter(globex):
        seen = cache.get("greeting")

    assert (cache.get("greeting"), seen) == ("hello from acme", None)


def test_retention_removes_the_old_and_keeps_what_waits(acme):
    common = {"company_id": acme.pk, "connection_id": 1, "provider": "cloud_api", "body": b"{}"}
    Webhook.objects.create(**common, state=Webhook.State.DONE, done_at=LONG_AGO)
    kept = [
        Webhook.objects.create(**common, state=Webhook.State.DONE, done_at=now()),
        Webhook.objects.create(**common, state=Webhook.State.NEW, received_at=LONG_AGO),
        Webhook.objects.create(**common, state=Webhook.State.POISON, received_at=LONG_AGO),
    ]
    Flight.objects.create(company_id=acme.pk, connection_id=1, direction="in", created_at=LONG_AGO)
    Answer.objects.create(company_id=acme.pk, key_digest="k", body_digest="b", status=201, created_at=LONG_AGO)
    Rejection.objects.create(reason="unknown_token", day=LONG_AGO.date(), count=4)

    swept = sweep_retention()

    assert swept == {"webhooks": 1, "flights": 1, "outbox": 0, "answers": 1, "rejections": 1}
    assert list(Webhook.objects.order_by("id")) == kept
