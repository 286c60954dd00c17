import pytest
from django.contrib.auth import get_user_model

from tenants.lib.tenancy import enter
from tenants.models import Company, Plan

PASSWORD = "a long enough password"


def log_in(client, company: Company, role: str = "admin") -> dict[str, str]:
    """Headers of somebody with this role in this company, by the real login."""
    host = f"{company.slug}.localhost"
    with enter(company):
        get_user_model().objects.create_user(f"{role}@{company.slug}.test", PASSWORD, name=role, role=role)
    answer = client.post(
        "/api/v1/auth/login/",
        {"email": f"{role}@{company.slug}.test", "password": PASSWORD},
        content_type="application/json",
        headers={"host": host},
    )
    assert answer.status_code == 200, answer.content
    return {"host": host, "authorization": f"Bearer {answer.json()['access']}"}


@pytest.fixture
def staff(client, platform) -> dict[str, str]:
    return log_in(client, platform)


def send(client, method: str, path: str, headers: dict[str, str], **body: object):
    return getattr(client, method)(f"/api/v1/{path}", body or None, content_type="application/json", headers=headers)


def test_staff_create_change_suspend_resume_and_destroy_a_company(client, staff):
    plan = send(client, "post", "plans/", staff, name="Small", max_users=3, features=["campaigns"]).json()
    made = send(
        client, "post", "companies/", staff,
        slug="initech", name="Initech", admin_email="boss@initech.test", admin_password=PASSWORD, plan=plan["id"],
    )  # fmt: skip
    company = f"companies/{made.json()['id']}/"
    changed = send(client, "patch", company, staff, name="Initech Ltda", timezone="America/Sao_Paulo").json()
    states = [send(client, "post", f"{company}{verb}/", staff).json()["state"] for verb in ("suspend", "resume")]
    listed = [row["slug"] for row in send(client, "get", "companies/", staff).json()["results"]]
    wrong = send(client, "delete", company, staff, confirm="initec")
    gone = send(client, "delete", company, staff, confirm="initech")

    assert (made.status_code, made.json()["domains"], made.json()["plan"]) == (201, ["initech.localhost"], plan["id"])
    assert (changed["name"], changed["slug"], changed["plan"], states) == ("Initech Ltda", "initech", plan["id"], ["suspended", "active"])
    assert sorted(listed) == ["acme", "globex", "initech", "platform"]
    assert (wrong.status_code, wrong.json()["errors"][0]["attr"], gone.status_code) == (400, "confirm", 204)
    assert send(client, "get", company, staff).status_code == 404


def test_errors_name_their_field(client, staff):
    taken = send(client, "post", "companies/", staff, slug="acme", name="A", admin_email="a@a.test", admin_password=PASSWORD)
    bad = send(client, "post", "companies/", staff, slug="Not good", name="A", admin_email="a@a.test", admin_password=PASSWORD)

    assert (taken.status_code, taken.json()["errors"][0]["code"]) == (409, "slug_taken")
    assert (bad.status_code, bad.json()["errors"][0]["code"], bad.json()["errors"][0]["attr"]) == (400, "invalid_slug", "slug")


def test_a_plan_in_use_is_kept(client, staff, globex):
    plan = Plan.objects.create(name="Large")
    Company.objects.filter(pk=globex.pk).update(plan=plan)

    refused = send(client, "delete", f"plans/{plan.pk}/", staff)

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "plan_in_use")


def test_mallory_who_administers_globex_sees_no_companies_and_no_plans(client, globex):
    mallory = log_in(client, globex)

    answers = [send(client, "get", path, mallory).status_code for path in ("companies/", f"companies/{globex.pk}/", "plans/")]

    assert answers == [403, 403, 403]


def test_staff_who_do_not_administer_may_not_either(client, platform):
    helper = log_in(client, platform, role="agent")

    assert send(client, "get", "companies/", helper).status_code == 403


def test_lists_ask_the_database_the_same_number_of_times_however_long(client, staff, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert len(send(client, "get", "companies/", staff).json()["results"]) == 3
