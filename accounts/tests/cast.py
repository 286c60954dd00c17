"""The people of every story, loaded by the root conftest.

In acme Alice manages, Sam supervises, Bob and Carol are agents; Mallory manages globex.
"""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import Role, User
from accounts.services.sessions import open_session
from accounts.tests.factories import UserFactory
from accounts.tokens import access_token
from accounts.types import Device
from tenants.lib.tenancy import enter
from tenants.models import Company

ClientOf = Callable[[User], APIClient]


@pytest.fixture
def alice(acme: Company) -> User:
    return hire(acme, name="Alice", role=Role.ADMIN)


@pytest.fixture
def sam(acme: Company) -> User:
    return hire(acme, name="Sam", role=Role.SUPERVISOR)


@pytest.fixture
def bob(acme: Company) -> User:
    return hire(acme, name="Bob", role=Role.AGENT)


@pytest.fixture
def carol(acme: Company) -> User:
    return hire(acme, name="Carol", role=Role.AGENT)


@pytest.fixture
def mallory(globex: Company) -> User:
    return hire(globex, name="Mallory", role=Role.ADMIN)


@pytest.fixture
def client_of() -> ClientOf:
    """An API client that is logged in as the user, at their company's own host."""
    return logged_in_client


def hire(company: Company, *, name: str, role: str) -> User:
    with enter(company):
        user = UserFactory.create(name=name, role=role)
    user.company = company
    return user


def logged_in_client(user: User) -> APIClient:
    with enter(user.company):
        session = open_session(user, device=Device(user_agent="tests"))
    client = client_at(user.company)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token(user.company, session)}")
    return client


def client_at(company: Company | None) -> APIClient:
    """Nobody yet, at the company's own host, or at the shared one."""
    return APIClient(HTTP_HOST=f"{company.slug}.localhost" if company else "localhost")
