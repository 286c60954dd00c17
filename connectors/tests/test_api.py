import dataclasses
import datetime

import pytest

from connectors.models import Connection, Template
from connectors.providers.simulator.provider import Simulator
from connectors.services.connections import create_connection
from connectors.services.pacing import pacing_of
from connectors.tests.meta import emulated_meta
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tenants.models import Flight, Plan, Rejection, Webhook, WebhookRoute

URL = "/api/v1/connections/"
CREDENTIALS = {"phone_number_id": "106", "waba_id": "102", "access_token": "EAAsecret", "app_secret": "shh", "verify_token": "vt"}


@pytest.fixture
def line(acme, alice):
    return create_connection(name="Main", provider="cloud_api", number="+55 11 3000-0001", credentials=CREDENTIALS, by=alice)


@pytest.fixture
def simulated(acme, alice):
    return create_connection(name="Play", provider="simulator", by=alice)


def code_of(answer):
    (error,) = answer.json()["errors"]
    return answer.status_code, error["code"], error["attr"]


def test_a_new_number_of_a_gateway_that_networks_ban_begins_carefully(alice, monkeypatch):
    monkeypatch.setattr(Simulator, "capabilities", dataclasses.replace(Simulator.capabilities, writes_carefully=True))

    careful = pacing_of(create_connection(name="Young", provider="simulator", by=alice))

    assert (careful.is_slow, careful.per_day, careful.counts_agents) == (True, 300, True)
    assert (careful.most_today(now().date()), careful.most_today(now().date() + datetime.timedelta(days=14))) == (50, None)


def test_a_new_connection_has_a_webhook_address_and_shows_no_secret(alice, client_of):
    client = client_of(alice)

    answer = client.post(URL, {"name": "Main", "provider": "cloud_api", "number": "(11) 3000-0001", "credentials": CREDENTIALS})

    shown = answer.json()
    route = WebhookRoute.objects.get(connection_id=shown["id"])
    assert (answer.status_code, shown["state"], shown["number"]) == (201, "new", "+551130000001")
    assert shown["credentials"] == {"phone_number_id": "106", "waba_id": "102"}
    assert shown["secrets_set"] == {"access_token": True, "app_secret": True, "verify_token": True}
    assert (len(route.token) >= 32, route.secrets["app_secret"]) == (True, "shh")
    assert client.get(f"{URL}{shown['id']}/webhook/").json()["url"].endswith(f"/webhooks/{route.token}/")
    assert not [secret for secret in ("EAAsecret", "shh", '"vt"', route.token) if secret in answer.content.decode()]


def test_an_empty_secret_keeps_the_old_one(alice, line, client_of):
    changed = {"name": "Renamed", "credentials": {"access_token": "", "app_secret": "new", "phone_number_id": "107"}}

    answer = client_of(alice).patch(f"{URL}{line.pk}/", changed)

    line.refresh_from_db()
    assert (answer.status_code, answer.json()["name"]) == (200, "Renamed")
    assert line.credentials == CREDENTIALS | {"app_secret": "new", "phone_number_id": "107"}
    assert WebhookRoute.objects.get(connection_id=line.pk).secrets["app_secret"] == "new"


def test_bad_input_is_refused_by_name(alice, client_of):
    client = client_of(alice)
    good = {"name": "Main", "provider": "simulator"}

    answers = [
        client.post(URL, good | {"provider": "pigeon"}),
        client.post(URL, good | {"number": "eleven"}),
        client.post(URL, good | {"credentials": {"pasword": "x"}}),
        client.post(URL, good | {"settings": {"messages_per_second": -1}}),
        client.post(URL, {"provider": "simulator"}),
    ]

    assert [code_of(answer) for answer in answers] == [
        (400, "invalid_choice", "provider"),
        (400, "invalid_phone", "number"),
        (400, "unknown_field", "credentials"),
        (400, "invalid_rate", "settings"),
        (400, "required", "name"),
    ]
    assert Connection.objects.count() == 0


def test_the_plan_limits_connections(acme, alice, simulated, client_of):
    acme.plan = Plan.objects.create(name="One", max_connections=1)
    acme.save()

    answer = client_of(alice).post(URL, {"name": "Second", "provider": "simulator"})

    assert (code_of(answer), Connection.objects.count()) == ((402, "plan_limit", None), 1)


