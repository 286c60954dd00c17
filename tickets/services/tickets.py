"""What people do with a conversation."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.auditing import record
from connectors.models import Connection
from connectors.registry import provider_named
from connectors.types import Delivery, MessageKind
from contacts.models import Contact, Tag
from tenants.lib.announcing import announce
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError, NotAllowed
from tenants.lib.later import later
from tickets import events, selectors
from tickets.models import Message, Queue, Ticket
from tickets.services.opening import open_or_find


@transaction.atomic
def start_conversation(*, contact: Contact, connection: Connection, by: User, queue: Queue | None = None) -> tuple[Ticket, bool]:
    """A ticket of `by` with this contact, and whether it is new. An unclosed one that `by` may see is returned instead of a second.

    A program holds no conversation: one that an API key starts waits for a person, in `queue` or the connection's.
    """
    ticket, is_new = open_or_find(
        contact,
        connection,
        status=Ticket.Status.PENDING if by.is_api_key else Ticket.Status.OPEN,
        assignee=None if by.is_api_key else by,
        queue=queue,
        last_inbound_at=selectors.last_inbound_of(contact.pk, connection.pk),
    )
    if is_new:
        fresh = _fresh(ticket)
        events.ticket_created(fresh)
        announce("ticket.opened", ticket_id=ticket.pk)
        return fresh, True
    seen = selectors.tickets_visible_to(by).filter(pk=ticket.pk).first()
    if seen is None:
        raise ApplicationError(
            _("%(contact)s is already being served by %(who)s.") % {"contact": contact.display_name, "who": _holder(ticket)},
            code="conversation_exists",
            status=409,
        )
    return seen, False


@transaction.atomic
def accept(ticket: Ticket, *, by: User) -> Ticket:
    """The ticket is `by`'s now. Of two at once one wins; the other is told who (409 `already_accepted`)."""
    if by.is_api_key:
        words = _("A program cannot hold a conversation. Transfer it to a person or a queue.")
        raise ApplicationError(words, code="key_holds_nothing", status=409)
    taken = (
        Ticket.objects.filter(pk=ticket.pk, assignee__isnull=True)
        .exclude(status=Ticket.Status.CLOSED)
        .update(status=Ticket.Status.OPEN, assignee=by, accepted_at=now())
    )
    fresh = _fresh(ticket)
    if taken:
        return _told_of_move(fresh, before=ticket)
    if fresh.assignee_id == by.pk and fresh.status == Ticket.Status.OPEN:
        return fresh
    _refuse_closed(fresh)
    raise ApplicationError(_("%(who)s accepted this conversation already.") % {"who": _holder(fresh)}, code="already_accepted", status=409)


@transaction.atomic
def transfer(ticket: Ticket, *, by: User, user: User | None = None, queue: Queue | None = None, note: str = "") -> Ticket:
    """To a person (who has it at once), or to a queue (where it waits again). With a person and a queue it is theirs, in that queue."""
    if user is None and queue is None:
        raise ApplicationError(_("Say to whom: a person or a queue."), code="required", field="user")
    if user is not None and not user.is_active:
        raise ApplicationError(_("%(who)s does not work here any more.") % {"who": user.name}, code="user_inactive", field="user")
    locked = _locked(ticket)
    _refuse_closed(locked)
    require_hold(locked, by=by)
    before = Ticket(pk=locked.pk, queue_id=locked.queue_id, assignee_id=locked.assignee_id)
    locked.queue_id = queue.pk if queue else locked.queue_id
    locked.assignee = user
    locked.status = Ticket.Status.OPEN if user else Ticket.Status.PENDING
    locked.accepted_at = now() if user else None
    locked.routed_at = locked.routed_at or now()
    locked.save(update_fields=["queue", "assignee", "status", "accepted_at", "routed_at"])
    transferred = {"by": by.name, "user": user.name if user else "", "queue": queue.name if queue else ""}
    words = note.strip() or _("Transferred to %(whom)s.") % {"whom": user.name if user else queue.name if queue else ""}
    message = _note(locked, by=by, body=str(words), payload={"transfer": transferred})
    moved = _told_of_move(_fresh(locked), before=before)
    events.message_created(message, moved)
    record("ticket.transferred", locked, by=by, whom=transferred["user"] or transferred["queue"])
    announce("ticket.transferred", ticket_id=locked.pk)
    return moved


@transaction.atomic
def close(ticket: Ticket, *, by: User) -> Ticket | None:
    """Close the ticket once; None if somebody else just did."""
    require_hold(ticket, by=by)
    closed = (
        Ticket.objects.filter(pk=ticket.pk)
        .exclude(status=Ticket.Status.CLOSED)
        .update(status=Ticket.Status.CLOSED, closed_by=by, closed_at=now(), unread_count=0)
    )
    if not closed:
        return None
    fresh = _fresh(ticket)
    events.ticket_updated(fresh)
    events.message_created(_note(fresh, by=by, body=str(_("Closed.")), payload={"event": "closed"}), fresh)
    record("ticket.closed", ticket, by=by)
    announce("ticket.closed", ticket_id=ticket.pk)
    return fresh


