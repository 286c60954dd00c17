"""How fast the API may be called, by whom, and what happens when nobody can count."""

import pytest
from redis.exceptions import ConnectionError

from accounts import throttling
from accounts.services.api_keys import create_api_key
from accounts.tests.cast import client_at, logged_in_client
from accounts.throttling import _Valkey
from tenants.lib import valkey
from tenants.lib.rates import count

ME = "/api/v1/auth/me/"
USUAL = {"user": 3, "key": 4, "address": 2, "exports": 1, "imports": 1, "uploads": 1, "password": 1}


@pytest.fixture(autouse=True)
def _rates(settings):
    settings.API_RATES = USUAL
    yield
    _Valkey.silent_until = 0.0


def statuses(client, path: str, times: int, verb: str = "get") -> list[int]:
    return [getattr(client, verb)(path).status_code for _ in range(times)]


def test_too_fast_is_told_with_the_way_out(acme, bob, client_of):
    client = client_of(bob)

    answers = [client.get(ME) for _ in range(4)]

    last = answers[-1]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert (last.json()["type"], last.json()["errors"][0]["code"]) == ("client_error", "throttled")
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    assert (last.headers["RateLimit-Limit"], last.headers["RateLimit-Policy"]) == ("3", "3;w=60")
    assert last.headers["RateLimit-Reset"] == last.headers["Retry-After"]


def test_everybody_has_their_own_and_so_has_each_login_of_one(acme, alice, bob, client_of):
    first = statuses(client_of(bob), ME, 4)

    assert (first, statuses(client_of(bob), ME, 1), statuses(client_of(alice), ME, 3)) == ([200] * 3 + [429], [429], [200] * 3)


def test_keys_are_counted_by_themselves(acme, alice):
    clients = []
    for name in ("Shop", "Store"):
        client = client_at(acme)
        client.credentials(HTTP_AUTHORIZATION=f"Api-Key {create_api_key(name=name, scopes=['tag.read'], expires_at=None, by=alice)[1]}")
        clients.append(client)

    assert statuses(clients[0], ME, 5) == [200] * 4 + [429]
    assert statuses(clients[1], ME, 1) == [200]


def test_the_same_number_in_another_company_is_somebody_else(acme, globex, bob, mallory):
    statuses(logged_in_client(bob), ME, 4)

    assert statuses(logged_in_client(mallory), ME, 1) == [200]
    assert {key.decode().split(":")[0] for key in valkey.client().keys("*:rate:*")} == {"acme", "globex"}


def test_what_is_dear_has_a_smaller_bucket(acme, alice, client_of):
    client = client_of(alice)

    exports = statuses(client, "/api/v1/contacts/export/", 2, "post")

    assert (exports, statuses(client, ME, 1)) == ([200, 429], [200])


def test_strangers_are_counted_by_address(acme):
    client = client_at(acme)
    asked = [client.post("/api/v1/auth/refresh/", {}, REMOTE_ADDR="203.0.113.5").status_code for _ in range(3)]

    assert asked == [401, 401, 429]
    assert client.post("/api/v1/auth/refresh/", {}, REMOTE_ADDR="203.0.113.6").status_code == 401


def test_behind_proxies_the_visitor_is_who_ours_saw(acme, settings):
    def ask(hops: int, forwarded: str) -> int:
        settings.PROXY_HOPS = hops
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        return client_at(acme).post("/api/v1/auth/refresh/", {}, headers=headers, REMOTE_ADDR="10.0.0.1").status_code

    invented = [ask(1, f"198.51.100.{number}, 203.0.113.5") for number in range(3)]
    other = ask(1, "203.0.113.6")
    two_hops = [ask(2, f"203.0.113.{number}, 10.0.0.9") for number in (7, 8, 9)]

    assert (invented, other, two_hops) == ([401, 401, 429], 401, [401, 401, 401])


def test_nobody_waits_for_a_counter_that_is_down(acme, bob, client_of, monkeypatch):
    asked = []

    def down(*keys: str, window_seconds: int):
        asked.append(keys)
        raise ConnectionError("down")

    monkeypatch.setattr(throttling, "count", down)

    assert (statuses(client_of(bob), ME, 5), len(asked)) == ([200] * 5, 1)


def test_counting_begins_anew_with_the_window(acme):
    first = count("a", "b", window_seconds=60)
    again = count("a", window_seconds=60)

    assert ([counted.number for counted in first], again[0].number, 0 < again[0].resets_in <= 60) == ([1, 1], 2, True)
