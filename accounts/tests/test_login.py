"""Logging in, at a company's host and at the shared one."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection

from accounts.models import LoginSession
from accounts.tests.cast import client_at, hire
from accounts.tests.factories import PASSWORD
from tenants.lib.directory import forget_companies
from tenants.lib.tenancy import enter
from tenants.models import Company
from tenants.services.companies import suspend_company
from tenants.services.logins import remember_login

LOGIN, ME = "/api/v1/auth/login/", "/api/v1/auth/me/"


def code_of(response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


@pytest.fixture
def alma(acme, globex):
    """Works in both companies, with one e-mail and one password."""
    in_acme, in_globex = hire(acme, name="Alma", role="agent"), hire(globex, name="Alma", role="agent")
    for user in (in_acme, in_globex):
        with enter(user.company):
            user.email = "alma@both.test"
            user.save()
    return in_acme, in_globex


def remember(*users) -> None:
    for user in users:
        remember_login(email=user.email, company=user.company)


def test_login_at_the_companys_host_opens_the_api(acme, alice):
    client = client_at(acme)

    answer = client.post(LOGIN, {"email": "Alice@ACME.test", "password": PASSWORD})
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    me = client.get(ME)

    assert answer.status_code == 200, answer.json()
    assert answer.json()["company"] == {"slug": "acme", "name": "Acme", "id": acme.pk, "timezone": acme.timezone}
    assert answer.json()["user"] | {"created_at": ""} == {
        "id": alice.pk,
        "name": "Alice",
        "role": "admin",
        "avatar": None,
        "is_active": True,
        "email": "alice@acme.test",
        "locale": "en",
        "is_away": False,
        "created_at": "",
    }
    assert (me.status_code, me.json()["user"]["id"], me.json()["company"]["slug"]) == (200, alice.pk, "acme")


def test_the_refresh_cookie_is_out_of_reach_of_scripts_and_other_paths(acme, alice):
    answer = client_at(acme).post(LOGIN, {"email": alice.email, "password": PASSWORD})

    cookie = answer.cookies["recado_refresh"]
    assert cookie.value == answer.json()["refresh"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/api/v1/auth/")


def test_the_shared_host_finds_the_company_by_the_email(acme, alice):
    client = client_at(None)

    answer = client.post(LOGIN, {"email": alice.email, "password": PASSWORD})
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")

    assert answer.json()["company"]["slug"] == "acme"
    assert client.get(ME).json()["user"]["email"] == alice.email


def test_an_email_of_two_companies_gets_the_choice_after_the_password_matched(alma):
    remember(*alma)
    client = client_at(None)

    both = client.post(LOGIN, {"email": "alma@both.test", "password": PASSWORD})
    chosen = client.post(LOGIN, {"email": "alma@both.test", "password": PASSWORD, "company": "globex"})
    guessed = client.post(LOGIN, {"email": "alma@both.test", "password": "a wrong guess"})

    assert code_of(both) == (409, "choose_company")
    assert both.json()["choices"] == [{"slug": "acme", "name": "Acme"}, {"slug": "globex", "name": "Globex"}]
    assert (chosen.status_code, chosen.json()["company"]["slug"], chosen.json()["user"]["id"]) == (200, "globex", alma[1].pk)
    assert code_of(guessed) == (401, "wrong_credentials")


def test_only_companies_whose_password_matched_are_offered(alma):
    remember(*alma)
    with enter(alma[1].company):
        alma[1].set_password("another-horse-9")
        alma[1].save()

    answer = client_at(None).post(LOGIN, {"email": "alma@both.test", "password": PASSWORD})

    assert (answer.status_code, answer.json()["company"]["slug"]) == (200, "acme")


def test_every_refusal_looks_the_same(acme, globex, alice, bob, mallory):
    bob.is_active = False
    bob.save()
    client = client_at(acme)

    refusals = [
        client.post(LOGIN, {"email": email, "password": password}).json()
        for email, password in [
            (alice.email, "a wrong guess"),
            ("nobody@acme.test", PASSWORD),
            (mallory.email, PASSWORD),
            (bob.email, PASSWORD),
        ]
    ]

    assert refusals == [refusals[0]] * 4
    assert refusals[0]["errors"][0]["code"] == "wrong_credentials"


@pytest.mark.parametrize("email", ["alice@acme.test", "nobody@acme.test"])
def test_guessing_is_stopped_per_account_also_with_the_right_password(acme, alice, settings, email):
    settings.LOGIN_ATTEMPTS_PER_ACCOUNT = 3
    client = client_at(acme)

    codes = [client.post(LOGIN, {"email": email, "password": "a wrong guess"}).status_code for _ in range(4)]
    last = client.post(LOGIN, {"email": email, "password": PASSWORD})

    assert codes == [401, 401, 401, 429]
    assert code_of(last) == (429, "throttled")
    assert 0 < int(last.headers["Retry-After"]) <= settings.LOGIN_WINDOW_SECONDS


def test_guessing_over_many_accounts_is_stopped_per_address(acme, alice, settings):
    settings.LOGIN_ATTEMPTS_PER_ADDRESS = 3
    client = client_at(acme)

    codes = [client.post(LOGIN, {"email": f"guess{n}@acme.test", "password": PASSWORD}).status_code for n in range(4)]
    elsewhere = client.post(LOGIN, {"email": alice.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")

    assert codes == [401, 401, 401, 429]
    assert elsewhere.status_code == 200


def test_logins_that_succeed_are_not_counted_against_an_office(acme, alice, settings):
    settings.LOGIN_ATTEMPTS_PER_ADDRESS = settings.LOGIN_ATTEMPTS_PER_ACCOUNT = 3
    client = client_at(acme)

    codes = [client.post(LOGIN, {"email": alice.email, "password": PASSWORD}).status_code for _ in range(6)]

    assert codes == [200] * 6


def test_a_suspended_company_says_so_on_both_hosts(acme, alice):
    connection.set_schema_to_public()
    suspend_company(Company.objects.get(pk=acme.pk), by="the platform")

    answers = [client.post(LOGIN, {"email": alice.email, "password": PASSWORD}) for client in (client_at(acme), client_at(None))]
    wrong = client_at(None).post(LOGIN, {"email": alice.email, "password": "a wrong guess"})
    forget_companies()

    assert [code_of(answer) for answer in answers] == [(403, "company_suspended")] * 2
    assert code_of(wrong) == (401, "wrong_credentials")


@pytest.mark.parametrize("body", [{}, {"email": "not an e-mail", "password": "x"}, {"email": "alice@acme.test", "password": ""}])
def test_a_broken_login_is_a_400_with_the_field(acme, body):
    answer = client_at(acme).post(LOGIN, body)

    assert (answer.status_code, answer.json()["type"]) == (400, "validation_error")


def test_a_form_of_somebody_elses_page_cannot_log_a_person_in(acme, alice):
    answer = client_at(acme).post(LOGIN, {"email": alice.email, "password": PASSWORD}, format="multipart")

    assert answer.status_code == 415


def test_an_unknown_email_costs_one_hash_like_a_known_one(acme, alice, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(given[1]) or encode(*given))
    client = client_at(acme)

    for email in (alice.email, "nobody@acme.test"):
        client.post(LOGIN, {"email": email, "password": "a wrong guess"})
    client_at(None).post(LOGIN, {"email": "nobody@acme.test", "password": "a wrong guess"})

    assert hashed == ["a wrong guess"] * 3


def test_mallory_cannot_bring_her_token_to_acme(acme, mallory, client_of):
    client = client_of(mallory)

    at_home = client.get(ME)
    at_acme = client.get(ME, HTTP_HOST="acme.localhost")

    assert at_home.status_code == 200
    assert at_acme.status_code == 401
    assert LoginSession.objects.count() == 0
