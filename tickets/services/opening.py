"""One ticket that is not closed per contact and connection: found, or opened."""

import datetime
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from accounts.models import User
from connectors.models import Connection
from contacts.models import Contact
from tenants.lib.clock import now
from tenants.lib.tenancy import current_company
from tickets import statements
from tickets.models import Queue, Ticket


def lock_unclosed(contact: Contact, connection: Connection) -> Ticket | None:
    """The contact's ticket that is not closed, locked until the transaction ends."""
    locked = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("queue", "assignee")
    ticket = locked.filter(contact=contact, connection=connection).exclude(status=Ticket.Status.CLOSED).first()
    if ticket is not None:
        ticket.contact, ticket.connection = contact, connection
    return ticket


def lock_unclosed_of(contacts: Iterable[Contact], connection: Connection) -> dict[int, Ticket]:
    """The same for many contacts at once: contact id → ticket, of those who have one. Locked in the order of their ids."""
    known = {contact.pk: contact for contact in contacts}
    locked = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("queue", "assignee", "last_message")
    found = {}
    for ticket in locked.filter(contact_id__in=known, connection=connection).exclude(status=Ticket.Status.CLOSED).order_by("pk"):
        ticket.contact, ticket.connection = known[ticket.contact_id], connection
        found[ticket.contact_id] = ticket
    return found


def open_or_find(
    contact: Contact,
    connection: Connection,
    *,
    status: Ticket.Status,
    assignee: User | None = None,
    queue: Queue | None = None,
    last_inbound_at: datetime.datetime | None = None,
) -> tuple[Ticket, bool]:
    """The contact's unclosed ticket, locked, and whether it was opened here. Of many at once, one opens and the others find.

    A ticket that nobody has waits in `queue`, or else in the connection's.

    The database's unique index decides: who loses waits for the winner to commit and takes its ticket. Nobody holds
    two locks here, so nobody can wait in a circle.
    """
    while True:
        at = now()
        ticket_id, usual_queue_id = statements.next_ticket(connection.pk)
        ticket = Ticket(
            id=ticket_id,
            protocol=_protocol(ticket_id, at),
            contact=contact,
            connection=connection,
            queue_id=queue.pk if queue else None if assignee else usual_queue_id,
            assignee=assignee,
            status=status.value,
            last_message_at=at,
            last_inbound_at=last_inbound_at,
            created_at=at,
            accepted_at=at if assignee else None,
            routed_at=at if assignee else None,
        )
        if statements.open_ticket(ticket):
            return ticket, True
        found = lock_unclosed(contact, connection)
        if found is not None:  # else it was closed in between
            return found, False


def _protocol(ticket_id: int, at: datetime.datetime) -> str:
    """The number told to the customer: the day in the company's time zone, and a number that no other ticket has."""
    return f"{at.astimezone(ZoneInfo(current_company().timezone)):%Y%m%d}-{ticket_id:06d}"
