"""A worker writes an import: a slice of it, in batches, each in a transaction with the place it reached.

Killed at any moment, it loses nothing and doubles nothing: what a batch wrote, its rows' results, the counts and the position
are one commit, and only the holder of the lease may make it.
"""

import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from contacts import events, statements
from contacts.importing import columns, reading, results, undoing
from contacts.importing.judging import Candidate, Known, Memory, Outcome, Verdict, candidate_of, judge
from contacts.importing.leases import LeaseLost, advance
from contacts.importing.uploads import form_of, open_upload, too_many_rows
from contacts.models import Contact, ContactImport, ContactList, CustomField, Tag
from contacts.services import imports as services
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.services.plans import room_for

BATCH_ROWS = 1_000
# Then the worker turns to other companies' tasks.
SLICE_SECONDS = 15.0
ATTEMPTS_AT_A_BATCH = 3

log = structlog.get_logger(__name__)


def run_import(import_id: int) -> None:
    """Go on with the import, or with its undo, unless somebody does. What goes wrong with the file is told on the import."""
    lease = uuid.uuid4().hex
    if not _rows(statements.CLAIM, {"import": import_id, "lease": lease, "seconds": settings.LEASE_SECONDS}):
        return
    job = ContactImport.objects.get(pk=import_id)
    try:
        is_done = undoing.undo_slice(job, lease) if job.state == ContactImport.State.UNDOING else _run_slice(job, lease)
    except LeaseLost:
        log.info("import_taken_over", import_id=import_id)
        return
    except (OperationalError, InterfaceError):
        # The database, not the file: the lease ends, and the sweep sends another worker.
        raise
    except ApplicationError as error:
        services.fail_import(job, lease=lease, error=error)
        return
    except Exception:
        log.exception("import_failed", import_id=import_id)
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
                verdicts = _judge_batch(job, candidates)
                written = {} if job.is_dry_run else _write(job, verdicts)
                _record(job, verdicts, written)
                counts = {outcome.value: sum(verdict.outcome == outcome for verdict in verdicts) for outcome in Outcome}
                advance(job, lease, position=candidates[-1].number, rows=len(candidates), **counts)
            return
        except IntegrityError:
            if attempt == ATTEMPTS_AT_A_BATCH:
                raise


def _judge_batch(job: ContactImport, candidates: Sequence[Candidate]) -> list[Verdict]:
    phones = sorted({candidate.phone for candidate in candidates if candidate.phone})
    known = _known(job, phones)
    ids = [contact.id for contact in known.values()]
    memory = Memory({}, {}, _room(job))
    for phone, contact_id, number in _rows(statements.TAKEN, {"import": job.pk, "phones": phones, "contacts": ids}):
        if phone:
            memory.number_of_phone[phone] = number
        if contact_id is not None:
            memory.number_of_contact[contact_id] = number
    return [judge(candidate, known.get(candidate.phone), memory, job.on_existing) for candidate in candidates]


def _known(job: ContactImport, phones: list[str]) -> dict[str, Known]:
    """By phone. In a real run the contacts stay locked until the batch is written."""
    rows = _rows(statements.KNOWN if job.is_dry_run else statements.KNOWN_AND_LOCKED, {"phones": phones})
    ids = sorted({row[1] for row in rows})
    tags, lists = _words(job)
    has_tag = set(_rows(statements.HAVE_TAGS, {"contacts": ids, "words": tags}))
    has_list = set(_rows(statements.HAVE_LISTS, {"contacts": ids, "words": lists}))
    return {
        phone: Known(
            pk,
            {"name": name, "email": email, "notes": notes},
            orjson.loads(custom) if isinstance(custom, str) else custom,
            tuple(tag for tag in tags if (pk, tag) not in has_tag),
            tuple(each for each in lists if (pk, each) not in has_list),
        )
        for phone, pk, name, email, notes, custom in rows
    }


