"""Going into a company, and out again. Only the edges do it: middleware, sockets, tasks, timers, commands."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import connection
from django.utils import translation
from django_tenants.postgresql_backend.base import FakeTenant

from tenants.models import Company

# A PostgreSQL backend keeps about 1 MB for each company whose tables it has seen, until the connection ends.
COMPANIES_PER_CONNECTION = 100


class NoCompany(RuntimeError):
    """Code that belongs inside a company ran outside every edge."""


class InsideTransaction(RuntimeError):
    """A company was entered within a transaction: what waits for its commit would run in the wrong schema."""


class _Visited(threading.local):
    backend: object = None

    def __init__(self) -> None:
        self.companies: set[int] = set()


_visited = _Visited()
# django-tenants' connection knows schemas; the stubs of Django's own do not.
schemas: Any = connection


@contextmanager
def enter(company: Company) -> Iterator[Company]:
    """Run the block in the company's schema and language; those of before come back. Refuses inside a transaction.

    The language is for what workers write down for people to read (why a number rests, why a message failed). A request's own is
    chosen later, by LocaleMiddleware.
    """
    _refuse_inside_a_transaction()
    previous = schemas.tenant
    schemas.set_tenant(company)
    try:
        with structlog.contextvars.bound_contextvars(company=company.schema_name), translation.override(company.locale):
            yield company
    finally:
        schemas.set_tenant(previous)
        _recycle_connection(company)


@contextmanager
def enter_public() -> Iterator[None]:
    """Run the block in the public schema alone, where companies themselves may be written."""
    _refuse_inside_a_transaction()
    previous = schemas.tenant
    schemas.set_schema_to_public()
    try:
        yield
    finally:
        schemas.set_tenant(previous)


def current_company() -> Company:
    """The company that an edge has entered. Raises NoCompany outside."""
    company = schemas.tenant
    if isinstance(company, FakeTenant):
        raise NoCompany(f"Nobody entered a company (schema {company.schema_name}).")
    return company


def is_inside_company() -> bool:
    return not isinstance(schemas.tenant, FakeTenant)


def in_transaction() -> bool:
    """Whether our own code has opened a transaction; the one that wraps a test does not count."""
    return connection.in_atomic_block and not getattr(connection.atomic_blocks[-1], "_from_testcase", False)


def _refuse_inside_a_transaction() -> None:
    if in_transaction():
        raise InsideTransaction("Enter a company before the transaction begins.")


def _recycle_connection(company: Company) -> None:
    if _visited.backend is not connection.connection:
        _visited.backend = connection.connection
        _visited.companies = set()
    _visited.companies.add(company.pk)
    if len(_visited.companies) > COMPANIES_PER_CONNECTION and not connection.in_atomic_block:
        connection.close()
