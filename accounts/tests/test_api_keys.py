"""Keys for programs: what they open, what they never open, and whose name stands at what they do."""

import datetime
import re

import pytest
from rest_framework.test import APIClient

from accounts.key_text import new_key, read_key
from accounts.models import ApiKey, AuditEntry, User
from accounts.permissions import ACTIONS, PERSONAL, SCOPES
from accounts.services.api_keys import create_api_key
from accounts.tests.cast import client_at
from tenants.lib.clock import now
from tenants.lib.directory import forget_companies
from tenants.lib.errors import NotAllowed
from tenants.lib.tenancy import enter
from tenants.models import Company
from tenants.services.companies import suspend_company

KEYS = "/api/v1/api-keys/"
CONTACTS = "/api/v1/contacts/"
SHOP = {"name": "Shop", "scopes": ["contact.read"]}


def with_key(text: str, company: Company | None) -> APIClient:
    client = client_at(company)
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")
    return client


def key_of(user: User, *scopes: str, name: str = "Shop", expires_at: datetime.datetime | None = None) -> tuple[ApiKey, str]:
    with enter(user.company):
        return create_api_key(name=name, scopes=scopes or ["contact.read"], expires_at=expires_at, by=user)


def code_of(response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


def test_a_key_is_shown_once_and_only_its_digest_is_kept(acme, alice, client_of):
    made = client_of(alice).post(KEYS, SHOP)
    listed = client_of(alice).get(KEYS).json()["results"]

    key = ApiKey.objects.get()
    assert made.status_code == 201
    assert re.fullmatch(rf"recado_{acme.pk}_[0-9A-Za-z]{{46}}", made.json()["key"])
    assert [set(row) for row in listed] == [set(made.json()) - {"key"}]
    assert made.json()["key"].removeprefix(key.prefix) not in str(ApiKey.objects.values().get())
    assert (listed[0]["name"], listed[0]["scopes"], listed[0]["state"], listed[0]["created_by"]) == (
        "Shop",
        ["contact.read"],
        "active",
        "Alice",
    )


def test_it_may_what_it_was_given_and_nothing_else(acme, alice):
    client = with_key(key_of(alice, "contact.read")[1], acme)

    assert client.get(CONTACTS).status_code == 200
    assert code_of(client.post(CONTACTS, {"phone": "+5511987654321"})) == (403, "not_allowed")
    assert code_of(client.get("/api/v1/users/")) == (403, "not_allowed")


def test_an_admin_made_it_and_still_it_is_no_admin(acme, alice):
    client = with_key(key_of(alice, *(scope for scope in SCOPES if ACTIONS[scope] != ACTIONS["user.manage"]))[1], acme)

    refused = [
        client.post("/api/v1/users/", {}),
        client.post("/api/v1/connections/", {}),
        client.post("/api/v1/queues/", {}),
        client.get("/api/v1/audit-log/"),
    ]

    assert [code_of(answer) for answer in refused] == [(403, "not_allowed")] * 4


@pytest.mark.parametrize(
    ("method", "path"), [("get", KEYS), ("post", KEYS), ("patch", "/api/v1/auth/me/"), ("post", "/api/v1/auth/password/"),
                         ("get", "/api/v1/auth/sessions/"), ("post", "/api/v1/auth/socket-ticket/")],
)  # fmt: skip
def test_what_is_a_persons_own_is_no_keys_however_much_it_was_given(acme, alice, method, path):
    client = with_key(key_of(alice, *SCOPES)[1], acme)

    assert code_of(getattr(client, method)(path, {})) == (403, "not_allowed")


def test_it_may_always_ask_who_it_is(acme, alice):
    key, text = key_of(alice, "contact.read", "contact.write")

    me = with_key(text, acme).get("/api/v1/auth/me/").json()

    assert (me["user"]["id"], me["user"]["name"], me["company"]["slug"], me["permissions"]) == (
        key.user_id,
        "Shop",
        "acme",
        ["me.read", "contact.read", "contact.write"],
    )


def test_the_key_names_its_company(acme, globex, alice, mallory):
    text = key_of(alice)[1]

    at_home, shared, abroad = (with_key(text, place).get(CONTACTS) for place in (acme, None, globex))

    assert (at_home.status_code, shared.status_code, code_of(abroad)) == (200, 200, (401, "wrong_company"))


def test_why_a_key_does_not_open_is_said(acme, alice, client_of):
    key, revoked = key_of(alice, name="Revoked")
    _key, expiring = key_of(alice, name="Old", expires_at=now() + datetime.timedelta(days=1))
    ApiKey.objects.filter(user__name="Old").update(expires_at=now() - datetime.timedelta(seconds=1))
    client_of(alice).delete(f"{KEYS}{key.pk}/")

    said = [code_of(with_key(text, acme).get(CONTACTS)) for text in (revoked, expiring, new_key(acme.pk).text, f"recado_{acme.pk}_x")]

    states = {row["name"]: row["state"] for row in client_of(alice).get(KEYS).json()["results"]}
    assert said == [(401, "key_revoked"), (401, "key_expired"), (401, "key_invalid"), (401, "key_invalid")]
    assert states == {"Revoked": "revoked", "Old": "expired"}


def test_a_suspended_companys_keys_wait(acme, alice):
    client = with_key(key_of(alice)[1], acme)

    suspend_company(Company.objects.get(pk=acme.pk), by=None)
    forget_companies()

    assert code_of(client.get(CONTACTS)) == (403, "company_suspended")


def test_a_mistyped_key_costs_no_question(acme, alice, django_assert_num_queries):
    text = new_key(acme.pk).text
    client = with_key(text[:-1] + ("a" if text[-1] != "a" else "b"), acme)
    client.get(CONTACTS)

    with django_assert_num_queries(0):
        assert client.get(CONTACTS).status_code == 401


def test_that_it_was_used_is_noted_but_not_for_every_request(acme, alice, django_assert_num_queries):
    key, text = key_of(alice)
    client = with_key(text, acme)
    client.get("/api/v1/auth/me/")
    key.refresh_from_db()

    with django_assert_num_queries(2):  # SET search_path, the key with its user
        client.get("/api/v1/auth/me/")
    assert key.last_used_at is not None
    ApiKey.objects.update(last_used_at=now() - datetime.timedelta(hours=1))
    client.get("/api/v1/auth/me/")
    key.refresh_from_db()
    assert now() - key.last_used_at < datetime.timedelta(minutes=1)


def test_a_key_is_no_colleague(acme, alice, client_of):
    key, _text = key_of(alice)
    client = client_of(alice)

    people = [person["name"] for person in client.get("/api/v1/users/").json()["results"]]
    found = client.get(f"/api/v1/users/{key.user_id}/")
    login = client_at(acme).post("/api/v1/auth/login/", {"email": key.user.email, "password": "x"})

    assert (people, found.status_code, login.status_code) == (["Alice", "Founder"], 404, 401)
    assert (key.user.is_staff, key.user.has_usable_password()) == (False, False)


def test_only_admins_make_keys(acme, alice, sam, bob, client_of):
    answers = [code_of(client_of(person).post(KEYS, SHOP)) for person in (sam, bob)]

    assert answers == [(403, "not_allowed")] * 2
    with pytest.raises(NotAllowed):
        create_api_key(**SHOP, expires_at=None, by=sam)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": " "}, "blank", "name"),
        ({"name": "shop 1"}, "taken", "name"),
        ({"scopes": []}, "empty", "scopes"),
        ({"scopes": ["api_key.manage"]}, "unknown_scope", "scopes"),
        ({"scopes": ["contact.fly"]}, "unknown_scope", "scopes"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "time_in_the_past", "expires_at"),
    ],
)
def test_bad_input_names_its_field(acme, alice, client_of, change, code, field):
    key_of(alice, name="Shop 1")

    answer = client_of(alice).post(KEYS, SHOP | change)

    assert (code_of(answer), answer.json()["errors"][0]["attr"].split(".")[0]) == ((400, code), field)


