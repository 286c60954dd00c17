import datetime

import jwt
import pytest
from django.db import connection
from django_tenants.postgresql_backend.base import FakeTenant

from tenants.services.companies import resume_company, suspend_company


@pytest.fixture(autouse=True)
def _one_page(settings, db):
    settings.ROOT_URLCONF = settings.PLATFORM_URLCONF = "tenants.tests.urls"


def bearer(settings, company_id: object, *, key: str | None = None, minutes: int = 5) -> str:
    claims = {"company": company_id, "exp": datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=minutes)}
    return "Bearer " + jwt.encode(claims, key or settings.SIMPLE_JWT["SIGNING_KEY"], algorithm="HS256")


def visit(client, host: str, authorization: str = "", path: str = "/api/v1/anything/", **extra: str) -> tuple[int, object]:
    answer = client.get(path, headers={"host": host, "authorization": authorization, **extra})
    body = answer.json()
    return answer.status_code, body.get("schema") or body["errors"][0]["code"]


def test_the_host_names_the_company(client):
    assert visit(client, "acme.localhost:8000") == (200, "acme")
    assert visit(client, "GLOBEX.localhost") == (200, "globex")
    assert visit(client, "platform.localhost") == (200, "platform")
    assert isinstance(connection.tenant, FakeTenant)


def test_only_the_platforms_host_has_the_platforms_urls(client, settings):
    seen = [client.get("/x", headers={"host": host}).json()["urlconf"] for host in ("platform.localhost", "localhost", "acme.localhost")]

    assert seen == ["tenants.tests.urls", "root", "root"]


def test_an_unknown_host_is_404_for_programs_and_people(client):
    page = client.get("/app/", headers={"host": "nobody.localhost", "accept": "text/html"})

    assert visit(client, "nobody.localhost") == (404, "unknown_host")
    assert (page.status_code, page.headers["Content-Type"], b"There is no company" in page.content) == (
        404,
        "text/html; charset=utf-8",
        True,
    )


def test_on_the_shared_host_the_token_names_the_company(client, settings, globex):
    assert visit(client, "localhost:8000") == (200, "platform")
    assert visit(client, "localhost", bearer(settings, globex.pk)) == (200, "globex")
    assert visit(client, "127.0.0.1:8000", f"Api-Key recado_{globex.pk}_secret") == (200, "globex")


def test_a_token_of_another_company_is_refused_on_this_host(client, settings, globex):
    assert visit(client, "acme.localhost", bearer(settings, globex.pk)) == (401, "wrong_company")
    assert visit(client, "acme.localhost", f"Api-Key recado_{globex.pk}_secret") == (401, "wrong_company")


def test_an_expired_token_still_finds_its_company_and_a_forged_one_finds_nothing(client, settings, globex):
    assert visit(client, "localhost", bearer(settings, globex.pk, minutes=-5)) == (200, "globex")
    assert visit(client, "localhost", bearer(settings, globex.pk, key="a forger's own key, which is long enough")) == (200, "platform")
    assert visit(client, "localhost", bearer(settings, 999_999)) == (401, "authentication_failed")
    assert visit(client, "localhost", bearer(settings, "7; drop")) == (200, "platform")


def test_a_suspended_company_is_told_so_on_every_door_until_it_is_back(client, settings, globex):
    suspend_company(globex, by=None)
    suspended = visit(client, "globex.localhost"), visit(client, "localhost", bearer(settings, globex.pk))
    resume_company(globex, by=None)

    assert suspended == ((403, "company_suspended"), (403, "company_suspended"))
    assert visit(client, "globex.localhost") == (200, "globex")


def test_a_request_id_is_kept_when_sound_and_made_when_not(client):
    given = client.get("/", headers={"host": "acme.localhost", "x-request-id": "abc-1"}).headers["X-Request-Id"]
    made = client.get("/", headers={"host": "acme.localhost", "x-request-id": "a\tb" * 99}).headers["X-Request-Id"]

    assert (given, len(made)) == ("abc-1", 32)
