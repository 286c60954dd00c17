"""A company's own page of settings, and what its log says when the platform does something to it."""

import datetime

import pytest

from accounts.models import AuditEntry
from accounts.services.auditing import forget_old_entries, record
from tenants.lib.clock import now
from tenants.lib.directory import company_by_host
from tenants.lib.tenancy import enter
from tenants.models import Company
from tenants.services.companies import change_company, resume_company, suspend_company

OWN = "/api/v1/company/"


def test_everybody_reads_it_and_admins_change_it(acme, alice, bob, client_of):
    read = client_of(bob).get(OWN).json()
    changed = client_of(alice).patch(OWN, {"name": "Acme Ltda", "timezone": "America/Sao_Paulo", "locale": "pt-br"}).json()
    refused = client_of(bob).patch(OWN, {"name": "Bob's"})

    assert (read["slug"], read["name"], read["domains"]) == ("acme", "Acme", ["acme.localhost"])
    assert (changed["name"], changed["timezone"], changed["locale"], changed["slug"]) == ("Acme Ltda", "America/Sao_Paulo", "pt-br", "acme")
    assert refused.status_code == 403
    known = company_by_host("acme.localhost")
    assert known is not None and known.timezone == "America/Sao_Paulo"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("name", " ", "blank"), ("timezone", "Mars/Olympus", "invalid_timezone"), ("locale", "tlh", "invalid_choice")],
)
def test_bad_input_names_its_field(acme, alice, client_of, field, value, code):
    error = client_of(alice).patch(OWN, {field: value}).json()["errors"][0]

    assert (error["code"], error["attr"]) == (code, field)


def test_the_log_says_what_it_was_before(acme, alice, client_of):
    client_of(alice).patch(OWN, {"timezone": "America/Sao_Paulo"})
    client_of(alice).patch(OWN, {"timezone": "America/Sao_Paulo"})

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, [(change["label"], change["before"], change["after"]) for change in entry.changes]) == (
        "company.changed",
        alice.pk,
        [("time zone", "UTC", "America/Sao_Paulo")],
    )


def test_what_the_platform_did_stands_in_the_companys_own_log(acme, alice, globex, platform, db):
    with enter(platform):
        globex = Company.objects.get(pk=globex.pk)
        change_company(globex, name="Globex Inc", plan=None, timezone="UTC", locale="en", by="Root")
        suspend_company(globex, by="Root")
        resume_company(globex, by="Root")

    with enter(globex):
        said = list(AuditEntry.objects.order_by("id").values_list("action", "actor_kind", "actor_name"))
    assert said == [(f"company.{deed}", "staff", "Root") for deed in ("changed", "suspended", "resumed")]
    assert AuditEntry.objects.count() == 0


def test_old_lines_go(acme, alice):
    for _ in range(3):
        record("user.changed", alice, by=alice)
    AuditEntry.objects.filter(pk=AuditEntry.objects.earliest("id").pk).update(created_at=now() - datetime.timedelta(days=800))

    assert (forget_old_entries(days=730), AuditEntry.objects.count()) == (1, 2)
