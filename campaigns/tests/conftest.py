"""Most stories happen in a transaction that is rolled back. The pump has database connections of its own: its stories need
rows that are really there, in a database of this module's own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections

from config.ground.stack import Stack
from tenants.lib.tenancy import enter
from tenants.models import Company


@pytest.fixture(scope="module")
def _real_database(request, ground, django_db_setup) -> Iterator[str]:
    # Of one name for each module: the pump keeps its connections, and knows by the name which are of another database.
    name = f"{ground.database}_{request.module.__name__.rpartition('.')[2]}"
    ground.clone_master(name)
    yield name
    ground.drop(name)


@pytest.fixture
def real_acme(_real_database: str, django_db_blocker) -> Iterator[Company]:
    """acme, entered, where what is written is committed and stays until the module's end."""
    with _acme_in(_real_database, django_db_blocker) as company:
        yield company


@pytest.fixture
def stack_acme(stack: Stack, django_db_blocker) -> Iterator[Company]:
    """acme of the running installation, entered, in the database that its processes work on."""
    with _acme_in(stack.database, django_db_blocker) as company:
        yield company


@contextmanager
def _acme_in(database: str, django_db_blocker) -> Iterator[Company]:
    usual = connections.settings["default"]["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = database
        try:
            with enter(Company.objects.get(schema_name="acme")) as company:
                yield company
        finally:
            connection.close()
            connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = usual