def _words(job: ContactImport) -> tuple[list[int], list[int]]:
    """Those tags and lists of the import that still exist."""
    tags = Tag.objects.filter(pk__in=job.tag_ids).order_by("pk").values_list("pk", flat=True)
    lists = ContactList.objects.filter(pk__in=job.list_ids).order_by("pk").values_list("pk", flat=True)
    return list(tags), list(lists)


def _room(job: ContactImport) -> int | None:
    limit = room_for(current_company().plan, "contacts")
    if limit is None:
        return None
    dry = ContactImport.objects.values_list("created_count", flat=True).get(pk=job.pk) if job.is_dry_run else 0
    return limit - Contact.objects.count() - dry


def _write(job: ContactImport, verdicts: Sequence[Verdict]) -> dict[int, tuple[int, str]]:
    """(contact id, its time) of what was created, by row."""
    fresh = [verdict.candidate for verdict in verdicts if verdict.outcome == Outcome.CREATED]
    new = [
        {
            "phone": candidate.phone,
            "name": candidate.fields.get("name", ""),
            "email": candidate.fields.get("email", ""),
            "notes": candidate.fields.get("notes", ""),
            "custom": dict(candidate.custom),
        }
        for candidate in fresh
    ]
    made = {phone: (pk, at.isoformat()) for phone, pk, at in _rows(statements.CREATE, {"contacts": _json(new)})} if new else {}
    changed = [verdict for verdict in verdicts if verdict.outcome == Outcome.UPDATED and verdict.known]
    updates = [_merged(verdict) for verdict in changed if verdict.after]
    if updates:
        _run(statements.UPDATE, {"contacts": _json(updates)})
    tags, lists = _words(job)
    pairs_of_tags = [(pk, tag) for pk, _at in made.values() for tag in tags]
    pairs_of_lists = [(pk, each) for pk, _at in made.values() for each in lists]
    for verdict in changed:
        assert verdict.known is not None
        pairs_of_tags += [(verdict.known.id, tag) for tag in verdict.known.missing_tags]
        pairs_of_lists += [(verdict.known.id, each) for each in verdict.known.missing_lists]
    for statement, pairs in ((statements.ADD_TAGS, pairs_of_tags), (statements.ADD_LISTS, pairs_of_lists)):
        if pairs:
            _run(statement, {"pairs": _json([{"contact_id": pk, "word_id": word} for pk, word in pairs])})
    return {candidate.number: made[candidate.phone] for candidate in fresh}


def _merged(verdict: Verdict) -> dict[str, Any]:
    """The contact with what the row says."""
    assert verdict.known is not None
    fields = dict(verdict.known.fields) | {key: value for key, value in verdict.after.items() if not key.startswith(columns.CUSTOM)}
    extra = {key.removeprefix(columns.CUSTOM): value for key, value in verdict.after.items() if key.startswith(columns.CUSTOM)}
    return {"id": verdict.known.id, **fields, "custom": dict(verdict.known.custom) | extra}


def _record(job: ContactImport, verdicts: Sequence[Verdict], written: dict[int, tuple[int, str]]) -> None:
    rows = [_result(verdict, written.get(verdict.candidate.number)) for verdict in verdicts]
    _run(statements.RECORD, {"import": job.pk, "rows": _json(rows)})


def _result(verdict: Verdict, made: tuple[int, str] | None) -> dict[str, Any]:
    change: dict[str, Any] = {"at": made[1]} if made else {}
    if verdict.outcome == Outcome.UPDATED and verdict.known is not None:
        change = {
            "before": verdict.before,
            "after": verdict.after,
            "tags": verdict.known.missing_tags,
            "lists": verdict.known.missing_lists,
        }
    return {
        "number": verdict.candidate.number,
        "phone": verdict.candidate.phone if verdict.takes_the_number else "",
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "contact_id": made[0] if made else verdict.known.id if verdict.known else None,
        "change": change,
    }


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _run(statement: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
