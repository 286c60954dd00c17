"""A new password by e-mail: who asks learns nothing, the link is good once, and every login ends."""

from unittest.mock import patch

import pytest

from accounts.mail_links import reset_token
from accounts.models import Letter, User
from accounts.services.logging_in import log_in
from accounts.services.password_resets import begin_password_reset
from accounts.services.users import deactivate_user
from accounts.tests.cast import client_at, hire, logged_in_client
from accounts.tests.factories import PASSWORD
from accounts.types import Device
from tenants.lib.tenancy import enter, enter_public
from tenants.services.logins import remember_login

RESET, CHECK, CONFIRM = (f"/api/v1/auth/password/reset/{end}" for end in ("", "check/", "confirm/"))
LOGIN, ME = "/api/v1/auth/login/", "/api/v1/auth/me/"
NEW = "fresh-horse-11"


def code_of(response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


def letters_to(email: str, company_id: int | None = None) -> int:
    with enter_public():
        return begin_password_reset(email=email, company_id=company_id)


def test_every_answer_is_the_same(acme, alice, bob, mallory):
    deactivate_user(bob, by=alice)
    client = client_at(acme)

    answers = [client.post(RESET, {"email": email}) for email in (alice.email, "nobody@acme.test", mallory.email, bob.email)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 4
    assert Letter.objects.count() == 0  # a worker looks for the person, later


def test_a_letter_goes_to_who_works_there_only(acme, alice, bob, mallory):
    deactivate_user(bob, by=alice)

    written = [letters_to(email, acme.pk) for email in ("ALICE@acme.test", "nobody@acme.test", mallory.email, bob.email)]

    assert written == [1, 0, 0, 0]
    assert list(Letter.objects.values_list("kind", "user_id", "state")) == [("password_reset", alice.pk, "waiting")]


def test_an_address_of_two_companies_gets_a_letter_of_each(acme, globex):
    for company in (acme, globex):
        user = hire(company, name="Alma", role="agent")
        with enter(company):
            User.objects.filter(pk=user.pk).update(email="alma@both.test")
            remember_login(email="alma@both.test", company=company)

    everywhere, here = letters_to("alma@both.test"), letters_to("alma@both.test", globex.pk)

    with enter(globex):
        states = list(Letter.objects.order_by("id").values_list("state", flat=True))
    assert (everywhere, here, Letter.objects.count(), states) == (2, 1, 1, ["dropped", "waiting"])


def test_the_new_password_opens_and_everything_else_is_shut(acme, alice):
    elsewhere = logged_in_client(alice)
    token = reset_token(alice)
    client = client_at(acme)

    shown = client.post(CHECK, {"token": token}).json()
    done = client.post(CONFIRM, {"token": token, "password": NEW})

    assert shown == {"email": alice.email, "name": "Alice", "company": {"slug": "acme", "name": "Acme"}} == done.json()
    assert elsewhere.get(ME).status_code == 401
    assert [client.post(LOGIN, {"email": alice.email, "password": password}).status_code for password in (PASSWORD, NEW)] == [401, 200]


def test_a_link_is_good_once_and_a_weak_password_does_not_use_it_up(acme, alice):
    client, token = client_at(acme), reset_token(alice)

    answers = [client.post(CONFIRM, {"token": token, "password": password}) for password in ("12345678", NEW, "another-horse-12")]

    assert (code_of(answers[0]), answers[1].status_code, code_of(answers[2])) == ((400, "weak_password"), 200, (410, "link_used"))
    assert answers[0].json()["errors"][0]["attr"] == "password"
    assert User.objects.get(pk=alice.pk).check_password(NEW)


def test_a_login_ends_the_link_for_the_password_was_remembered(acme, alice):
    token = reset_token(alice)
    log_in(email=alice.email, password=PASSWORD, host_company=acme, slug="", device=Device())

    assert code_of(client_at(acme).post(CONFIRM, {"token": token, "password": NEW})) == (410, "link_used")


def test_after_an_hour_it_has_expired(acme, alice):
    with patch("django.core.signing.time.time", return_value=0):
        token = reset_token(alice)

    assert [code_of(client_at(acme).post(path, {"token": token, "password": NEW})) for path in (CHECK, CONFIRM)] == [
        (410, "link_expired")
    ] * 2


def test_who_left_meanwhile_does_not_come_back(acme, alice, bob):
    token = reset_token(bob)
    deactivate_user(bob, by=alice)

    assert code_of(client_at(acme).post(CONFIRM, {"token": token, "password": NEW})) == (410, "link_used")


def test_another_companys_host_and_forged_links_open_nothing(acme, globex, alice, mallory):
    token = reset_token(alice)
    with enter(globex):
        hers = reset_token(mallory)
    attempts = [(globex, token), (acme, hers), (acme, token[:-1]), (acme, "x")]

    assert [code_of(client_at(host).post(CONFIRM, {"token": given, "password": NEW})) for host, given in attempts] == [
        (404, "link_unknown")
    ] * 4
    assert User.objects.get(pk=alice.pk).check_password(PASSWORD)


@pytest.mark.parametrize("email", ["alice@acme.test", "nobody@acme.test"])
def test_a_mailbox_is_not_filled_whether_it_is_known_or_not(acme, alice, settings, email):
    settings.PASSWORD_RESETS_PER_ACCOUNT = 2
    client = client_at(acme)

    answers = [client.post(RESET, {"email": email}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [204, 204, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= settings.PASSWORD_RESET_WINDOW_SECONDS


def test_many_mailboxes_from_one_address_are_too_many(acme, settings):
    settings.PASSWORD_RESETS_PER_ADDRESS = 2
    client = client_at(acme)

    codes = [client.post(RESET, {"email": f"guess{n}@acme.test"}).status_code for n in range(3)]

    assert (codes, client.post(RESET, {"email": "alice@acme.test"}, REMOTE_ADDR="192.0.2.7").status_code) == ([204, 204, 429], 204)
