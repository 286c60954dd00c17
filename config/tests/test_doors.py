"""Every door of the API says which action it is, in words that the table of permissions knows."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny

from accounts.permissions import ACTIONS

# Open to everybody: before the login there is no role.
OPEN = {"auth-login", "auth-refresh", "auth-logout", "schema", "docs", "auth-join", "auth-join-check"}
OPEN |= {"auth-password-reset", "auth-password-reset-check", "auth-password-reset-confirm"}
METHODS = {"get", "post", "put", "patch", "delete"}


def api_doors() -> Iterator[tuple[str, type, set[str]]]:
    """Route name, view class and the names its `may` must know (a viewset's actions, a plain view's methods)."""
    for pattern in patterns(get_resolver().url_patterns):
        view = getattr(pattern.callback, "cls", None)
        if view is None:
            continue
        actions = getattr(pattern.callback, "actions", None)
        names = set(actions.values()) if actions else {method for method in METHODS if hasattr(view, method)}
        yield str(pattern.name), view, names


def patterns(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
            continue
        yield entry


DOORS = list(api_doors())


def test_only_these_doors_are_open_to_everybody():
    assert {name for name, view, _ in DOORS if AllowAny in view.permission_classes} - OPEN == set()


@pytest.mark.parametrize(("name", "view", "names"), DOORS, ids=[f"{name}:{view.__name__}" for name, view, _ in DOORS])
def test_every_door_names_actions_of_the_table(name, view, names):
    if name in OPEN:
        return
    declared = getattr(view, "may", None)
    if declared is None:
        assert [permission.__name__ for permission in view.permission_classes] != ["RolePermission"], f"{view} declares nothing and is shut"
        return

    assert names - set(declared) == set()
    assert set(declared.values()) - set(ACTIONS) == set()
