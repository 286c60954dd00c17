"""Workers of an import die, hang and meet; nothing is lost or doubled."""

import datetime

from django.core.files.storage import default_storage

from contacts.importing import running, writing
from contacts.importing.sweeping import sweep_old_imports
from contacts.models import Contact, ContactImport
from contacts.tasks import run_import
from contacts.tests.files import PEOPLE, URL, counts, error, imported, ready
from tenants.lib.clock import now


def test_a_worker_that_dies_is_replaced_and_nothing_is_doubled(sam, client_of, monkeypatch):
    monkeypatch.setattr(running, "BATCH_ROWS", 10)
    file = "phone\n" + "".join(f"119876500{last:02d}\n" for last in range(35))
    client = client_of(sam)
    pk = ready(client, file)
    client.post(f"{URL}{pk}/start/")
    monkeypatch.setattr(running, "SLICE_SECONDS", 0.0)
    run_import(pk)
    run_import(pk)
    # The third one took the lease and died with a batch half written: what it wrote is rolled back with its connection.
    ContactImport.objects.filter(pk=pk).update(lease="dead", leased_until=now() + datetime.timedelta(seconds=30))
    run_import(pk)
    while_leased = ContactImport.objects.get(pk=pk).position
    ContactImport.objects.filter(pk=pk).update(leased_until=now() - datetime.timedelta(seconds=1))
    monkeypatch.setattr(running, "SLICE_SECONDS", 60.0)
    run_import(pk)

    job = ContactImport.objects.get(pk=pk)
    assert (while_leased, job.state, counts(job), Contact.objects.count()) == (21, "done", (35, 35, 0, 0, 0), 35)


def test_a_worker_that_lost_its_lease_writes_nothing(sam, client_of, monkeypatch):
    client = client_of(sam)
    pk = ready(client, PEOPLE)
    client.post(f"{URL}{pk}/start/")
    known = writing._known

    def lose_the_lease(job, phones, wanted):
        ContactImport.objects.filter(pk=pk).update(lease="another")
        return known(job, phones, wanted)

    monkeypatch.setattr(writing, "_known", lose_the_lease)
    run_import(pk)

    job = ContactImport.objects.get(pk=pk)
    assert (job.state, counts(job), Contact.objects.count()) == ("running", (0, 0, 0, 0, 0), 0)


def test_old_files_go_and_the_numbers_stay(sam, client_of, settings):
    client = client_of(sam)
    done, never_begun = imported(client, PEOPLE), ContactImport.objects.get(pk=ready(client, PEOPLE))
    fresh = imported(client, PEOPLE)
    ContactImport.objects.filter(pk__in=(done.pk, never_begun.pk)).update(
        created_at=now() - datetime.timedelta(days=settings.RETENTION_DAYS_IMPORTS + 1)
    )

    swept = sweep_old_imports(), sweep_old_imports()

    result, undo = client.get(f"{URL}{done.pk}/result/"), client.post(f"{URL}{done.pk}/undo/")
    assert (swept, sorted(ContactImport.objects.values_list("pk", flat=True))) == ((2, 0), [done.pk, fresh.pk])
    assert [default_storage.exists(name) for name in (done.stored_name, done.result_name, never_begun.stored_name)] == [False] * 3
    assert (default_storage.exists(fresh.result_name), done.results.count(), fresh.results.count()) == (True, 0, 4)
    assert (counts(ContactImport.objects.get(pk=done.pk)), error(result), error(undo)) == (
        (4, 2, 0, 1, 1),
        (409, None, "no_result"),
        (409, None, "not_done"),
    )
