import pytest
from django.db import ProgrammingError, connection, transaction
from django_tenants.postgresql_backend.base import FakeTenant

from accounts.models import User
from tenants.lib.tenancy import (
    COMPANIES_PER_CONNECTION,
    InsideTransaction,
    NoCompany,
    current_company,
    enter,
    enter_public,
    is_inside_company,
)
from tenants.models import Company


def test_entering_gives_back_the_company_of_before(acme, globex):
    with enter(globex):
        inside = current_company()
    after = current_company()

    assert (inside, after) == (globex, acme)


def test_outside_every_company_a_query_fails_loudly(db):
    with pytest.raises(ProgrammingError, match='relation "accounts_user" does not exist'), transaction.atomic():
        list(User.objects.all())


def test_outside_there_is_no_current_company(db):
    with pytest.raises(NoCompany):
        current_company()

    assert is_inside_company() is False


def test_a_company_is_not_entered_within_a_transaction(acme, globex):
    with transaction.atomic():
        with pytest.raises(InsideTransaction), enter(globex):
            pass
        with pytest.raises(InsideTransaction), enter_public():
            pass

    assert current_company() == acme


def test_public_can_be_entered_from_a_company_and_left(acme):
    with enter_public():
        schema = connection.schema_name

    assert (schema, connection.schema_name) == ("public", "acme")


def test_an_error_inside_leaves_the_company_all_the_same(db, globex):
    with pytest.raises(ValueError), enter(globex):
        raise ValueError

    assert isinstance(connection.tenant, FakeTenant)


def test_companies_do_not_see_each_others_rows(acme, globex):
    User.objects.create_user("bob@acme.test", name="Bob")
    with enter(globex):
        seen_from_globex = User.objects.filter(email="bob@acme.test").count()

    assert (User.objects.filter(email="bob@acme.test").count(), seen_from_globex) == (1, 0)


def test_a_connection_that_saw_too_many_companies_is_closed(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        for pk in range(COMPANIES_PER_CONNECTION + 1):
            with enter(Company(pk=pk, schema_name="acme")):
                connection.ensure_connection()

        assert connection.connection is None
