"""What the schema allows, and what it forbids, is asked of every operation: none breaks.

`FUZZ_EXAMPLES=100 pytest config/tests/test_schema_fuzz.py` asks longer.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup

from accounts.models import User
from accounts.permissions import SCOPES
from accounts.services.api_keys import create_api_key
from accounts.tests.cast import client_at
from config.tests import test_two_companies
from config.tests.routes import Route
from config.tests.test_two_companies import PLACES, World
from config.wsgi import application
from connectors.models import Template
from tenants.lib.tenancy import enter
from tickets.models import Message

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1"))

world = test_two_companies.world


@pytest.fixture
def operations() -> list[APIOperation]:
    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    schema.app = application
    return [each.ok() for each in schema.get_all_operations()]


@pytest.fixture
def key(world: World) -> APIClient:
    """A shop's program that was given every scope."""
    with enter(world.acme):
        admin = User.objects.get(email="admin@acme.test")
        _key, text = create_api_key(name="Another shop", scopes=list(SCOPES), expires_at=None, by=admin)
    client = client_at(world.acme)
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")
    return client


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """As Django's own test client does it: the end of a request does not end the test's transaction."""
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


def test_no_operation_breaks(world, operations, key):
    allowed = broken(world, operations, world.alice, GenerationMode.POSITIVE)
    forbidden = broken(world, operations, key, GenerationMode.NEGATIVE)

    assert (allowed, forbidden) == ({}, {})


def broken(world: World, operations: list[APIOperation], client: APIClient, mode: GenerationMode) -> dict[str, str]:
    """By operation, how it broke."""
    wrong = {}
    for operation in operations:
        try:
            knock(operation, path_of(world, operation), client, mode)
        except (FailureGroup, Failure) as failure:
            wrong[operation.label] = str(failure)
    return wrong


def knock(operation: APIOperation, path: dict[str, object], client: APIClient, mode: GenerationMode) -> None:
    """The same examples each time; what each one did is undone."""
    headers = {"Host": client.defaults["HTTP_HOST"], "Authorization": client._credentials["HTTP_AUTHORIZATION"]}
    cases = operation.as_strategy(generation_mode=mode, path_parameters=path)

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=cases)
    def ask(case: Case) -> None:
        with undone():
            answer = case.call(base_url="http://" + headers["Host"], headers=headers)
        case.validate_response(answer, checks=[not_a_server_error])

    ask()


@contextmanager
def undone() -> Iterator[None]:
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def path_of(world: World, operation: APIOperation) -> dict[str, object]:
    """Ids that exist, so that requests get past the first question."""
    route = Route(operation.path, frozenset())
    known = {
        "id": lambda: world.id_of(world.acme, PLACES[route.place], poison="poison" in route.path),
        "template_pk": lambda: world.id_of(world.acme, Template),
        "customer": lambda: "+5511999990000",
        "job": lambda: f"message-{world.id_of(world.acme, Message)}",
    }
    return {name: known[name]() for name in route.parameters}
