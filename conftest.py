"""The ground under every test. Its services are chosen before Django reads its settings; the cast comes after."""

from config.ground.testing import TestGround, prepare_environment

GROUND = prepare_environment()
pytest_plugins = ["accounts.tests.cast"]

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import django
import pytest
from django.conf import settings
from django.db import connection, connections

django.setup()
# Left in the environment, it would make pytest-xdist's workers read the settings before they have a database of their own.
del os.environ["DJANGO_SETTINGS_MODULE"]

from config.ground.stack import Stack
from tenants.lib.directory import forget_companies
from tenants.lib.tenancy import enter
from tenants.lib.valkey import client
from tenants.models import Company


def pytest_configure() -> None:
    if settings.SETTINGS_MODULE != "config.settings.test":
        pytest.exit(f"Tests run on config.settings.test, not on {settings.SETTINGS_MODULE}: unset DJANGO_SETTINGS_MODULE.", returncode=4)


@pytest.fixture(scope="session")
def ground() -> TestGround:
    return GROUND


@pytest.fixture(scope="session", autouse=True)
def _valkey_server() -> Iterator[None]:
    GROUND.start_valkey()
    yield
    GROUND.close()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    """This process's own copy of the master database."""
    GROUND.clone_master(GROUND.database)
    yield
    with django_db_blocker.unblock():
        connection.close()
    GROUND.drop(GROUND.database)


@pytest.fixture(autouse=True)
def _fresh(request) -> Iterator[None]:
    """Every test starts with an empty Valkey, knowing no company, and outside every one."""
    client().flushdb()
    forget_companies()
    yield
    connection.set_schema_to_public()


@pytest.fixture
def acme(db) -> Iterator[Company]:
    """The company most tests happen in, entered; whatever the test writes is rolled back."""
    with enter(Company.objects.get(schema_name="acme")) as company:
        yield company


@pytest.fixture
def globex(db) -> Company:
    """The other company. Its ids start at a million. Enter it where the test needs it: `with enter(globex): ...`"""
    return Company.objects.get(schema_name="globex")


@pytest.fixture
def platform(db) -> Company:
    return Company.objects.get(schema_name="platform")


@pytest.fixture(scope="session")
def _stack(django_db_setup) -> Iterator[Stack]:
    stack = Stack(GROUND)
    try:
        stack.up()
        yield stack
    finally:
        stack.down()


@pytest.fixture
def stack(_stack: Stack) -> Stack:
    """A whole installation as real processes; its database keeps what tests leave there. Dead processes are back at the start of a test."""
    _stack.ensure_up()
    return _stack


@pytest.fixture
def on_stack(stack: Stack, django_db_blocker) -> Callable[[str], AbstractContextManager[Company]]:
    """`with on_stack("acme"): ...`: this process's ORM works in the installation's database, and what it writes is committed there.

    Not together with `acme` or `db`. Valkey stays this process's own: what the installation's workers should hear of goes over HTTP.
    """

    @contextmanager
    def enter_there(slug: str) -> Iterator[Company]:
        assert not connection.in_atomic_block, "on_stack cannot be used in a test that also uses acme, globex or db"
        with _company_in(stack.database, slug, django_db_blocker) as company:
            yield company

    return enter_there


@pytest.fixture
def stack_acme(on_stack: Callable[[str], AbstractContextManager[Company]]) -> Iterator[Company]:
    """acme of the running installation, entered, in the database that its processes work on."""
    with on_stack("acme") as company:
        yield company


@pytest.fixture(scope="module")
def _real_database(request, ground: TestGround, django_db_setup) -> Iterator[str]:
    # Of one name for each module: the campaigns' pump keeps its connections, and knows by the name which are of another database.
    name = f"{ground.database}_{request.module.__name__.rpartition('.')[2]}"
    ground.clone_master(name)
    yield name
    ground.drop(name)


@pytest.fixture
def real_acme(_real_database: str, django_db_blocker) -> Iterator[Company]:
    """acme, entered, in a database of the module's own, where what is written is committed: for what has connections of its own."""
    with _company_in(_real_database, "acme", django_db_blocker) as company:
        yield company


@contextmanager
def _company_in(database: str, slug: str, django_db_blocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        _point_connection_at(database)
        try:
            with enter(Company.objects.get(schema_name=slug)) as company:
                yield company
        finally:
            _point_connection_at(GROUND.database)


def _point_connection_at(database: str) -> None:
    """This thread's connection, and those that threads will open."""
    connection.close()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = database
    connection.set_schema_to_public()
