"""The webhook door has database connections of its own: its stories need rows that are really there."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, connections

from connectors.tests.door import Door
from tenants.models import Company, WebhookRoute


@pytest.fixture(scope="module")
def _door_database(ground, django_db_setup) -> Iterator[str]:
    name = f"{ground.database}_door"
    ground.clone_master(name)
    yield name
    ground.drop(name)


@pytest.fixture
def door(ground, _door_database: str, django_db_blocker) -> Iterator[Door]:
    """An ingress with a Cloud API route of acme's, on a database where what is written is committed."""
    usual = connections.settings["default"]["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = _door_database
        connection.set_schema_to_public()
        try:
            with psycopg.connect(ground.url_of(_door_database), autocommit=True) as server:
                server.execute("TRUNCATE tenants_webhook, tenants_webhookroute, tenants_rejection")
            Company.objects.filter(schema_name="acme").update(state="active")
            company = Company.objects.get(schema_name="acme")
            secrets = {"app_secret": Door.app_secret, "verify_token": Door.verify_token}
            WebhookRoute.objects.create(token=Door.token, company=company, connection_id=7, provider="cloud_api", secrets=secrets)
            yield Door(company, ground.url_of(_door_database), ground.server_url)
        finally:
            connection.close()
            connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = usual
