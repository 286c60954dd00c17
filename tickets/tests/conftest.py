"""Stories of conversations happen in acme, on a line whose new tickets wait in Sales, where Bob works. Carol works elsewhere."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as database
from django.db import connections

from connectors.models import Connection
from contacts.models import Contact
from contacts.tests.factories import ContactFactory
from tenants.lib.tenancy import enter
from tenants.models import Company
from tickets.models import ConnectionRouting, Queue
from tickets.tests.factories import ConnectionFactory, QueueFactory

InParallel = Callable[[list[Callable[[], Any]]], list[Any]]


@pytest.fixture
def sales(acme, bob) -> Queue:
    return QueueFactory(name="Sales", members=[bob])


@pytest.fixture
def support(acme, carol) -> Queue:
    return QueueFactory(name="Support", members=[carol])


@pytest.fixture
def line(acme, sales) -> Connection:
    """A simulator's number: no customer service window."""
    connection = ConnectionFactory(name="Main line")
    ConnectionRouting.objects.create(connection=connection, queue=sales)
    return connection


@pytest.fixture
def cloud_line(acme, sales) -> Connection:
    """A Cloud API number: free text only within 24 hours of the customer's last message."""
    connection = ConnectionFactory(name="Cloud line", provider="cloud_api", credentials={"access_token": "t", "phone_number_id": "1"})
    ConnectionRouting.objects.create(connection=connection, queue=sales)
    return connection


@pytest.fixture
def marina(acme) -> Contact:
    return ContactFactory(name="Marina", phone="+5511987650001")


@pytest.fixture
def real_acme(ground, django_db_setup, django_db_blocker) -> Iterator[InParallel]:
    """Runs functions at once in acme, each in its own thread and real transactions, on a database of this test's own."""
    name = f"{ground.database}_parallel"
    ground.clone_master(name)
    usual = connections.settings["default"]["NAME"]

    def in_acme(deed: Callable[[], Any]) -> Any:
        try:
            with enter(Company.objects.get(schema_name="acme")):
                return deed()
        finally:
            database.close()

    def in_parallel(deeds: list[Callable[[], Any]]) -> list[Any]:
        with ThreadPoolExecutor(max_workers=len(deeds)) as threads:
            return [running.result() for running in [threads.submit(in_acme, deed) for deed in deeds]]

    connections.settings["default"]["NAME"] = name
    try:
        with django_db_blocker.unblock():
            yield in_parallel
    finally:
        connections.settings["default"]["NAME"] = usual
        ground.drop(name)
