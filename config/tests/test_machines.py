"""What machines are told, and that nobody else is told it."""

from datetime import timedelta

import pytest

from config import metrics
from connectors.models import Connection
from tenants.lib.clock import now
from tenants.lib.timers import set_timer
from tenants.models import Webhook

TOKEN = "the scraper's own token"


@pytest.fixture(autouse=True)
def _fresh_pulse(settings):
    settings.METRICS_TOKEN = TOKEN
    metrics.PULSE.forget()


def scrape(client, **headers) -> dict[str, float]:
    """Every sample by its name and labels."""
    answer = client.get("/metrics", **headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, metrics.CONTENT_TYPE)
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _space, value in (line.rpartition(" ") for line in lines)}


def test_metrics_tell_what_waits(acme, client):
    Webhook.objects.create(company_id=acme.pk, connection_id=1, provider="simulator", body=b"{}", received_at=now() - timedelta(seconds=30))
    Webhook.objects.create(company_id=acme.pk, connection_id=1, provider="simulator", body=b"{}", state=Webhook.State.POISON)
    set_timer("test", "late", due_at=now() - timedelta(seconds=90))
    set_timer("test", "later", due_at=now() + timedelta(hours=1))
    Connection.objects.create(name="Sales", provider="simulator", state=Connection.State.CLOSED)
    told = scrape(client)

    assert {
        name: told[name] for name in told if name.startswith(("recado_waiting{", "recado_parked", "recado_up", "recado_connections"))
    } == {
        'recado_up{part="database"}': 1,
        'recado_up{part="valkey"}': 1,
        'recado_waiting{kind="webhooks"}': 1,
        'recado_waiting{kind="timers"}': 1,
        'recado_waiting{kind="announcements"}': 0,
        'recado_parked{kind="webhooks"}': 1,
        'recado_parked{kind="timers"}': 0,
        'recado_parked{kind="announcements"}': 0,
        'recado_connections{state="closed"}': 1,
    }
    assert told['recado_queue_depth{queue="inbound"}'] == told["recado_campaign_recipients_pending"] == 0
    assert 25 <= told['recado_waiting_oldest_seconds{kind="webhooks"}'] < 60 < 80 <= told['recado_waiting_oldest_seconds{kind="timers"}']


def test_requests_are_counted_by_route_and_never_by_path(acme, client):
    before = scrape(client)
    client.get("/health/", HTTP_HOST="acme.localhost")
    client.generic("BREW", "/no-such-page/", HTTP_HOST="acme.localhost")
    after = scrape(client)

    grown = {name: after[name] - before.get(name, 0) for name in after if name.startswith("recado_http_requests_total")}
    assert {name: more for name, more in grown.items() if more} == {
        'recado_http_requests_total{method="GET",route="/health/",status="200"}': 1,
        'recado_http_requests_total{method="other",route="none",status="404"}': 1,
    }


def test_the_same_five_seconds_cost_one_look(acme, client, django_assert_num_queries):
    scrape(client)

    with django_assert_num_queries(0):
        scrape(client)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.7"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200),
        ({"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer another"}, 404),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 404),
    ],
)
def test_only_this_machine_and_who_knows_the_token_read_metrics(db, client, headers, status):
    assert client.get("/metrics", **headers).status_code == status


def test_without_a_token_no_token_opens(db, client, settings):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION="Bearer ").status_code == 404


@pytest.mark.parametrize(
    ("domain", "status"),
    [("localhost", 200), ("acme.localhost", 200), ("platform.localhost", 200), ("mallory.localhost", 404), ("", 404), ("a\x00b", 404)],
)
def test_certificates_are_fetched_for_our_hosts_only(db, client, domain, status):
    assert client.get("/ops/host/", {"domain": domain}, HTTP_HOST="web:8000").status_code == status
