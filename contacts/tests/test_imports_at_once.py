"""An import is not alone: another file with the same people, agents at their desks, the same file once more, an undo in between."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import Role, User
from accounts.tests.factories import UserFactory
from config.ground.testing import wait_until
from contacts.importing import running, undoing, writing
from contacts.models import Address, Contact, ContactImport, ContactImportRow, CustomField, Tag
from contacts.services.contacts import update_contact
from contacts.tasks import run_import
from contacts.tests.factories import ContactFactory
from contacts.tests.files import URL, counts, imported, outcomes, ready, undone
from tenants.lib.tenancy import enter

PEOPLE = 400
WAITING_FOR_US = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


@pytest.fixture
def helen(real_acme) -> User:
    """A supervisor in the database where what is written is committed."""
    helen = UserFactory.create(role=Role.SUPERVISOR)
    helen.company = real_acme
    return helen


def elsewhere(company, deed: Callable[..., object], *given: object) -> None:
    """In a thread with a database connection of its own."""
    try:
        with enter(company):
            deed(*given)
    finally:
        connection.close()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING_FOR_US)
        return cursor.fetchone()[0] > 0


def started(client, content: str) -> int:
    pk = ready(client, content)
    assert client.post(f"{URL}{pk}/start/").status_code == 200
    return pk


def test_two_files_with_the_same_people_at_once_make_each_of_them_once(real_acme, helen, client_of, monkeypatch):
    monkeypatch.setattr(running, "BATCH_ROWS", 100)
    client = client_of(helen)
    numbers = [f"1198800{last:04d}" for last in range(PEOPLE)]
    orders = ((numbers, "A, B"), (numbers[::-1], "B, A"))
    jobs = [started(client, "phone,tags\n" + "".join(f'{number},"{tags}"\n' for number in order)) for order, tags in orders]
    # Both files begin at the same people, each at its own end of them.
    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(elsewhere, real_acme, run_import, pk) for pk in jobs]:
            done.result()

    first, second = (ContactImport.objects.get(pk=pk) for pk in jobs)
    mine = Contact.objects.filter(phone__startswith="+551198800")
    tags = set(mine.values_list("phone", "tags__name"))
    assert (first.state, second.state) == ("done", "done")
    assert mine.count() == Address.objects.filter(value__startswith="+551198800").count() == PEOPLE
    assert first.created_count + second.created_count == PEOPLE
    assert [sum(counts(job)[1:]) for job in (first, second)] == [PEOPLE, PEOPLE]
    assert len(tags) == 2 * PEOPLE


def test_two_batches_that_know_nobody_and_hold_the_same_people_in_two_orders(real_acme, helen, client_of, monkeypatch):
    client = client_of(helen)
    numbers = [f"1198900{last:04d}" for last in range(PEOPLE)]
    jobs = [started(client, "phone\n" + "\n".join(order)) for order in (numbers, numbers[::-1])]
    together, write = Barrier(2), writing.write
    met: list[int] = []

    def write_together(verdicts):
        """Both have looked, and found nobody, before the first one writes."""
        if len(met) < 2:
            met.append(1)
            together.wait(20)
        return write(verdicts)

    monkeypatch.setattr(writing, "write", write_together)
    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(elsewhere, real_acme, run_import, pk) for pk in jobs]:
            done.result()

    told = [counts(ContactImport.objects.get(pk=pk)) for pk in jobs]
    assert sorted(told) == [(PEOPLE, 0, 0, PEOPLE, 0), (PEOPLE, PEOPLE, 0, 0, 0)]


def while_somebody_waits(monkeypatch, module, name: str, begin: Callable[[], object]) -> None:
    """Before `module.name` runs, `begin` starts, in another thread, what then waits for our locks."""
    usual = getattr(module, name)

    def first_begin(*given):
        begin()
        wait_until(somebody_waits, seconds=20, what="the other one to wait for the lock")
        return usual(*given)

    monkeypatch.setattr(module, name, first_begin)


def test_an_agent_and_an_import_write_the_same_contact_and_both_are_kept(real_acme, helen, client_of, monkeypatch):
    CustomField.objects.create(key="city", label="City")
    contact = ContactFactory(name="Ana", phone="+5511987640001", notes="Old note", custom={})
    as_read = Contact.objects.get(pk=contact.pk)  # the agent's page was opened before
    client = client_of(helen)
    pk = started(client, "phone,name,e-mail,city\n11987640001,Ana of the file,ana@example.test,Recife\n")
    begun = []

    with ThreadPoolExecutor(1) as agent:

        def edits() -> None:
            begun.append(agent.submit(elsewhere, real_acme, lambda: update_contact(as_read, by=helen, fields={"name": "Ana of the agent"})))

        while_somebody_waits(monkeypatch, writing, "write", edits)
        run_import(pk)
        begun[0].result()

    contact.refresh_from_db()
    assert counts(ContactImport.objects.get(pk=pk)) == (1, 0, 1, 0, 0)
    assert (contact.name, contact.email, contact.notes, contact.custom) == (
        "Ana of the agent",
        "ana@example.test",
        "Old note",
        {"city": "Recife"},
    )


def test_what_an_agent_writes_before_the_undo_reaches_the_contact_is_kept(real_acme, helen, client_of, monkeypatch):
    client = client_of(helen)
    job = imported(client, "phone,name\n11987630001,Bia\n11987630002,Caio\n")
    bia = Contact.objects.get(name="Bia")
    usual = undoing._remove

    def after_the_agent(rows):
        with ThreadPoolExecutor(1) as agent:
            agent.submit(elsewhere, real_acme, lambda: update_contact(bia, by=helen, fields={"notes": "Called"})).result()
        return usual(rows)

    monkeypatch.setattr(undoing, "_remove", after_the_agent)
    job = undone(client, job)

    assert (job.removed_count, job.kept_count) == (1, 1)
    assert list(Contact.objects.filter(phone__startswith="+551198763").values_list("name", "notes")) == [("Bia", "Called")]


def test_the_same_file_twice_changes_nothing_the_second_time(sam, client_of):
    client = client_of(sam)
    file = 'phone,name,tags,lists,opt out\n11987650001,Ana,VIP,News,yes\n11987650002,Bia,"VIP, Recife",,no\n'
    first = imported(client, file)
    before = list(Contact.objects.order_by("pk").values_list("pk", "name", "updated_at"))

    second = imported(client, file)

    assert (counts(first), counts(second)) == ((2, 2, 0, 0, 0), (2, 0, 0, 2, 0))
    assert list(Contact.objects.order_by("pk").values_list("pk", "name", "updated_at")) == before
    assert {outcome for _number, outcome, _reason in outcomes(second)} == {"skipped"}
    assert all(reason for _number, _outcome, reason in outcomes(second))


def test_undoing_the_second_of_two_files_leaves_what_the_first_wrote(sam, bob, client_of):
    client = client_of(sam)
    first = imported(client, "phone,name,tags\n11987650001,Ana,Old\n11987650002,Bia,Old\n")
    second = imported(client, "phone,name,tags\n11987650001,Ana Lima,New\n11987650002,Bia Lima,New\n11987650003,Caio,New\n")
    update_contact(Contact.objects.get(name="Bia Lima"), by=bob, fields={"name": "Bia of Bob"})

    second = undone(client, second)
    names = {contact.name: [tag.name for tag in contact.tags.all()] for contact in Contact.objects.all()}
    first = undone(client, first)

    assert (second.removed_count, second.restored_count, second.kept_count) == (1, 2, 0)
    assert names == {"Ana": ["Old"], "Bia of Bob": ["Old"]}
    assert (first.removed_count, first.kept_count) == (0, 2)
    assert Tag.objects.filter(name__in=("Old", "New")).count() == 2
    assert ContactImportRow.objects.filter(contact_import=first).count() == 2
