"""One batch of an import: judged against what is there, written, recorded."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from contacts import statements
from contacts.importing import columns
from contacts.importing.judging import Candidate, Known, Memory, Outcome, Verdict, Wanted, judge
from contacts.models import Contact, ContactImport, ContactList, Tag
from tenants.lib.tenancy import current_company
from tenants.services.plans import room_for

Pairs = list[tuple[int, int]]


def judge_batch(job: ContactImport, candidates: Sequence[Candidate]) -> list[Verdict]:
    """In a real run the contacts stay locked until the batch is written, and names that nobody used are made."""
    wanted = _wanted(job, candidates)
    phones = sorted({candidate.phone for candidate in candidates if candidate.phone})
    known = _known(job, phones, wanted)
    ids = [contact.id for contact in known.values()]
    memory = Memory({}, {}, _room(job))
    for phone, contact_id, number in rows_of(statements.TAKEN, {"import": job.pk, "phones": phones, "contacts": ids}):
        if phone:
            memory.number_of_phone[phone] = number
        if contact_id is not None:
            memory.number_of_contact[contact_id] = number
    return [judge(candidate, known.get(candidate.phone), memory, job.on_existing, wanted) for candidate in candidates]


def write(verdicts: Sequence[Verdict]) -> dict[int, tuple[int, str]]:
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
    made = {phone: (pk, at.isoformat()) for phone, pk, at in rows_of(statements.CREATE, {"contacts": _json(new)})} if new else {}
    updates = [_merged(verdict) for verdict in verdicts if verdict.outcome == Outcome.UPDATED and verdict.after]
    if updates:
        _run(statements.UPDATE, {"contacts": _json(updates)})
    tags, lists, no_more = _words_added(verdicts, {phone: pk for phone, (pk, _at) in made.items()})
    for statement, pairs in ((statements.ADD_TAGS, tags), (statements.ADD_LISTS, lists)):
        if pairs:
            _run(statement, {"pairs": _json([{"contact_id": pk, "word_id": word} for pk, word in pairs])})
    if no_more:
        _run(statements.OPT_OUT, {"contacts": no_more})
    return {candidate.number: made[candidate.phone] for candidate in fresh}


def record(job: ContactImport, verdicts: Sequence[Verdict], written: dict[int, tuple[int, str]]) -> None:
    rows = [_result(verdict, written.get(verdict.candidate.number)) for verdict in verdicts]
    _run(statements.RECORD, {"import": job.pk, "rows": _json(rows)})


def rows_of(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _wanted(job: ContactImport, candidates: Sequence[Candidate]) -> Wanted:
    """Those tags and lists of the import that still exist, and the rows' own."""
    tags = Tag.objects.filter(pk__in=job.tag_ids).order_by("pk").values_list("pk", flat=True)
    lists = ContactList.objects.filter(pk__in=job.list_ids).order_by("pk").values_list("pk", flat=True)
    tag_names = sorted({name for candidate in candidates for name in candidate.tags}, key=str.casefold)
    list_names = sorted({name for candidate in candidates for name in candidate.lists}, key=str.casefold)
    if tag_names and not job.is_dry_run:
        _run(statements.CREATE_TAGS, {"names": tag_names, "color": Tag._meta.get_field("color").default})
    if list_names and not job.is_dry_run:
        _run(statements.CREATE_LISTS, {"names": list_names})
    return Wanted(tuple(tags), tuple(lists), _ids_of(Tag, tag_names), _ids_of(ContactList, list_names))


def _ids_of(model: type[Tag] | type[ContactList], names: Sequence[str]) -> dict[str, int]:
    """A dry run makes nothing: what is not there yet counts under an id of its own, below zero."""
    if not names:
        return {}
    statement = statements.TAGS_NAMED if model is Tag else statements.LISTS_NAMED
    found = dict(rows_of(statement, {"names": list(names)}))
    return {name: found.get(name, -place) for place, name in enumerate(names, start=1)}


def _known(job: ContactImport, phones: list[str], wanted: Wanted) -> dict[str, Known]:
    rows = rows_of(statements.KNOWN if job.is_dry_run else statements.KNOWN_AND_LOCKED, {"phones": phones})
    ids = sorted({row[1] for row in rows})
    tags = _words_by_contact(statements.HAVE_TAGS, ids, [*wanted.tags, *wanted.tag_of.values()])
    lists = _words_by_contact(statements.HAVE_LISTS, ids, [*wanted.lists, *wanted.list_of.values()])
    said_no = {pk for (pk,) in rows_of(statements.HAVE_SAID_NO, {"contacts": ids})} if ids else set()
    return {
        phone: Known(
            pk,
            {"name": name, "email": email, "notes": notes},
            orjson.loads(custom) if isinstance(custom, str) else custom,
            frozenset(tags.get(pk, ())),
            frozenset(lists.get(pk, ())),
            pk in said_no,
        )
        for phone, pk, name, email, notes, custom in rows
    }


def _words_by_contact(statement: str, contacts: list[int], words: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    if contacts and words:
        for contact_id, word_id in rows_of(statement, {"contacts": contacts, "words": words}):
            found.setdefault(contact_id, set()).add(word_id)
    return found


def _room(job: ContactImport) -> int | None:
    limit = room_for(current_company().plan, "contacts")
    if limit is None:
        return None
    dry = ContactImport.objects.values_list("created_count", flat=True).get(pk=job.pk) if job.is_dry_run else 0
    return limit - Contact.objects.count() - dry


def _words_added(verdicts: Sequence[Verdict], made: dict[str, int]) -> tuple[Pairs, Pairs, list[int]]:
    """Tags and lists as (contact, word), and who wants no campaigns."""
    tags: Pairs = []
    lists: Pairs = []
    no_more: list[int] = []
    for verdict in verdicts:
        pk = verdict.known.id if verdict.known else made.get(verdict.candidate.phone)
        if pk is None or verdict.outcome not in (Outcome.CREATED, Outcome.UPDATED):
            continue
        tags += [(pk, tag) for tag in verdict.tags]
        lists += [(pk, each) for each in verdict.lists]
        no_more += [pk] * verdict.opts_out
    return tags, lists, no_more


def _merged(verdict: Verdict) -> dict[str, Any]:
    """The contact with what the row says."""
    assert verdict.known is not None
    fields = dict(verdict.known.fields) | {key: value for key, value in verdict.after.items() if not key.startswith(columns.CUSTOM)}
    extra = {key.removeprefix(columns.CUSTOM): value for key, value in verdict.after.items() if key.startswith(columns.CUSTOM)}
    return {"id": verdict.known.id, **fields, "custom": dict(verdict.known.custom) | extra}


def _result(verdict: Verdict, made: tuple[int, str] | None) -> dict[str, Any]:
    change: dict[str, Any] = {"at": made[1]} if made else {}
    if verdict.outcome == Outcome.UPDATED and verdict.known is not None:
        change = {"before": verdict.before, "after": verdict.after, "tags": verdict.tags, "lists": verdict.lists}
    if verdict.opts_out:
        change["opts_out"] = True
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


def _run(statement: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
