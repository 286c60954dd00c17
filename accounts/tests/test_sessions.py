"""Refresh tokens: rotation, reuse, ending; and that what ended stops working at once."""

import datetime

import jwt
import pytest
from django.conf import settings as django_settings

from accounts.models import LoginSession
from accounts.services.sessions import open_session
from accounts.services.users import UserChanges, update_user
from accounts.tests.cast import client_at, logged_in_client
from accounts.tests.factories import PASSWORD
from accounts.tokens import access_token, refresh_token
from accounts.types import Device
from tenants.lib.clock import now
from tenants.lib.tenancy import enter

LOGIN, REFRESH, LOGOUT = "/api/v1/auth/login/", "/api/v1/auth/refresh/", "/api/v1/auth/logout/"
ME, SESSIONS, PASSWORD_URL = "/api/v1/auth/me/", "/api/v1/auth/sessions/", "/api/v1/auth/password/"


def code_of(response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


@pytest.fixture
def session(alice) -> LoginSession:
    return open_session(alice, device=Device())


@pytest.fixture
def first(acme, session) -> str:
    return refresh_token(acme, session)


def refresh(acme, token: str):
    return client_at(acme).post(REFRESH, {"refresh": token})


def rewind(session: LoginSession, seconds: int) -> None:
    LoginSession.objects.filter(pk=session.pk).update(rotated_at=now() - datetime.timedelta(seconds=seconds))


def test_refresh_turns_the_token(acme, session, first):
    second = refresh(acme, first).json()
    third = refresh(acme, second["refresh"]).json()

    assert len({first, second["refresh"], third["refresh"]}) == 3
    assert client_at(acme).get(ME, HTTP_AUTHORIZATION=f"Bearer {third['access']}").status_code == 200


def test_the_cookie_serves_as_well_as_the_body(acme, alice):
    client = client_at(acme)
    client.post(LOGIN, {"email": alice.email, "password": PASSWORD})

    by_cookie = client.post(REFRESH, {})

    assert by_cookie.status_code == 200
    assert client.cookies["recado_refresh"].value == by_cookie.json()["refresh"]


def test_reuse_within_the_grace_time_gives_the_same_successor(acme, first):
    answers = [refresh(acme, first).json()["refresh"] for _ in range(3)]

    assert answers == [answers[0]] * 3


def test_reuse_after_the_grace_time_ends_the_family(acme, session, first):
    successor = refresh(acme, first).json()
    rewind(session, django_settings.REFRESH_REUSE_GRACE_SECONDS + 1)

    stolen = refresh(acme, first)

    session.refresh_from_db()
    assert (code_of(stolen), session.ended_reason) == ((401, "session_ended"), "reused")
    assert code_of(refresh(acme, successor["refresh"])) == (401, "session_ended")
    assert code_of(client_at(acme).get(ME, HTTP_AUTHORIZATION=f"Bearer {successor['access']}")) == (401, "session_ended")


def test_a_token_older_than_the_last_turn_ends_the_family(acme, session, first):
    second = refresh(acme, first).json()["refresh"]
    refresh(acme, second)

    assert code_of(refresh(acme, first)) == (401, "session_ended")
    session.refresh_from_db()
    assert session.ended_reason == "reused"


def test_the_shared_host_refreshes_and_logs_out_too(acme, session, first):
    client = client_at(None)

    turned = client.post(REFRESH, {"refresh": first})
    gone = client.post(LOGOUT, {"refresh": turned.json()["refresh"]})

    session.refresh_from_db()
    assert (turned.status_code, gone.status_code, session.ended_reason) == (200, 204, "logged out")


def test_logout_ends_access_at_once_and_twice_is_fine(acme, session, first):
    access = access_token(acme, session)
    client = client_at(acme)

    before = client.get(ME, HTTP_AUTHORIZATION=f"Bearer {access}").status_code
    codes = [client.post(LOGOUT, {"refresh": first}).status_code for _ in range(2)]
    after = client.get(ME, HTTP_AUTHORIZATION=f"Bearer {access}")

    assert (before, codes, code_of(after)) == (200, [204, 204], (401, "session_ended"))


def test_logout_without_a_token_is_quiet(acme):
    assert client_at(acme).post(LOGOUT, {}).status_code == 204


@pytest.mark.parametrize("token", ["", "rubbish", "a.b.c"])
def test_rubbish_is_no_refresh_token(acme, token):
    assert code_of(refresh(acme, token)) == (401, "token_invalid")


def test_an_access_token_is_no_refresh_token_nor_the_other_way(acme, session, first):
    swapped = client_at(acme).get(ME, HTTP_AUTHORIZATION=f"Bearer {first}")

    assert code_of(refresh(acme, access_token(acme, session))) == (401, "token_invalid")
    assert code_of(swapped) == (401, "token_invalid")


def test_expired_and_forged_tokens_are_told_apart(acme, alice, session):
    claims = {"token_type": "access", "company": acme.pk, "user": alice.pk, "session": session.pk}
    past = {**claims, "exp": now() - datetime.timedelta(minutes=1)}
    expired = jwt.encode(past, django_settings.SIMPLE_JWT["SIGNING_KEY"], algorithm="HS256")
    forged = jwt.encode({**claims, "exp": now() + datetime.timedelta(minutes=1)}, "somebody else's key, long enough", algorithm="HS256")
    unsigned = jwt.encode({**claims, "exp": now() + datetime.timedelta(minutes=1)}, None, algorithm="none")

    codes = [code_of(client_at(acme).get(ME, HTTP_AUTHORIZATION=f"Bearer {token}")) for token in (expired, forged, unsigned)]

    assert codes == [(401, "token_expired"), (401, "token_invalid"), (401, "token_invalid")]


def test_nobody_without_a_token_gets_in(acme):
    assert code_of(client_at(acme).get(ME)) == (401, "not_authenticated")


def test_letting_somebody_go_stops_their_tokens_at_once(acme, alice, bob, client_of):
    client = client_of(bob)
    token = refresh_token(acme, open_session(bob, device=Device()))

    before = client.get(ME).status_code
    update_user(bob, changes=UserChanges(is_active=False), by=alice)

    assert before == 200
    assert code_of(client.get(ME)) == (401, "session_ended")
    assert code_of(refresh(acme, token)) == (401, "session_ended")


def test_one_sees_and_revokes_ones_own_sessions_only(acme, alice, bob):
    client = logged_in_client(alice)
    other = open_session(alice, device=Device(user_agent="phone"))
    bobs = open_session(bob, device=Device())

    listed = client.get(SESSIONS).json()
    codes = [client.delete(f"{SESSIONS}{pk}/").status_code for pk in (other.pk, other.pk, bobs.pk)]

    assert [(item["user_agent"], item["is_current"]) for item in listed] == [("phone", False), ("tests", True)]
    assert codes == [204, 404, 404]
    assert [item["is_current"] for item in client.get(SESSIONS).json()] == [True]


def test_all_other_sessions_end_at_once(acme, alice, bob):
    client, elsewhere, bobs = logged_in_client(alice), logged_in_client(alice), logged_in_client(bob)

    done = client.delete(SESSIONS)

    assert (done.status_code, [item["is_current"] for item in client.get(SESSIONS).json()]) == (204, [True])
    assert [one.get(ME).status_code for one in (client, elsewhere, bobs)] == [200, 401, 200]


def test_a_session_tells_its_machine_and_when_it_was_last_used(acme, alice):
    client = logged_in_client(alice)
    chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
    long_ago = now() - datetime.timedelta(hours=3)
    LoginSession.objects.update(seen_at=long_ago, user_agent=chrome, address="192.0.2.7")

    client.get(ME)
    [listed] = client.get(SESSIONS).json()

    assert (listed["machine"], listed["address"]) == ({"browser": "Chrome", "system": "Windows", "is_phone": False}, "192.0.2.7")
    assert datetime.datetime.fromisoformat(listed["seen_at"]) > long_ago + datetime.timedelta(hours=2)


def test_a_new_password_ends_the_other_sessions(acme, alice):
    client, elsewhere = logged_in_client(alice), logged_in_client(alice)

    wrong = client.post(PASSWORD_URL, {"current_password": "a wrong guess", "new_password": "fresh-horse-11"})
    weak = client.post(PASSWORD_URL, {"current_password": PASSWORD, "new_password": "12345678"})
    done = client.post(PASSWORD_URL, {"current_password": PASSWORD, "new_password": "fresh-horse-11"})

    assert [code_of(wrong), code_of(weak), done.status_code] == [(400, "wrong_password"), (400, "weak_password"), 204]
    assert (client.get(ME).status_code, elsewhere.get(ME).status_code) == (200, 401)


def test_mallorys_refresh_token_is_refused_on_acmes_host(acme, globex, mallory):
    with enter(globex):
        token = refresh_token(globex, open_session(mallory, device=Device()))

    assert code_of(refresh(acme, token)) == (401, "wrong_company")
    assert client_at(globex).post(REFRESH, {"refresh": token}).status_code == 200


def test_who_is_asked_for_at_every_request_costs_one_query(acme, alice, client_of, django_assert_num_queries):
    client = client_of(alice)
    client.get(ME)

    with django_assert_num_queries(2):  # SET search_path, and the session with its user
        assert client.get(ME).status_code == 200


def test_one_changes_name_and_language_but_not_ones_role(acme, bob, client_of):
    answer = client_of(bob).patch(ME, {"name": "Bob B.", "locale": "pt-br", "role": "admin", "email": "x@acme.test"})

    bob.refresh_from_db()
    assert answer.status_code == 200
    assert (bob.name, bob.locale, bob.role, bob.email) == ("Bob B.", "pt-br", "agent", "bob@acme.test")
