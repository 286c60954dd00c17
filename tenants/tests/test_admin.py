import datetime

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model

from tenants.lib.tenancy import enter
from tenants.models import Company, Plan, Timer
from tenants.platform_site import platform_site

PLATFORM_HOST = {"host": "platform.localhost"}
PAST = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def staff(client, platform):
    with enter(platform):
        client.force_login(get_user_model().objects.create_user("root@recado.test", None, name="Root", role="admin"))
    return client


def form_errors(answer) -> list[str]:
    return [str(error) for errors in answer.context["form"].errors.values() for error in errors]


NEW_COMPANY = {
    "name": "Initech",
    "slug": "initech",
    "timezone": "UTC",
    "locale": "en",
    "admin_email": "boss@initech.test",
    "admin_password": "recado-demo",
}


def test_staff_make_and_destroy_a_company(staff):
    taken = staff.post("/admin/tenants/company/add/", NEW_COMPANY | {"slug": "acme"}, headers=PLATFORM_HOST)
    made = staff.post("/admin/tenants/company/add/", NEW_COMPANY, headers=PLATFORM_HOST)
    company = Company.objects.get(schema_name="initech")
    page = f"/admin/tenants/company/{company.pk}/"
    seen = staff.get(page, headers=PLATFORM_HOST)
    renamed = staff.post(f"{page}change/", {"name": "Initech Ltda", "timezone": "UTC", "locale": "pt-br"}, headers=PLATFORM_HOST)
    company.refresh_from_db()
    not_confirmed = staff.post(f"{page}delete/", {"confirm": "initec"}, headers=PLATFORM_HOST)
    dropped = staff.post(f"{page}delete/", {"confirm": "initech"}, headers=PLATFORM_HOST)

    assert (form_errors(taken), made.status_code, seen.status_code) == (["This short name is taken."], 302, 302)
    assert (renamed.status_code, company.name, company.locale) == (302, "Initech Ltda", "pt-br")
    assert form_errors(not_confirmed) == ["Type the company's short name again to destroy it."]
    assert (dropped.status_code, Company.objects.get(pk=company.pk).state) == (302, "deleted")


def test_staff_suspend_companies_from_the_list(staff, globex):
    chosen = {"action": "suspend", "_selected_action": [globex.pk]}
    staff.post("/admin/tenants/company/", chosen, headers=PLATFORM_HOST)

    globex.refresh_from_db()
    assert globex.state == Company.State.SUSPENDED


def test_staff_try_a_parked_timer_again(staff, acme):
    timer = Timer.objects.create(company_id=acme.pk, kind="note", key="a", due_at=PAST, attempts=5, parked_at=PAST)
    staff.post("/admin/tenants/timer/", {"action": "try_again", "_selected_action": [timer.pk]}, headers=PLATFORM_HOST)

    timer.refresh_from_db()
    assert (timer.attempts, timer.parked_at) == (0, None)


@pytest.mark.parametrize("model", sorted(model._meta.model_name for model in platform_site._registry))
def test_every_list_of_the_platform_opens(staff, model):
    Plan.objects.create(name="Small")

    assert staff.get(f"/admin/tenants/{model}/", headers=PLATFORM_HOST).status_code == 200


def test_health_says_what_is_stuck(staff, acme):
    Timer.objects.create(company_id=acme.pk, kind="note", key="a", due_at=PAST, parked_at=PAST)

    page = staff.get("/admin/health/", headers=PLATFORM_HOST)

    assert (page.status_code, page.context["backlog"].timers_parked, page.context["behind"]) == (200, 1, [])


def test_a_companys_admin_knows_nothing_of_companies(client, globex):
    with enter(globex):
        client.force_login(
            get_user_model().objects.create_user("mallory@globex.test", None, name="Mallory", role="admin", is_superuser=True)
        )

    there = client.get("/admin/tenants/company/", headers={"host": "globex.localhost"})
    at_the_platform = client.get("/admin/tenants/company/", headers=PLATFORM_HOST)

    assert [model for model in admin.site._registry if model._meta.app_label == "tenants"] == []
    assert (there.status_code, at_the_platform.status_code) == (404, 302)
