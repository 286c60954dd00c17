"""The audit log: what stands in it, in whose words, who may read it, and that secrets never do."""

import csv
import io
from collections import defaultdict

import pytest
from django.db import models

from accounts.audit_words import DEEDS, KINDS
from accounts.models import AuditEntry, Role, User
from accounts.services.auditing import changed, record, record_of_staff
from accounts.services.users import UserChanges, create_user, update_user
from accounts.tests.cast import client_at
from accounts.tests.factories import PASSWORD, UserFactory
from connectors.models import Connection
from connectors.services.connections import create_connection, update_connection
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import enter
from tenants.lib.visitor import visited_from

LOG = "/api/v1/audit-log/"
LOGIN = "/api/v1/auth/login/"
DANA = {"name": "Dana", "email": "dana@acme.test", "role": "agent", "password": "fresh-horse-11"}


def deeds() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "object_name"))


def test_who_did_what_from_where_and_what_it_was_before(acme, alice, bob, client_of):
    client_of(alice).patch(f"/api/v1/users/{bob.pk}/", {"role": "supervisor", "name": "Robert"}, REMOTE_ADDR="203.0.113.9")

    entry = client_of(alice).get(LOG).json()["results"][0]
    assert entry["sentence"] == "Alice changed Robert"
    assert entry["actor"] == {"kind": "user", "id": alice.pk, "name": "Alice"}
    assert entry["object"] == {"kind": "user", "id": bob.pk, "name": "Robert"}
    assert entry["address"] == "203.0.113.9"
    assert entry["changes"] == [
        {"field": "name", "label": "name", "before": "Bob", "after": "Robert", "is_secret": False},
        {"field": "role", "label": "role", "before": "Agent", "after": "Supervisor", "is_secret": False},
    ]


def test_it_speaks_the_readers_language(acme, alice, bob, client_of):
    update_user(bob, changes=UserChanges(role="supervisor"), by=alice)

    entry = client_of(alice).get(LOG, headers={"accept-language": "pt-BR"}).json()["results"][0]

    assert (entry["sentence"], entry["changes"][0]["label"], entry["changes"][0]["before"]) == ("Alice alterou Bob", "função", "Atendente")


def test_a_refused_deed_leaves_no_line(acme, alice, bob):
    with pytest.raises(ApplicationError):
        create_user(**DANA | {"email": "bob@acme.test"}, by=alice)

    assert deeds() == []


def test_nothing_changed_is_no_deed(acme, alice, bob):
    update_user(bob, changes=UserChanges(name="Bob"), by=alice)

    assert deeds() == []


def test_a_life_of_a_colleague(acme, alice):
    dana = create_user(**DANA, by=alice)
    update_user(dana, changes=UserChanges(password="another-horse-12"), by=alice)
    update_user(dana, changes=UserChanges(is_active=False), by=alice)
    update_user(dana, changes=UserChanges(is_active=True), by=alice)

    assert deeds() == [(f"user.{deed}", "Dana") for deed in ("created", "password_set", "deactivated", "activated")]


