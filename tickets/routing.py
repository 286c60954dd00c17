"""The last of the answerers: a ticket that no flow and no bot took waits for people."""

from django.db import transaction

from connectors.types import MessageKind
from tenants.lib.clock import now
from tickets import selectors
from tickets.models import Message, Ticket
from tickets.services.messages import queue_message


@transaction.atomic
def route_ticket(message: Message) -> bool:
    """Once per ticket: it is in its connection's queue since it was opened; the queue says its greeting. Always takes the message."""
    if message.ticket_id is None or message.direction == Message.Direction.OUT:
        return True
    routed = Ticket.objects.filter(pk=message.ticket_id, routed_at__isnull=True).update(routed_at=now())
    if not routed:
        return True
    ticket = selectors.tickets_with_parts().get(pk=message.ticket_id)
    if ticket.queue and ticket.queue.greeting and ticket.assignee_id is None and ticket.connection.can_send:
        queue_message(ticket, kind=MessageKind.TEXT, body=ticket.queue.greeting, payload={}, origin=Message.Origin.SYSTEM)
    return True
