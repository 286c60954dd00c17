import json
import time

import pytest
from celery import current_app
from django.db import transaction

from tenants.lib import later as later_module
from tenants.lib.later import later
from tenants.lib.tasks import UnknownTask, each_company, public_task, task
from tenants.lib.tenancy import NoCompany, current_company, enter, enter_public
from tenants.lib.valkey import client
from tenants.models import Company
from tenants.services.companies import suspend_company

SEEN: list[object] = []


@task(name="tenants.tests.look", queue="inbound")
def look(number: int) -> None:
    SEEN.append((current_company().slug, number))


@public_task(name="tenants.tests.look_at_all", queue="default")
def look_at_all() -> None:
    SEEN.append([company.slug for company in each_company()])


@pytest.fixture(autouse=True)
def _nothing_seen():
    SEEN.clear()
    later_module._broker.producer = None
    later_module._broker.silent_until = 0.0


def sent_to(queue: str) -> list[dict]:
    return [json.loads(message)["headers"] for message in client().lrange(queue, 0, -1)]


def test_later_is_sent_after_commit_with_the_company_of_the_call(acme, globex, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        later("tenants.tests.look", 5)
    before_commit = sent_to("inbound")
    with enter(globex):
        waiting[0]()

    assert before_commit == []
    assert [(headers["task"], headers["company"], headers["argsrepr"]) for headers in sent_to("inbound")] == [
        ("tenants.tests.look", acme.pk, "(5,)")
    ]


def test_a_rollback_sends_nothing(acme, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValueError), transaction.atomic():
        later("tenants.tests.look", 5)
        raise ValueError

    assert sent_to("inbound") == []


def test_a_name_nobody_registered_is_refused_at_the_call(acme):
    with pytest.raises(UnknownTask):
        later("tenants.tests.no_such_task")


def test_a_companys_task_needs_a_company_and_a_public_one_does_not(db, django_capture_on_commit_callbacks):
    with enter_public(), pytest.raises(NoCompany):
        later("tenants.tests.look", 5)
    with enter_public(), django_capture_on_commit_callbacks(execute=True):
        later("tenants.tests.look_at_all")

    assert [headers["task"] for headers in sent_to("default")] == ["tenants.tests.look_at_all"]


def test_a_broker_that_is_down_costs_little_and_raises_nothing(acme, django_capture_on_commit_callbacks, monkeypatch):
    # A port on which nobody listens. Only this setting: Celery never takes a changed `broker_write_url` back.
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")

    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(20):
            later("tenants.tests.look", number)

    assert time.monotonic() - began < 1
    assert sent_to("inbound") == []


def test_a_task_runs_in_the_company_of_its_message(db, globex):
    look.apply(args=(7,), headers={"company": globex.pk}).get()

    assert SEEN == [("globex", 7)]


def test_a_message_without_a_company_is_refused(db):
    with pytest.raises(NoCompany):
        look.apply(args=(7,), throw=True).get()

    assert SEEN == []


def test_a_suspended_company_does_no_work(db, globex):
    suspend_company(globex, by=None)

    look.apply(args=(7,), headers={"company": globex.pk}).get()

    assert SEEN == []


def test_a_sweep_visits_active_companies_one_by_one(db, globex):
    Company.objects.filter(pk=globex.pk).update(state=Company.State.SUSPENDED)

    look_at_all.apply().get()

    assert SEEN == [["acme"]]