def test_link_and_unlink_a_simulated_number(alice, simulated, client_of):
    client = client_of(alice)

    linked = client.post(f"{URL}{simulated.pk}/connect/").json()
    status = client.get(f"{URL}{simulated.pk}/status/").json()
    unlinked = client.post(f"{URL}{simulated.pk}/disconnect/").json()

    assert [shown["state"] for shown in (linked, status, unlinked)] == ["connected", "connected", "closed"]
    assert linked["facts"]["quality"] == "GREEN"


def test_a_gateway_that_refuses_says_why_in_its_own_words(alice, line, client_of, settings):
    with emulated_meta() as graph:
        settings.GRAPH_URL = graph.url
        Connection.objects.filter(pk=line.pk).update(credentials=CREDENTIALS | {"access_token": "wrong"})
        refused = client_of(alice).post(f"{URL}{line.pk}/connect/")
        tried = client_of(alice).post(f"{URL}{line.pk}/test/", {})

    line.refresh_from_db()
    assert refused.status_code == tried.status_code == 400
    assert (line.state, bool(line.state_reason)) == ("closed", True)
    assert "wrong" not in refused.content.decode()


def test_templates_are_fetched_from_the_gateway(alice, simulated, client_of):
    client = client_of(alice)
    Template.objects.create(connection=simulated, name="gone", language="en")

    fetched = client.post(f"{URL}{simulated.pk}/templates/sync/").json()
    listed = client.get(f"{URL}{simulated.pk}/templates/").json()

    assert fetched == listed
    assert [(template["name"], template["language"], template["status"]) for template in listed] == [
        ("catalogue", "en", "APPROVED"),
        ("catalogue", "pt_BR", "APPROVED"),
        ("offer", "en", "APPROVED"),
        ("offer", "pt_BR", "APPROVED"),
        ("welcome", "en", "APPROVED"),
        ("welcome", "pt_BR", "APPROVED"),
    ]


def test_a_rotated_address_replaces_the_old_one(alice, line, client_of):
    before = WebhookRoute.objects.get(connection_id=line.pk).token

    answer = client_of(alice).post(f"{URL}{line.pk}/rotate-token/")

    after = WebhookRoute.objects.get(connection_id=line.pk).token
    assert (answer.json()["url"].endswith(f"/webhooks/{after}/"), before == after) == (True, False)


def test_a_disabled_connection_takes_no_calls(alice, line, client_of):
    client_of(alice).patch(f"{URL}{line.pk}/", {"is_enabled": False})

    assert WebhookRoute.objects.get(connection_id=line.pk).is_enabled is False


def test_an_unused_connection_goes_with_its_address(alice, line, client_of):
    answer = client_of(alice).delete(f"{URL}{line.pk}/")

    assert (answer.status_code, Connection.objects.count(), WebhookRoute.objects.filter(connection_id=line.pk).count()) == (204, 0, 0)


def test_calls_turned_away_are_shown_to_admins(alice, line, client_of):
    token = WebhookRoute.objects.get(connection_id=line.pk).token
    Rejection.objects.create(token=token, reason="signature_wrong", day="2026-11-22", count=3)

    answer = client_of(alice).get(f"{URL}{line.pk}/rejections/")

    assert answer.json() == [{"day": "2026-11-22", "reason": "signature_wrong", "count": 3}]


def test_play_a_customer_on_the_simulated_phone(bob, simulated, client_of):
    client, phone = client_of(bob), f"{URL}{simulated.pk}/simulator/"

    customer = client.post(phone, {"number": "(11) 98765-4321", "name": "Ana"}).json()
    said = client.post(f"{phone}{customer['number']}/messages/", {"body": "Oi!"})

    assert (customer["number"], customer["name"]) == ("+5511987654321", "Ana")
    assert (said.status_code, said.json()["side"], said.json()["body"]) == (201, "customer", "Oi!")
    assert client.get(f"{phone}{customer['number']}/messages/").json() == [said.json()]
    assert [shown["number"] for shown in client.get(phone).json()] == ["+5511987654321"]
    assert Webhook.objects.filter(connection_id=simulated.pk).count() == 1


