"""Taking an import back: contacts that it made go, fields that it wrote get their old values, unless life went on since."""

import time
from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection, transaction

from contacts import events, statements
from contacts.importing.columns import CUSTOM
from contacts.importing.leases import advance
from contacts.models import Contact, ContactImport, ContactImportRow, OptOut
from contacts.services import imports as services
from contacts.services.bulk import with_history

BATCH_ROWS = 1_000
SLICE_SECONDS = 15.0
FIELDS = ("name", "email", "notes")
Outcome = ContactImportRow.Outcome


def undo_slice(job: ContactImport, lease: str) -> bool:
    """In the order of the rows. True when all are done."""
    started, position = time.monotonic(), job.position
    while rows := _next_rows(job, position):
        position = rows[-1].number
        with transaction.atomic():
            removed, kept = _remove(rows)
            restored, left = _restore(rows)
            advance(job, lease, position=position, removed=removed, restored=restored, kept=kept + left)
        events.import_progressed(job.pk)
        if time.monotonic() - started > SLICE_SECONDS:
            return False
    services.finish_undo(job, lease=lease)
    return True


def _next_rows(job: ContactImport, position: int) -> list[ContactImportRow]:
    written = ContactImportRow.objects.filter(contact_import=job, outcome__in=(Outcome.CREATED, Outcome.UPDATED), number__gt=position)
    return list(written.order_by("number")[:BATCH_ROWS])


def _remove(rows: Sequence[ContactImportRow]) -> tuple[int, int]:
    """(removed, kept). A contact is kept that was changed since, that opted out, or that has tickets, messages, campaigns."""
    made = {row.contact_id: row.change["at"] for row in rows if row.outcome == Outcome.CREATED}
    locked = Contact.objects.filter(pk__in=made).order_by("pk").select_for_update().values_list("pk", "updated_at")
    untouched = {pk for pk, updated_at in locked if updated_at.isoformat() == made[pk]}
    doomed = untouched - _with_history(untouched)
    Contact.objects.filter(pk__in=doomed).delete()
    return len(doomed), len(made) - len(doomed)


def _with_history(contact_ids: set[int]) -> set[int]:
    """Who wrote, was written to, or said no."""
    by_others = OptOut.objects.exclude(purpose=OptOut.Purpose.MARKETING, source=OptOut.Source.IMPORT)
    return with_history(contact_ids) | set(by_others.filter(contact_id__in=contact_ids).values_list("contact_id", flat=True))


def _restore(rows: Sequence[ContactImportRow]) -> tuple[int, int]:
    """(restored, kept). Field by field: one that somebody wrote since stays. The import's tags, lists and opt-outs go."""
    changed = {row.contact_id: row.change for row in rows if row.outcome == Outcome.UPDATED}
    contacts = list(Contact.objects.filter(pk__in=changed).order_by("pk").select_for_update())
    restored, updates = 0, []
    for contact in contacts:
        change = changed[contact.pk]
        old = _old_values(contact, change)
        if old:
            updates.append(_with_old_values(contact, old))
        restored += bool(old or change["tags"] or change["lists"] or change.get("opts_out"))
    _run(statements.UPDATE, "contacts", updates)
    for statement, words in ((statements.REMOVE_TAGS, "tags"), (statements.REMOVE_LISTS, "lists")):
        _run(statement, "pairs", [{"contact_id": pk, "word_id": word} for pk, change in changed.items() for word in change[words]])
    opted_out = [contact_id for contact_id, change in changed.items() if change.get("opts_out")]
    if opted_out:
        with connection.cursor() as cursor:
            cursor.execute(statements.OPT_IN, {"contacts": opted_out})
    return restored, len(changed) - restored


def _old_values(contact: Contact, change: dict[str, Any]) -> dict[str, Any]:
    """Of the fields that still hold what the import wrote."""
    now = {field: getattr(contact, field) for field in FIELDS} | {CUSTOM + key: value for key, value in contact.custom.items()}
    return {field: old for field, old in change["before"].items() if now.get(field) == change["after"][field]}


def _with_old_values(contact: Contact, old: dict[str, Any]) -> dict[str, Any]:
    fields = {field: old.get(field, getattr(contact, field)) for field in FIELDS}
    custom = dict(contact.custom)
    for key in (key for key in old if key.startswith(CUSTOM)):
        if old[key] is None:
            custom.pop(key.removeprefix(CUSTOM), None)
            continue
        custom[key.removeprefix(CUSTOM)] = old[key]
    return {"id": contact.pk, **fields, "custom": custom}


def _run(statement: str, parameter: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, {parameter: orjson.dumps(rows).decode()})
