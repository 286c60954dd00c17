"""What the doctor sees: each trouble in words, with the way out, and an exit code for programs."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from config import checkups, pulse
from config.checkups import Verdict, examine
from connectors.models import Connection
from tenants.lib import valkey
from tenants.lib.clock import now
from tenants.lib.timers import set_timer
from tenants.models import Company, Webhook


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Nobody works here, and nobody is waited for long."""
    monkeypatch.setattr(pulse, "WORKERS_ANSWER_SECONDS", 0.1)


def troubles(*subjects: str) -> dict[str, list[tuple[str, str]]]:
    """What is not ok, by subject."""
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in examine():
        if finding.verdict is not Verdict.OK and finding.subject in subjects:
            found.setdefault(finding.subject, []).append((str(finding.verdict), finding.words))
    return found


def test_a_healthy_database_is_not_complained_about(acme):
    assert troubles("database", "migrations", "valkey", "webhooks", "timers", "announcements", "connections", "secrets") == {}


def test_what_waits_too_long_is_failing_and_what_is_parked_is_told(acme):
    Webhook.objects.create(
        company_id=acme.pk, connection_id=1, provider="simulator", body=b"{}", received_at=now() - timedelta(seconds=300)
    )
    Webhook.objects.create(company_id=acme.pk, connection_id=1, provider="simulator", body=b"{}", state=Webhook.State.POISON)
    set_timer("test", "late", due_at=now() - timedelta(seconds=300))
    Connection.objects.create(name="Sales", provider="simulator", state=Connection.State.CLOSED)

    assert troubles("webhooks", "timers", "connections") == {
        "webhooks": [
            ("FAIL", "1 waiting, the oldest for 300 s: nobody works on them. Look at worker-inbound and its log."),
            ("warn", "1 parked after five failures. Settings → Flight recorder shows and replays them."),
        ],
        "timers": [("FAIL", "1 waiting, the oldest for 300 s: nobody works on them. Look at worker-default and beat and its log.")],
        "connections": [("warn", "1 disconnected: acme: Sales. In that company: Connections → Connect.")],
    }


def test_what_a_suspended_company_is_sent_waits_for_it(acme):
    Webhook.objects.create(company_id=acme.pk, connection_id=1, provider="simulator", body=b"{}", received_at=now() - timedelta(hours=3))
    Company.objects.filter(pk=acme.pk).update(state=Company.State.SUSPENDED)

    assert troubles("webhooks") == {}


def test_a_clock_and_workers_that_are_not_there(acme):
    found = troubles("clock", "workers")
    pulse.beat_ticked()

    assert found["clock"] == [
        ("FAIL", "it never ticked: timers and sweeps stand still. Start exactly one: celery -A config.celery beat"),
    ]
    assert [words for _verdict, words in found["workers"]] == [
        f"nobody works on the queue {queue}. Start: celery -A config.celery worker -Q {queue}" for queue in pulse.QUEUES
    ]
    assert troubles("clock") == {}


def test_a_company_that_is_behind(acme):
    with checkups.connection.cursor() as cursor:
        cursor.execute("DELETE FROM acme.django_migrations WHERE app = 'campaigns'")

    assert troubles("migrations") == {
        "migrations": [("FAIL", "companies that are behind: acme. Run `python manage.py migrate_companies`.")],
    }


def test_a_valkey_that_forgets(acme):
    valkey.client().config_set("maxmemory-policy", "allkeys-lru")
    valkey.client().config_set("appendonly", "no")
    found = troubles("valkey")
    valkey.client().config_set("maxmemory-policy", "noeviction")
    valkey.client().config_set("appendonly", "yes")

    assert found == {
        "valkey": [
            ("warn", "the append-only file is off: a restart forgets queued work (sweeps find it again). `appendonly yes` keeps it."),
            ("FAIL", "maxmemory-policy is allkeys-lru: queued work is thrown away when memory is short. Set it to noeviction."),
        ]
    }


def test_keys_that_decrypt_nothing(acme, settings):
    settings.FIELD_KEYS = ["not a key"]

    assert troubles("secrets")["secrets"][0][0] == "FAIL"


def test_programs_get_json_and_an_exit_code(acme):
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", stdout=said)

    told = json.loads(said.getvalue())
    assert (ended.value.code, told["status"]) == (1, "FAIL")
    assert {"subject": "migrations", "verdict": "ok", "words": "public and all companies are up to date"} in told["findings"]


def test_people_get_one_line_for_each_finding(acme):
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=said)

    lines = said.getvalue().splitlines()
    assert "ok    migrations      public and all companies are up to date" in lines
    assert lines[-1].endswith(" failing")
