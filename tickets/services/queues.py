"""Departments, who belongs to them, and which connection's tickets wait where."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.auditing import changed, differences, listed, record, snapshot
from connectors.models import Connection
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.services.plans import require_room
from tickets import events, selectors
from tickets.models import ConnectionRouting, Queue, QueueMember, Ticket

PLAIN_FIELDS = ("name", "color", "greeting", "position")


@transaction.atomic
def create_queue(*, fields: Mapping[str, Any], members: Sequence[User] = (), by: User) -> Queue:
    """A new queue. Two of one name are refused, and more than the plan has room for."""
    require_room(current_company(), "queues", Queue.objects.count())
    queue = Queue(**{name: fields[name] for name in PLAIN_FIELDS if name in fields})
    _save(queue)
    _set_members(queue, members)
    record("queue.created", queue, by=by, changes=listed("members", [], members))
    return _told("create", queue, by=by)


@transaction.atomic
def update_queue(queue: Queue, *, fields: Mapping[str, Any], members: Sequence[User] | None = None, by: User) -> Queue:
    """Change what is given, keep the rest."""
    stored = Queue.objects.get(pk=queue.pk)
    before, old_members = snapshot(stored), list(stored.members.all())
    for name in PLAIN_FIELDS:
        if name in fields:
            setattr(queue, name, fields[name])
    _save(queue)
    if members is not None:
        _set_members(queue, members)
    changes = differences(queue, before) + listed("members", old_members, old_members if members is None else members)
    if changes:
        record("queue.changed", queue, by=by, changes=changes)
    return _told("update", queue, by=by)


@transaction.atomic
def delete_queue(queue: Queue, *, by: User) -> None:
    """Refused while conversations wait or go on in it: nobody would see them."""
    if Ticket.objects.filter(queue=queue).exclude(status=Ticket.Status.CLOSED).exists():
        raise ApplicationError(_("This queue has open conversations. Transfer them first."), code="in_use", status=409)
    queue_id = queue.pk
    record("queue.deleted", queue, by=by)
    queue.delete()
    events.queue_deleted(queue_id)


@transaction.atomic
def route_connection(connection: Connection, *, queue: Queue | None, by: User) -> ConnectionRouting:
    """New tickets of the connection wait in this queue; without one, everybody sees them."""
    old = ConnectionRouting.objects.select_related("queue").filter(connection=connection).first()
    routing, _created = ConnectionRouting.objects.update_or_create(connection=connection, defaults={"queue": queue})
    changes = changed(routing, "queue", str(old.queue) if old and old.queue else None, str(queue) if queue else None)
    if changes:
        record("queue.routed", connection, by=by, changes=changes)
    events.routing_changed(routing)
    return routing


def _save(queue: Queue) -> None:
    try:
        with transaction.atomic():
            queue.save()
    except IntegrityError as error:
        raise ApplicationError(_("There is a queue of this name already."), code="taken", field="name") from error


def _set_members(queue: Queue, members: Sequence[User]) -> None:
    queue.memberships.exclude(user__in=members).delete()
    QueueMember.objects.bulk_create([QueueMember(queue=queue, user=member) for member in members], ignore_conflicts=True)


def _told(action: str, queue: Queue, *, by: User) -> Queue:
    fresh = selectors.queue_for(by, queue.pk)
    events.queue_changed(action, fresh)
    return fresh
