"""The table of who may, and that what it does not name stays shut."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts.models import Role, User
from accounts.permissions import ACTIONS, SCOPES, RolePermission, may

factory = APIRequestFactory()


class Door(APIView):
    may = {"get": "campaign.read"}

    def get(self, request):
        raise NotImplementedError

    def post(self, request):
        raise NotImplementedError


class SilentDoor(Door):
    may = {}


def request_of(user: object, method: str = "get"):
    request = getattr(factory, method)("/")
    request.user = user
    return request


def test_every_action_names_roles_that_exist():
    assert {role for roles in ACTIONS.values() for role in roles} <= set(Role.values)
    assert all(Role.ADMIN in roles for roles in ACTIONS.values())


@pytest.mark.parametrize(("role", "answer"), [(Role.ADMIN, True), (Role.SUPERVISOR, True), (Role.AGENT, False)])
def test_the_role_decides(role, answer):
    assert may(User(role=role), "campaign.start") is answer


def test_who_left_may_nothing():
    assert may(User(role=Role.ADMIN, is_active=False), "ticket.read") is False


def test_a_door_that_declares_nothing_is_shut():
    admin = User(role=Role.ADMIN)
    permission = RolePermission()

    assert permission.has_permission(request_of(admin), Door()) is True
    assert permission.has_permission(request_of(admin, "head"), Door()) is True
    assert permission.has_permission(request_of(admin, "post"), Door()) is False
    assert permission.has_permission(request_of(admin), SilentDoor()) is False
    assert permission.has_permission(request_of(None), Door()) is False


def test_a_method_that_the_door_does_not_have_is_405():
    with pytest.raises(MethodNotAllowed):
        RolePermission().has_permission(request_of(User(role=Role.ADMIN), "put"), Door())


def test_an_action_that_the_table_does_not_know_is_a_mistake():
    with pytest.raises(AssertionError, match="campaign.fly"):
        may(User(role=Role.ADMIN), "campaign.fly")


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_what_a_key_may_be_given_has_words_in_the_pages(language):
    words = json.loads((Path(settings.BASE_DIR) / "frontend" / "src" / "locales" / language / "security.json").read_text())["scope"]

    resources, verbs = ({scope.partition(".")[part] for scope in SCOPES} for part in (0, 2))
    assert (resources - set(words["resource"]), verbs - set(words["verb"])) == (set(), set())