def test_nobody_plays_the_customers_of_a_real_number(bob, line, client_of):
    answer = client_of(bob).post(f"{URL}{line.pk}/simulator/+5511987654321/messages/", {"body": "Oi!"})

    assert code_of(answer) == (409, "not_simulated", None)


def test_a_flight_is_found_by_its_wamid_with_the_raw_call(acme, sam, bob, line, client_of):
    webhook = Webhook.objects.create(company_id=acme.pk, connection_id=line.pk, provider="cloud_api", body=b'{"raw": 1}')
    flight = Flight.objects.create(company_id=acme.pk, connection_id=line.pk, direction="in", external_id="wamid.A", webhook_id=webhook.pk)
    Flight.objects.create(company_id=acme.pk, connection_id=line.pk, direction="in", external_id="wamid.B")

    found = client_of(sam).get("/api/v1/flights/?search=wamid.A").json()["results"]
    whole = client_of(sam).get(f"/api/v1/flights/{flight.pk}/").json()
    agents = client_of(bob).get("/api/v1/flights/?search=wamid.A")

    assert [shown["id"] for shown in found] == [flight.pk]
    assert whole["body"] == '{"raw": 1}'
    assert agents.status_code == 403


def test_parked_calls_are_listed_and_played_again_by_admins_only(acme, alice, sam, line, client_of):
    webhook = Webhook.objects.create(
        company_id=acme.pk, connection_id=line.pk, provider="cloud_api", body=b"{}", state=Webhook.State.POISON, attempts=5, error="bomb"
    )

    listed = client_of(sam).get("/api/v1/flights/poison/").json()["results"]
    supervisors = client_of(sam).post(f"/api/v1/flights/poison/{webhook.pk}/replay/")
    admins = client_of(alice).post(f"/api/v1/flights/poison/{webhook.pk}/replay/")

    webhook.refresh_from_db()
    assert [(shown["id"], shown["error"], shown["body"]) for shown in listed] == [(webhook.pk, "bomb", "{}")]
    assert (supervisors.status_code, admins.status_code, webhook.state) == (403, 202, Webhook.State.NEW)


def test_agents_see_connections_and_change_nothing(bob, line, client_of):
    client = client_of(bob)

    reads = [client.get(URL), client.get(f"{URL}{line.pk}/"), client.get(f"{URL}{line.pk}/templates/")]
    changes = [
        client.post(URL, {"name": "x", "provider": "simulator"}),
        client.patch(f"{URL}{line.pk}/", {"name": "x"}),
        client.delete(f"{URL}{line.pk}/"),
        client.get(f"{URL}{line.pk}/webhook/"),
        *[client.post(f"{URL}{line.pk}/{verb}/") for verb in ("connect", "disconnect", "rotate-token", "test", "templates/sync")],
    ]

    assert {answer.status_code for answer in reads} == {200}
    assert {answer.status_code for answer in changes} == {403}


def test_mallory_meets_nothing_of_it(acme, globex, mallory, line, simulated, client_of):
    with enter(globex):
        client = client_of(mallory)
        gets = [client.get(f"{URL}{line.pk}/{path}") for path in ("", "status/", "templates/", "webhook/", "rejections/")]
        posts = [
            client.post(f"{URL}{line.pk}/{verb}/") for verb in ("connect", "disconnect", "resume", "test", "rotate-token", "templates/sync")
        ]
        phone = [
            client.get(f"{URL}{simulated.pk}/simulator/"),
            client.post(f"{URL}{simulated.pk}/simulator/", {"number": "+5511987654321"}),
            client.post(f"{URL}{simulated.pk}/simulator/+5511987654321/messages/", {"body": "x"}),
        ]
        others = [client.patch(f"{URL}{line.pk}/", {"name": "x"}), client.delete(f"{URL}{line.pk}/")]
        listed = client.get(URL).json()["results"]

    assert {answer.status_code for answer in [*gets, *posts, *phone, *others]} == {404}
    assert listed == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_the_database_the_same_number_of_times(acme, alice, client_of, django_assert_num_queries, count):
    for number in range(count):
        create_connection(name=f"Line {number}", provider="simulator", by=alice)
    client = client_of(alice)
    client.get(URL)

    with django_assert_num_queries(3):
        client.get(URL)
