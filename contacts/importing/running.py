"""A worker writes an import: a slice of it, in batches, each in a transaction with the place it reached.

Killed at any moment, it loses nothing and doubles nothing: what a batch wrote, its rows' results, the counts and the position
are one commit, and only the holder of the lease may make it.
"""

import time
import uuid
from collections.abc import Iterator, Sequence

import structlog
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from contacts import events, statements
from contacts.importing import columns, reading, results, undoing, writing
from contacts.importing.judging import Candidate, Outcome, candidate_of
from contacts.importing.leases import LeaseLost, advance
from contacts.importing.uploads import form_of, open_upload, too_many_rows
from contacts.models import ContactImport, CustomField
from contacts.services import imports as services
from tenants.lib.errors import ApplicationError

BATCH_ROWS = 1_000
# Then the worker turns to other companies' tasks.
SLICE_SECONDS = 15.0
ATTEMPTS_AT_A_BATCH = 3

log = structlog.get_logger(__name__)


def run_import(import_id: int) -> None:
    """Go on with the import, or with its undo, unless somebody does. What goes wrong with the file is told on the import."""
    lease = uuid.uuid4().hex
    if not writing.rows_of(statements.CLAIM, {"import": import_id, "lease": lease, "seconds": settings.LEASE_SECONDS}):
        return
    job = ContactImport.objects.select_related("created_by").get(pk=import_id)
    # Whose file it is reads why rows were refused, and opens the result in a spreadsheet program.
    with translation.override(job.created_by.locale if job.created_by else translation.get_language()):
        _go_on(job, lease)


def _go_on(job: ContactImport, lease: str) -> None:
    try:
        is_done = undoing.undo_slice(job, lease) if job.state == ContactImport.State.UNDOING else _run_slice(job, lease)
    except LeaseLost:
        log.info("import_taken_over", import_id=job.pk)
        return
    except (OperationalError, InterfaceError):
        # The database, not the file: the lease ends, and the sweep sends another worker.
        raise
    except ApplicationError as error:
        services.fail_import(job, lease=lease, error=error)
        return
    except Exception:
        log.exception("import_failed", import_id=job.pk)
        words = ApplicationError(_("Something went wrong. Try again; if it fails again, tell support."), code="unexpected")
        services.fail_import(job, lease=lease, error=words)
        return
    if not is_done:
        services.release_import(job, lease=lease)


def _run_slice(job: ContactImport, lease: str) -> bool:
    custom = {field.key: field for field in CustomField.objects.all()}
    columns.check_mapping(job.mapping, len(job.columns), custom)
    started = time.monotonic()
    with open_upload(job) as file, reading.table(file, form_of(job)) as rows:
        for batch in _batches(_still_to_do(rows, job, lease)):
            candidates = [candidate_of(number, cells, job, custom) for number, cells in batch]
            _write_batch(job, lease, candidates)
            events.import_progressed(job.pk)
            if time.monotonic() - started > SLICE_SECONDS:
                return False
    services.finish_import(job, lease=lease, result_name=results.write_result(job))
    return True


def _still_to_do(rows: Iterator[reading.Row], job: ContactImport, lease: str) -> Iterator[reading.Row]:
    """Rows behind the header and the position."""
    renewed, position = time.monotonic(), job.position
    if job.has_header:
        next(rows, None)
    for number, cells in rows:
        if number > reading.MOST_ROWS + 1:
            raise too_many_rows()
        if number > position:
            yield number, cells
        elif time.monotonic() - renewed > settings.LEASE_SECONDS / 3:
            renewed = time.monotonic()
            if not services.renew_lease(job, lease=lease):
                raise LeaseLost


def _batches(rows: Iterator[reading.Row]) -> Iterator[list[reading.Row]]:
    batch: list[reading.Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _write_batch(job: ContactImport, lease: str, candidates: Sequence[Candidate]) -> None:
    """Judged again when somebody else made one of its contacts at the same moment."""
    for attempt in range(1, ATTEMPTS_AT_A_BATCH + 1):
        try:
            with transaction.atomic():
                verdicts = writing.judge_batch(job, candidates)
                written = {} if job.is_dry_run else writing.write(verdicts)
                writing.record(job, verdicts, written)
                counts = {outcome.value: sum(verdict.outcome == outcome for verdict in verdicts) for outcome in Outcome}
                advance(job, lease, position=candidates[-1].number, rows=len(candidates), **counts)
            return
        except IntegrityError:
            if attempt == ATTEMPTS_AT_A_BATCH:
                raise