def test_changing_what_it_may_is_felt_at_once(acme, alice, client_of):
    key, text = key_of(alice)
    changed = client_of(alice).patch(f"{KEYS}{key.pk}/", {"name": "Store", "scopes": ["tag.read"]})

    client = with_key(text, acme)
    assert (changed.json()["name"], changed.json()["scopes"]) == ("Store", ["tag.read"])
    assert (client.get(CONTACTS).status_code, client.get("/api/v1/tags/").status_code) == (403, 200)


def test_mallory_gets_404(acme, alice, mallory, client_of):
    key, _text = key_of(alice)
    client = client_of(mallory)

    codes = [getattr(client, verb)(f"{KEYS}{key.pk}/").status_code for verb in ("get", "patch", "delete")]

    assert codes == [404, 404, 404]


def test_its_deeds_bear_its_name(acme, alice, client_of):
    key, text = key_of(alice, "contact.write", "contact.delete")
    client = with_key(text, acme)

    made = client.post(CONTACTS, {"name": "Ana", "phone": "+5511987654321"}).json()
    gone = client.delete(f"{CONTACTS}{made['id']}/")

    entry = AuditEntry.objects.get(action="contact.deleted")
    assert (gone.status_code, entry.actor_kind, entry.actor_id, entry.actor_name) == (204, "api_key", key.user_id, "Shop")


def test_the_scopes_on_offer_are_the_tables(acme, alice, client_of):
    offered = client_of(alice).get(f"{KEYS}scopes/").json()

    assert [row["scope"] for row in offered] == [action for action in ACTIONS if action not in PERSONAL | {"me.read"}]
    assert {row["scope"] for row in offered if row["is_admin_only"]} >= {"user.manage", "connection.manage"}


def test_a_longer_list_costs_no_more_queries(acme, alice, client_of, django_assert_num_queries):
    key_of(alice)
    client = client_of(alice)
    client.get(KEYS)

    for _ in range(2):
        with django_assert_num_queries(3):  # SET search_path, the session, the list
            client.get(KEYS)
        for number in range(3):
            ApiKey.objects.filter(user__name=f"Key {number}").exists() or key_of(alice, name=f"Key {number}")


def test_a_keys_text_is_found_by_scanners_and_read_back():
    text = new_key(7)

    assert re.fullmatch(r"recado_\d{1,18}_[0-9A-Za-z]{46}", text.text)
    assert read_key(text.text) == text
    assert [read_key(broken) for broken in (text.text[:-1], text.text + "a", text.text.swapcase(), "")] == [None] * 4
