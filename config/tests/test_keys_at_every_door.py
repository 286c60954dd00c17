"""Every door of the API takes a key that was given its action, and no other."""

import pytest

from accounts.models import Role
from accounts.permissions import EVERY_KEY, PERSONAL, SCOPES
from accounts.services.api_keys import create_api_key
from accounts.tests.cast import client_at, hire
from config.tests.routes import Bodies, Route, api_routes
from config.tests.test_doors import DOORS, OPEN
from config.tests.test_two_companies import PLATFORM_ONLY


@pytest.fixture
def at_the_door(acme):
    """A client with a key of these scopes."""
    admin = hire(acme, name="Admin", role=Role.ADMIN)

    def with_scopes(*scopes: str):
        _key, text = create_api_key(name=f"Key for {len(scopes)}", scopes=scopes, expires_at=None, by=admin)
        client = client_at(acme)
        client.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")
        client.raise_request_exception = False
        return client

    return with_scopes


def somewhere(route: Route) -> str:
    """Its path, with an id that nobody has."""
    return route.at(**{name: "+5511999990000" if name == "customer" else 987654321 for name in route.parameters})


def knocks():
    """Each route and method that a role opens."""
    roles = {name for name, view, _ in DOORS if getattr(view, "may", None)} - OPEN
    assert roles
    for route in api_routes():
        if route.place in PLATFORM_ONLY | {"auth", "docs", "schema", "health", "api-keys", "notifications"}:
            continue
        for method in sorted(route.methods):
            yield route, method


def test_a_key_with_everything_is_stopped_by_no_permission(at_the_door):
    client, bodies, wrong = at_the_door(*SCOPES), Bodies(lambda name: 987654321), {}
    for route, method in knocks():
        path = somewhere(route)
        answer = getattr(client, method)(path, bodies.body(route, method) if method != "get" else None)
        if answer.status_code in (401, 403, 500):
            wrong[f"{method} {route.path}"] = answer.status_code

    assert wrong == {}


def test_a_key_with_one_scope_is_stopped_everywhere_else(at_the_door):
    client, opened = at_the_door("tag.read"), set()
    for route, method in knocks():
        path = somewhere(route)
        answer = getattr(client, method)(path, {} if method != "get" else None)
        if answer.status_code not in (403, 405):
            opened.add(route.place)

    assert opened == {"tags"}


def test_what_no_key_is_given_is_named_in_the_table():
    assert PERSONAL & set(SCOPES) == set()
    assert EVERY_KEY & set(SCOPES) == set()
