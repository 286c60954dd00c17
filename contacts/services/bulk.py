"""Many contacts at once: what a page of the list, or everything that its filters leave, is to get or to lose."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.models import ProtectedError, QuerySet

from accounts.models import User
from accounts.services.auditing import record
from contacts import events
from contacts.filters import ContactFilter
from contacts.models import Contact, ContactList, Tag
from tenants.lib.clock import now
from tenants.lib.timers import set_timer

DELETE_TIMER = "contacts.delete"
# In one transaction of a timer; the next firing takes the next ones.
DELETED_AT_ONCE = 1_000


@transaction.atomic
def change_tags(contacts: QuerySet[Contact], *, by: User, add: Sequence[Tag], remove: Sequence[Tag]) -> int:
    """Set-based, so that a hundred thousand cost a second or two. Returns how many contacts were meant."""
    count = _change_words(contacts, Contact.tags.through, "tag_id", add, remove)
    if count and (add or remove):
        names = ", ".join([*(f"+{tag.name}" for tag in add), *(f"-{tag.name}" for tag in remove)])
        record("contact.many_tagged", None, by=by, count=count, tags=names)
        events.contacts_changed()
    return count


@transaction.atomic
def change_lists(contacts: QuerySet[Contact], *, by: User, add: Sequence[ContactList], remove: Sequence[ContactList]) -> int:
    count = _change_words(contacts, Contact.lists.through, "contactlist_id", add, remove)
    if count:
        for each in add:
            record("word.filled", each, by=by, count=count)
        for each in remove:
            record("word.emptied", each, by=by, count=count)
        events.contacts_changed()
    return count


@transaction.atomic
def delete_some(contacts: QuerySet[Contact], *, by: User) -> tuple[int, int]:
    """(deleted, kept). Who has conversations or campaigns is kept."""
    ids = list(contacts.order_by("pk").values_list("pk", flat=True))
    deleted = _delete(ids)
    _record_deletion(deleted, len(ids) - deleted, by=by)
    return deleted, len(ids) - deleted


@transaction.atomic
def delete_matching(filters: dict[str, Any], *, by: User) -> int:
    """A worker does it, a thousand at a time; contacts that come later are not meant. Returns how many are."""
    meant = _matching(filters)
    newest = meant.order_by("-pk").values_list("pk", flat=True).first() or 0
    payload = {"filters": filters, "up_to": newest, "by": by.pk, "deleted": 0, "kept": 0}
    set_timer(DELETE_TIMER, f"{by.pk}:{now().isoformat()}", due_at=now(), payload=payload)
    return meant.count()


def delete_next(key: str, payload: dict[str, Any]) -> None:
    """The timer's handler: the next thousand, and a timer for those after them."""
    ids = list(
        _matching(payload["filters"]).filter(pk__lte=payload["up_to"]).order_by("-pk").values_list("pk", flat=True)[:DELETED_AT_ONCE]
    )
    deleted = _delete(ids)
    payload["deleted"] += deleted
    payload["kept"] += len(ids) - deleted
    if len(ids) == DELETED_AT_ONCE:
        set_timer(DELETE_TIMER, key, due_at=now(), payload={**payload, "up_to": ids[-1] - 1})
        return
    _record_deletion(payload["deleted"], payload["kept"], by=User.objects.filter(pk=payload["by"]).first())


def with_history(contact_ids: set[int]) -> set[int]:
    """Who wrote or was written to. Rows that forbid a contact's deletion are asked for without knowing their apps."""
    found: set[int] = set()
    for relation in Contact._meta.related_objects:
        if relation.on_delete in (models.PROTECT, models.RESTRICT):
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": contact_ids})
            found |= set(rows.values_list(relation.field.attname, flat=True))
    return found


def _matching(filters: dict[str, Any]) -> QuerySet[Contact]:
    return ContactFilter(filters, queryset=Contact.objects.all()).qs


def _delete(ids: Sequence[int]) -> int:
    doomed = set(ids) - with_history(set(ids))
    try:
        with transaction.atomic():
            Contact.objects.filter(pk__in=doomed).delete()
    except ProtectedError as error:
        # Somebody wrote at this very moment.
        wrote = {getattr(row, "contact_id", None) for row in error.protected_objects}
        doomed -= wrote  # type: ignore[arg-type]
        Contact.objects.filter(pk__in=doomed).delete()
    return len(doomed)


def _record_deletion(deleted: int, kept: int, *, by: User | None) -> None:
    if deleted:
        record("contact.many_deleted", None, by=by, count=deleted, kept=kept)
    events.contacts_changed()


def _change_words(
    contacts: QuerySet[Contact], through: Any, column: str, add: Sequence[Tag | ContactList], remove: Sequence[Tag | ContactList]
) -> int:
    """The filters' own query, wrapped: no id passes through Python."""
    meant, parameters = contacts.order_by().values("pk").query.sql_with_params()
    table = through._meta.db_table
    with connection.cursor() as cursor:
        for word in add:
            cursor.execute(
                f"INSERT INTO {table} (contact_id, {column}) SELECT meant.id, %s FROM ({meant}) AS meant(id) ON CONFLICT DO NOTHING",
                [word.pk, *parameters],
            )
        if remove:
            cursor.execute(
                f"DELETE FROM {table} WHERE {column} = ANY(%s) AND contact_id IN ({meant})", [[word.pk for word in remove], *parameters]
            )
        cursor.execute(f"SELECT count(*) FROM ({meant}) AS meant(id)", parameters)
        return int(cursor.fetchone()[0])
