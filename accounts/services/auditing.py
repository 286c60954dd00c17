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
ROWS_PER_DELETE = 2000
# What changes by itself, or says nothing to anybody.
SILENT = frozenset({"id", "password", "last_login", "created_at", "created_by", "updated_at"})
Change = dict[str, Any]


def record(action: str, what: models.Model | None, *, by: User | None, changes: Sequence[Change] = (), **facts: Any) -> None:
    """One line of the audit log. `by` is None for what happened by itself. `facts` are plain values that the sentence names."""
    _write(action, what, changes=changes, facts=facts, **_actor(by))


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
