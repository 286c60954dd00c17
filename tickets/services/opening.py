"""One ticket that is not closed per contact and connection: found, or opened."""

import datetime
from zoneinfo import ZoneInfo

from accounts.models import User
from connectors.models import Connection
from contacts.models import Contact
from tenants.lib.clock import now
from tenants.lib.tenancy import current_company
from tickets import statements
from tickets.models import ConnectionRouting, Ticket


def lock_unclosed(contact: Contact, connection: Connection) -> Ticket | None:
    """The contact's ticket that is not closed, locked until the transaction ends."""
    return (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("queue", "assignee")
        .filter(contact=contact, connection=connection)
        .exclude(status=Ticket.Status.CLOSED)
        .first()
    )


def open_or_find(
    contact: Contact,
    connection: Connection,
    *,
    status: Ticket.Status,
    assignee: User | None = None,
    queue_id: int | None = None,
    last_inbound_at: datetime.datetime | None = None,
) -> tuple[Ticket, bool]:
    """The contact's unclosed ticket, locked, and whether it was opened here. Of many at once, one opens and the others find.

    The database's unique index decides: who loses waits for the winner to commit and takes its ticket. Nobody holds
    two locks here, so nobody can wait in a circle.
    """
    while True:
        at = now()
        ticket_id = statements.next_id("tickets_ticket")
        opened = statements.open_ticket(
            ticket_id=ticket_id,
            protocol=_protocol(ticket_id, at),
            contact_id=contact.pk,
            connection_id=connection.pk,
            queue_id=queue_id,
            assignee_id=assignee.pk if assignee else None,
            status=status.value,
            at=at,
            last_inbound_at=last_inbound_at,
            accepted_at=at if assignee else None,
            routed_at=at if assignee else None,
        )
        if opened:
            ticket = Ticket.objects.select_related("queue", "assignee").get(pk=ticket_id)
            ticket.contact, ticket.connection = contact, connection
            return ticket, True
        found = lock_unclosed(contact, connection)
        if found is not None:  # else it was closed in between
            found.contact, found.connection = contact, connection
            return found, False


def queue_of_new_tickets(connection: Connection) -> int | None:
    return ConnectionRouting.objects.filter(connection=connection).values_list("queue_id", flat=True).first()


def _protocol(ticket_id: int, at: datetime.datetime) -> str:
    """The number told to the customer: the day in the company's time zone, and a number that no other ticket has."""
    return f"{at.astimezone(ZoneInfo(current_company().timezone)):%Y%m%d}-{ticket_id:06d}"