def test_logins_and_failed_ones_with_their_address(acme, bob):
    client = client_at(acme)
    client.post(LOGIN, {"email": bob.email, "password": "wrong"}, REMOTE_ADDR="203.0.113.7")
    client.post(LOGIN, {"email": bob.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.8")

    said = AuditEntry.objects.order_by("id").values_list("action", "actor_kind", "object_name", "address")
    assert list(said) == [("login.failed", "stranger", "Bob", "203.0.113.7"), ("login.succeeded", "user", "Bob", "203.0.113.8")]


def test_guessing_on_and_on_does_not_fill_the_log(acme, bob, settings):
    settings.LOGIN_ATTEMPTS_PER_ACCOUNT = 2
    for _ in range(6):
        client_at(None).post(LOGIN, {"email": bob.email, "password": "wrong"})

    assert deeds() == [("login.failed", "Bob"), ("login.failed", "Bob"), ("login.refused", "Bob")]


def test_of_a_secret_only_that_it_was_touched(acme, alice, client_of):
    secret, newer = "EAAG-first-secret", "EAAG-second-secret"
    connection = create_connection(name="Sales", provider="cloud_api", credentials={"access_token": secret}, by=alice)
    update_connection(connection, fields={"credentials": {"access_token": newer}}, by=alice)

    newest = client_of(alice).get(LOG).json()["results"][0]
    assert newest["changes"] == [{"field": "credentials", "label": "credentials", "before": None, "after": None, "is_secret": True}]
    assert not [row for row in AuditEntry.objects.values() if secret in str(row) or newer in str(row) or PASSWORD in str(row)]


def test_no_password_hash_or_secret_column_is_ever_compared(acme, alice):
    assert changed(alice, "is_active", True, False)[0]["after"] == "no"
    assert (
        changed(Connection, "credentials", {"a": 1}, {"a": 2})[0] | {"is_secret": True, "before": None, "after": None}
        == changed(Connection, "credentials", {"a": 1}, {"a": 2})[0]
    )


def test_only_admins_read_it(acme, alice, sam, bob, client_of):
    update_user(bob, changes=UserChanges(name="Robert"), by=alice)
    pk = AuditEntry.objects.get().pk

    codes = {name: [client_of(user).get(path).status_code for path in (LOG, f"{LOG}{pk}/", f"{LOG}choices/")]
             for name, user in (("alice", alice), ("sam", sam), ("bob", bob))}  # fmt: skip

    assert codes == {"alice": [200] * 3, "sam": [403] * 3, "bob": [403] * 3}
    assert client_of(sam).post(f"{LOG}export/").status_code == 403


def test_nobody_writes_it(acme, alice, client_of):
    record("user.changed", alice, by=alice)
    pk = AuditEntry.objects.get().pk

    codes = [getattr(client_of(alice), verb)(f"{LOG}{pk}/", {}).status_code for verb in ("put", "patch", "delete")]

    assert codes == [405, 405, 405]


def test_mallory_reads_her_own(acme, alice, mallory, client_of):
    record("user.changed", alice, by=alice)
    pk = AuditEntry.objects.get().pk

    assert client_of(mallory).get(f"{LOG}{pk}/").status_code == 404
    assert client_of(mallory).get(LOG).json()["results"] == []


def test_filters(acme, alice, bob, client_of):
    update_user(bob, changes=UserChanges(name="Robert"), by=alice)
    record("campaign.stopped_itself", None, by=None, reason="No credit")
    record_of_staff("company.suspended", None, name="Root")
    client = client_of(alice)

    def found(query: str) -> list[str]:
        return [entry["action"] for entry in client.get(f"{LOG}?{query}").json()["results"]]

    first = AuditEntry.objects.order_by("id").first()
    assert found(f"actor={alice.pk}") == ["user.changed"]
    assert found("actor_kind=system") == ["campaign.stopped_itself"]
    assert found("kind=company") == ["company.suspended"]
    assert found("action=user.changed") == ["user.changed"]
    assert found(f"object_kind=user&object_id={bob.pk}") == ["user.changed"]
    assert found("until=2020-01-01T00:00:00Z") == []
    assert len(found(f"since={first.created_at.isoformat().replace('+00:00', 'Z')}")) == 3
    assert client.get(f"{LOG}?kind=nonsense").status_code == 400


def test_the_choices_name_people_and_keys(acme, alice, client_of):
    client = client_of(alice)
    client.post("/api/v1/api-keys/", {"name": "Shop", "scopes": ["tag.read"]})

    choices = client.get(f"{LOG}choices/").json()

    assert [choice["value"] for choice in choices["kinds"]] == list(KINDS)
    assert [choice["name"] for choice in choices["actors"]] == ["Alice", "Founder", "Shop"]


def test_it_goes_out_as_csv_and_that_is_in_it_too(acme, alice, bob, client_of):
    update_user(bob, changes=UserChanges(role="supervisor"), by=alice)

    answer = client_of(alice).post(f"{LOG}export/?kind=user")

    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Time", "Who", "Kind", "What happened", "Changes", "IP address"]
    assert [row[1:] for row in rows[1:]] == [["Alice", "Person", "Alice changed Bob", "role: Agent → Supervisor", ""]]
    assert deeds()[-1] == ("audit.exported", "")


def test_a_longer_list_costs_no_more_queries(acme, alice, client_of, django_assert_num_queries):
    client = client_of(alice)
    record("user.changed", alice, by=alice)
    client.get(LOG)

    for _ in range(2):
        with django_assert_num_queries(3):  # SET search_path, the session, the list
            client.get(LOG)
        for person in UserFactory.create_batch(3):
            record("user.changed", person, by=alice)


def test_who_left_and_what_is_gone_keep_their_names(acme, alice, client_of):
    dana = UserFactory.create(name="Dana", role=Role.ADMIN)
    queue = client_of(alice).post("/api/v1/queues/", {"name": "Sales"}).json()
    record("user.changed", alice, by=dana)
    client_of(alice).delete(f"/api/v1/queues/{queue['id']}/")
    User.objects.filter(pk=dana.pk).delete()

    sentences = [entry["sentence"] for entry in client_of(alice).get(LOG).json()["results"]]
    assert sentences == ["Alice deleted the queue “Sales”", "Dana changed Alice", "Alice created the queue “Sales”"]


def test_every_deed_has_a_kind_and_a_sentence_that_can_be_said():
    said = {action: str(words) % defaultdict(lambda: "something") for action, words in DEEDS.items()}

    assert {action.partition(".")[0] for action in DEEDS} == set(KINDS)
    assert [action for action, sentence in said.items() if "%" in sentence] == []
    assert max(len(action) for action in DEEDS) <= AuditEntry._meta.get_field("action").max_length


def test_what_happens_by_itself_has_no_address(acme, alice):
    with visited_from("203.0.113.1"):
        record("user.changed", alice, by=alice)
    record("user.changed", alice, by=None)

    assert list(AuditEntry.objects.order_by("id").values_list("address", flat=True)) == ["203.0.113.1", None]


def test_a_company_has_a_log_of_its_own(acme, globex, alice):
    record("user.changed", alice, by=alice)

    with enter(globex):
        assert AuditEntry.objects.count() == 0
    assert isinstance(AuditEntry._meta.get_field("actor"), models.ForeignKey)
