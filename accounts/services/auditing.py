"""Who did what: written by the services themselves, in the transaction of the deed, so that it is there if and only if the deed is.

Services often write by a conditional UPDATE, which signals do not see; and a deed that people look for ("paused the campaign") is more
than a changed row. So each verb says its own line. Messages, receipts and campaigns' recipients are never recorded one by one.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import translation

from accounts.audit_words import DEEDS
from accounts.models import AuditEntry, User
from tenants.lib.clock import now
from tenants.lib.fields import EncryptedJSONField
from tenants.lib.visitor import visitor_address

LONGEST_VALUE = 500
CONTINUES_FOR = datetime.timedelta(minutes=10)
ROWS_PER_DELETE = 2000
# What changes by itself, or says nothing to anybody.
SILENT = frozenset({"id", "password", "last_login", "created_at", "created_by", "updated_at", "written_at"})
Change = dict[str, Any]


def record(action: str, what: models.Model | None, *, by: User | None, changes: Sequence[Change] = (), **facts: Any) -> None:
    """One line of the audit log. `by` is None for what happened by itself. `facts` are plain values that the sentence names."""
    _write(action, what, changes=changes, facts=facts, **_actor(by))


def record_continued(action: str, what: models.Model, *, by: User | None, changes: Sequence[Change]) -> None:
    """The same for a deed that is done again and again while somebody is at it: one line for each CONTINUES_FOR, person and object,
    with what was before the first time and is after the last. A deed in between begins a new line. The object must be locked."""
    actor = _actor(by)
    last = AuditEntry.objects.filter(object_kind=str(what._meta.model_name), object_id=what.pk).order_by("-pk").first()
    if last is None or not _continues(last, action, actor):
        _write(action, what, changes=changes, facts={}, **actor)
        return
    AuditEntry.objects.filter(pk=last.pk).update(changes=merged(last.changes, changes), object_name=str(what)[:200])


def record_of_stranger(action: str, what: models.Model | None, *, name: str = "", **facts: Any) -> None:
    """The same for somebody who was not let in."""
    _write(action, what, changes=(), facts=facts, actor_kind=AuditEntry.ActorKind.STRANGER, actor=None, actor_name=name[:120])


def record_of_staff(action: str, what: models.Model | None, *, name: str, changes: Sequence[Change] = (), **facts: Any) -> None:
    """The same for the platform's own staff, who have no user here."""
    _write(action, what, changes=changes, facts=facts, actor_kind=AuditEntry.ActorKind.STAFF, actor=None, actor_name=name[:120])


def forget_old_entries(*, days: int) -> int:
    """Lines older than so many days go, a few thousand at a time; how many went."""
    old = AuditEntry.objects.filter(created_at__lt=now() - datetime.timedelta(days=days)).order_by("pk")
    total = 0
    while some := list(old.values_list("pk", flat=True)[:ROWS_PER_DELETE]):
        total += AuditEntry.objects.filter(pk__in=some).delete()[0]
    return total


def snapshot(row: models.Model) -> dict[str, Any]:
    """What the row is now, to be compared after it was changed."""
    return {field.name: _value(row, field.name) for field in row._meta.concrete_fields if field.name not in SILENT}


def differences(row: models.Model, before: dict[str, Any]) -> list[Change]:
    """What became of the row since the snapshot."""
    return [change for name, old in before.items() for change in changed(row, name, old, _value(row, name))]


def changed(row: models.Model | type[models.Model], name: str, before: Any, after: Any) -> list[Change]:
    """One field's change in words; nothing if there is none. Of a secret only that it changed."""
    if before == after or (not before and not after and not isinstance(before, bool | int) and not isinstance(after, bool | int)):
        return []
    field = _field(row, name)
    change = {"field": name, "label": _label(field, name), "before": None, "after": None, "is_word": False, "is_secret": False}
    if isinstance(field, EncryptedJSONField):
        return [change | {"is_secret": True}]
    is_word = bool(getattr(field, "choices", None)) or isinstance(before, bool) or isinstance(after, bool)
    return [change | {"before": _words(field, before), "after": _words(field, after), "is_word": is_word}]


def listed(label: str, before: Iterable[object], after: Iterable[object]) -> list[Change]:
    """The change of a list of names that is no column (members, tags). `label` is an English word of ours."""
    old, new = (", ".join(sorted(str(one) for one in names)) for names in (before, after))
    if old == new:
        return []
    return [{"field": label, "label": label, "before": old, "after": new, "is_word": False, "is_secret": False}]


def merged(earlier: Sequence[Change], later: Sequence[Change]) -> list[Change]:
    """Two deeds' changes as one. What is again as it was before both is no change; of a secret nobody knows."""
    by_field = {change["field"]: change for change in earlier}
    for change in later:
        first = by_field.pop(change["field"], None)
        if first is None:
            by_field[change["field"]] = change
        elif change["is_secret"] or first["before"] != change["after"]:
            by_field[change["field"]] = change | {"before": first["before"]}
    return list(by_field.values())


def kind_of(row: models.Model) -> str:
    """What such a thing is called, as an English word of ours."""
    with translation.override(None):
        return str(row._meta.verbose_name)


def _value(row: models.Model, name: str) -> Any:
    """The column's value; of a foreign key the name of what it leads to."""
    value = getattr(row, name)
    return str(value) if isinstance(value, models.Model) else value


def _write(action: str, what: models.Model | None, *, changes: Sequence[Change], facts: dict[str, Any], **actor: Any) -> None:
    assert action in DEEDS, f"{action} is not in accounts.audit_words.DEEDS."
    AuditEntry.objects.create(
        action=action,
        object_kind=str(what._meta.model_name) if what else "",
        object_id=what.pk if what else None,
        object_name=str(what)[:200] if what else "",
        changes=list(changes),
        facts={name: str(value) if not isinstance(value, int | str | None) else value for name, value in facts.items()},
        address=visitor_address(),
        **actor,
    )


def _continues(last: AuditEntry, action: str, actor: dict[str, Any]) -> bool:
    is_same_deed = (last.action, last.actor_kind, last.actor_id) == (action, actor["actor_kind"], actor["actor"] and actor["actor"].pk)
    return is_same_deed and last.address == visitor_address() and last.created_at > now() - CONTINUES_FOR


def _actor(by: User | None) -> dict[str, Any]:
    if by is None:
        return {"actor_kind": AuditEntry.ActorKind.SYSTEM, "actor": None, "actor_name": ""}
    kind = AuditEntry.ActorKind.API_KEY if by.is_api_key else AuditEntry.ActorKind.STAFF if by.is_superuser else AuditEntry.ActorKind.USER
    return {"actor_kind": kind, "actor": by, "actor_name": str(by)[:120]}


def _field(row: models.Model | type[models.Model], name: str) -> Any:
    try:
        return row._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _label(field: Any, name: str) -> str:
    """Our own English word for the field: translated when somebody reads it."""
    with translation.override(None):
        return str(getattr(field, "verbose_name", name))


def _words(field: Any, value: Any) -> str | None:
    if value is None or value == "":
        return None
    with translation.override(None):
        if getattr(field, "choices", None):
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, datetime.datetime):
            return value.isoformat(timespec="seconds")
        if isinstance(value, dict):
            return ", ".join(f"{key}: {part}" for key, part in value.items())[:LONGEST_VALUE]
        if isinstance(value, list | tuple | set | frozenset):
            return ", ".join(str(one) for one in value)[:LONGEST_VALUE]
        return str(value)[:LONGEST_VALUE]
