"""Most stories happen in a transaction that is rolled back. The pump has database connections of its own: its stories need
rows that are really there, in a database of this module's own."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections

from tenants.lib.tenancy import enter
from tenants.models import Company


@pytest.fixture(scope="module")
def _real_database(ground, django_db_setup) -> Iterator[str]:
    name = f"{ground.database}_campaigns"
    ground.clone_master(name)
    yield name
    ground.drop(name)


@pytest.fixture
def real_acme(_real_database: str, django_db_blocker) -> Iterator[Company]:
    """acme, entered, where what is written is committed and stays until the module's end."""
    usual = connections.settings["default"]["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = _real_database
        try:
            with enter(Company.objects.get(schema_name="acme")) as company:
                yield company
        finally:
            connection.close()
            connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = usual
