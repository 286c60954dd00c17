"""The last of the answerers: a ticket that no flow and no bot took waits for people."""

from django.db import transaction

from connectors.types import MessageKind
from tenants.lib.clock import now
from tickets import selectors
from tickets.models import Message, Queue, Ticket
from tickets.services.messages import queue_message


def route_ticket(message: Message) -> bool:
    """Once per ticket: it is in its connection's queue since it was opened; the queue says its greeting. Always takes the message."""
    ticket = message.ticket
    if ticket is None or message.direction == Message.Direction.OUT or ticket.routed_at is not None:
        return True
    with transaction.atomic():
        if Ticket.objects.filter(pk=ticket.pk, routed_at__isnull=True).update(routed_at=now()):
            if Queue.objects.filter(pk=ticket.queue_id).exclude(greeting="").exists():
                _greet(selectors.tickets_with_parts().get(pk=ticket.pk))
    return True


def _greet(ticket: Ticket) -> None:
    if ticket.queue and ticket.queue.greeting and ticket.assignee_id is None and ticket.connection.can_send:
        queue_message(ticket, kind=MessageKind.TEXT, body=ticket.queue.greeting, payload={}, origin=Message.Origin.SYSTEM)
