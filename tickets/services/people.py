"""What changes in conversations and queues when people come, move and go."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.auditing import listed, record
from connectors.types import Delivery, MessageKind
from tenants.lib.errors import ApplicationError
from tickets import events, selectors
from tickets.models import Message, Queue, QueueMember, Ticket


@transaction.atomic
def set_queues_of(user: User, *, queue_ids: Sequence[int], by: User) -> None:
    """Exactly these queues. Raises ApplicationError `does_not_exist`."""
    refuse_unknown_queues(queue_ids)
    before = set(QueueMember.objects.filter(user=user).values_list("queue_id", flat=True))
    _leave(user, before - set(queue_ids))
    _join(user, set(queue_ids) - before)
    names = dict(Queue.objects.filter(pk__in=before | set(queue_ids)).values_list("pk", "name"))
    changes = listed("queues", [names[pk] for pk in before], [names[pk] for pk in set(queue_ids)])
    if changes:
        record("user.queues_changed", user, by=by, changes=changes)


def refuse_unknown_queues(queue_ids: Sequence[int]) -> None:
    """Raises ApplicationError `does_not_exist`. Also the reaction to `user.invited`."""
    if Queue.objects.filter(pk__in=queue_ids).count() != len(set(queue_ids)):
        raise ApplicationError(_("There is no such queue."), code="does_not_exist", field="queues")


def join_queues(user_id: int, queue_ids: Sequence[int]) -> None:
    """The reaction to `user.joined`. A queue that was deleted since the invitation is left out."""
    existing = Queue.objects.filter(pk__in=queue_ids).values_list("pk", flat=True)
    _join(User.objects.get(pk=user_id), set(existing))


def put_back_tickets_of(user_id: int, by_id: int) -> None:
    """The reaction to `user.deactivated`: what the person had open waits again, in its queue, with a note that says why."""
    user, by = User.objects.get(pk=user_id), User.objects.get(pk=by_id)
    held = selectors.tickets_with_parts().filter(assignee=user, status=Ticket.Status.OPEN).select_for_update(of=("self",), no_key=True)
    tickets = list(held.order_by("pk"))
    if not tickets:
        return
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(status=Ticket.Status.PENDING, assignee=None, accepted_at=None)
    notes = {note.ticket_id: note for note in Message.objects.bulk_create(_note_of_leaving(ticket, user, by=by) for ticket in tickets)}
    for ticket in tickets:
        ticket.status, ticket.assignee, ticket.accepted_at = Ticket.Status.PENDING, None, None
        events.ticket_moved(ticket, lost_by=())
        events.message_created(notes[ticket.pk], ticket)


def _note_of_leaving(ticket: Ticket, user: User, *, by: User) -> Message:
    return Message(
        contact_id=ticket.contact_id,
        connection_id=ticket.connection_id,
        ticket=ticket,
        direction=Message.Direction.OUT,
        origin=Message.Origin.AGENT,
        author=by,
        kind=MessageKind.NOTE.value,
        body=_("%(who)s was deactivated: the conversation waits again.") % {"who": user.name},
        payload={"event": "put_back"},
        status=Delivery.SENT.value,
    )


def _join(user: User, queue_ids: set[int]) -> None:
    QueueMember.objects.bulk_create([QueueMember(queue_id=pk, user=user) for pk in sorted(queue_ids)], ignore_conflicts=True)
    _tell(user, queue_ids)


def _leave(user: User, queue_ids: set[int]) -> None:
    QueueMember.objects.filter(user=user, queue_id__in=queue_ids).delete()
    _tell(user, queue_ids)


def _tell(user: User, queue_ids: set[int]) -> None:
    for queue in selectors.queues_for(user).filter(pk__in=queue_ids):
        events.queue_changed("update", queue)