def reopen(ticket: Ticket, *, by: User) -> Ticket:
    """The closed ticket goes on, with `by`. Refused (409 `another_ticket_open`) while the contact has another one that is not closed."""
    try:
        with transaction.atomic():
            reopened = Ticket.objects.filter(pk=ticket.pk, status=Ticket.Status.CLOSED).update(
                status=Ticket.Status.PENDING if by.is_api_key else Ticket.Status.OPEN,
                assignee=None if by.is_api_key else by,
                accepted_at=None if by.is_api_key else now(),
                closed_at=None,
                closed_by=None,
                last_inbound_at=selectors.last_inbound_of(ticket.contact_id, ticket.connection_id),
            )
            fresh = _fresh(ticket)
            if not reopened and fresh.assignee_id != by.pk:
                raise ApplicationError(
                    _("This conversation is open already, with %(who)s.") % {"who": _holder(fresh)}, code="already_open", status=409
                )
            if not reopened:
                return fresh
            record("ticket.reopened", ticket, by=by)
            moved = _told_of_move(fresh, before=ticket)
            events.message_created(_note(fresh, by=by, body=str(_("Reopened.")), payload={"event": "reopened"}), moved)
            return moved
    except IntegrityError as error:
        other = selectors.unclosed_ticket_of(ticket.contact, ticket.connection)
        raise ApplicationError(
            _("%(contact)s has another open conversation: %(protocol)s (ticket %(id)s).")
            % {"contact": ticket.contact.display_name, "protocol": other.protocol if other else "", "id": other.pk if other else ""},
            code="another_ticket_open",
            status=409,
        ) from error


@transaction.atomic
def mark_read(ticket: Ticket, *, by: User) -> Ticket:
    """Nothing is unread any more. Looking over a colleague's shoulder does not count: their unread messages stay theirs."""
    if ticket.assignee_id not in (None, by.pk):
        return ticket
    if Ticket.objects.filter(pk=ticket.pk, unread_count__gt=0).update(unread_count=0):
        ticket.unread_count = 0
        events.unread_changed(ticket)
        if provider_named(ticket.connection.provider).capabilities.marks_read:
            later("tickets.show_read", ticket.pk)
    return ticket


@transaction.atomic
def add_note(ticket: Ticket, *, body: str, by: User) -> Message:
    """Words for colleagues, in the conversation. The customer never gets them."""
    message = _note(_locked(ticket), by=by, body=body, payload={})
    events.message_created(message, _fresh(ticket))
    return message


@transaction.atomic
def set_tags(ticket: Ticket, *, tags: Sequence[Tag], by: User) -> Ticket:
    """Exactly these tags."""
    ticket.tags.set(tags)
    fresh = _fresh(ticket)
    events.ticket_updated(fresh)
    return fresh


def require_hold(ticket: Ticket, *, by: User) -> None:
    """Who answers, closes and transfers: the person who has the ticket, anybody who sees it while nobody has it, and managers."""
    if ticket.assignee_id in (None, by.pk) or by.is_manager:
        return
    raise NotAllowed(_("%(who)s has this conversation. Ask for a transfer.") % {"who": _holder(ticket)}, code="assigned_to_other")


def _note(ticket: Ticket, *, by: User, body: str, payload: dict[str, object]) -> Message:
    return Message.objects.create(
        contact_id=ticket.contact_id,
        connection_id=ticket.connection_id,
        ticket=ticket,
        direction=Message.Direction.OUT,
        origin=Message.Origin.AGENT,
        author=by,
        kind=MessageKind.NOTE.value,
        body=body,
        payload=payload,
        status=Delivery.SENT.value,
    )


def _told_of_move(ticket: Ticket, *, before: Ticket) -> Ticket:
    """Browsers learn who has the ticket now; those who do not see it any more, that it is gone."""
    lost: set[int] = set()
    if (before.queue_id, before.assignee_id) != (ticket.queue_id, ticket.assignee_id):
        saw = selectors.agents_who_see(queue_id=before.queue_id, assignee_id=before.assignee_id)
        lost = saw - selectors.agents_who_see(queue_id=ticket.queue_id, assignee_id=ticket.assignee_id)
    events.ticket_moved(ticket, lost_by=lost)
    return ticket


def _refuse_closed(ticket: Ticket) -> None:
    if ticket.status == Ticket.Status.CLOSED:
        raise ApplicationError(_("This conversation is closed. Reopen it first."), code="ticket_closed", status=409)


def _locked(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("assignee").get(pk=ticket.pk)


def _fresh(ticket: Ticket) -> Ticket:
    return selectors.tickets_with_parts().get(pk=ticket.pk)


def _holder(ticket: Ticket) -> str:
    return str(ticket.assignee or ticket.queue or _("a colleague"))
