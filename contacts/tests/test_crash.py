"""kill -9 of the worker at random moments of an import, and of its undo: the counts add up, nobody is there twice, nobody is lost."""

import csv
import io
import random
from collections.abc import Iterator

import pytest
from celery import Celery

from accounts.models import Role
from accounts.tests.cast import hire
from accounts.tests.factories import PASSWORD
from config.ground.stack import Stack
from config.tests.visitors import Api
from contacts.models import Address, Contact, ContactImport, ContactImportRow, Tag
from tenants.lib.tasks import COMPANY_HEADER

ROUNDS = 4
ROWS = 16_000
REPEATED = 50  # each of these lines stands in the file twice
REFUSED = 7
FIRST_LINE = "nome;celular;etiquetas\n"


@pytest.fixture
def brisk(stack: Stack) -> Iterator[Stack]:
    """Short leases, so that a crash is got over soon."""
    usual = dict(stack.env)
    stack.env |= {"LEASE_SECONDS": "3"}
    stack.restart("worker")
    yield stack
    stack.env = usual
    stack.restart("worker")


def file_of(rows: int) -> bytes:
    lines = [f"Pessoa {last};(11) 97{last // 10_000:03d}-{last % 10_000:04d};Lote {last % 10}\n" for last in range(rows)]
    bad = [f"Ninguém {last};letras;\n" for last in range(REFUSED)]
    return (FIRST_LINE + "".join(lines + bad + lines[:REPEATED])).encode()


def test_killing_the_worker_again_and_again_doubles_nobody_and_loses_nobody(brisk, stack_acme):
    user = hire(stack_acme, name="Irene", role=Role.SUPERVISOR)
    irene = Api(brisk.url, f"acme.localhost:{brisk.port}")
    irene.log_in(user.email, PASSWORD)
    job = irene.post("contact-imports/", files={"file": ("pessoas.csv", file_of(ROWS))}).json()["id"]
    irene.make(f"contact-imports/{job}/preview/")
    irene.make(f"contact-imports/{job}/start/", dry_run=False)

    kill_while(brisk, stack_acme.pk, job, working="running", done="done")

    told = ContactImport.objects.get(pk=job)
    mine = Contact.objects.filter(name__startswith="Pessoa ")
    counts = told.row_count, told.created_count, told.updated_count, told.skipped_count, told.invalid_count
    assert counts == (ROWS + REFUSED + REPEATED, ROWS, 0, REPEATED, REFUSED)
    assert mine.count() == mine.values("phone").distinct().count() == ROWS
    assert Address.objects.filter(contact__in=mine).count() == ROWS
    assert Contact.tags.through.objects.filter(contact__in=mine).count() == ROWS
    assert Tag.objects.filter(name__startswith="Lote ").count() == 10
    assert ContactImportRow.objects.filter(contact_import=job).count() == ROWS + REFUSED + REPEATED
    lines = list(csv.reader(io.StringIO(irene.get(f"contact-imports/{job}/result/").content.decode("utf-8-sig"))))
    assert [int(line[0]) for line in lines[1:]] == list(range(2, ROWS + REFUSED + REPEATED + 2))

    irene.make(f"contact-imports/{job}/undo/")
    kill_while(brisk, stack_acme.pk, job, working="undoing", done="undone")

    told.refresh_from_db()
    assert (told.removed_count, told.restored_count, told.kept_count) == (ROWS, 0, 0)
    assert (mine.count(), Address.objects.filter(value__startswith="+5511970").count()) == (0, 0)


def kill_while(stack: Stack, company_id: int, job: int, *, working: str, done: str) -> None:
    """kill -9 at every so many rows, until the import is `done`."""
    broker = Celery(broker=stack.redis_url)

    def row() -> ContactImport:
        """Asks a worker to go on, as the sweep does every ten seconds; a lease that still runs says no."""
        broker.send_task("contacts.run_import", args=[job], queue="default", headers={COMPANY_HEADER: company_id})
        found = ContactImport.objects.get(pk=job)
        assert found.state in (working, done), (found.state, found.error_text)
        return found

    for _ in range(ROUNDS):
        before = row().position
        enough = before + random.randint(1, ROWS // ROUNDS // 2)
        stack.wait_until(lambda enough=enough: (found := row()).position >= enough or found.state == done, seconds=60, what="more rows")
        stack.restart("worker")
    stack.wait_until(lambda: row().state == done, seconds=60, what=f"the import to be {done}")
