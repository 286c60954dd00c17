"""The conversations of two contacts that are one person."""

from django.utils.translation import gettext as _

from tenants.lib.errors import ApplicationError
from tickets import events
from tickets.models import Message, Schedule, Ticket


def contact_merged(*, kept_id: int, other_id: int) -> None:
    """The reaction to `contact.merged`. Two open conversations over one connection cannot become one: people close one first."""
    going_on = Ticket.objects.exclude(status=Ticket.Status.CLOSED).filter(contact__in=(kept_id, other_id)).select_related("connection")
    by_connection: dict[int, list[Ticket]] = {}
    for ticket in going_on.order_by("pk").select_for_update(of=("self",)):
        by_connection.setdefault(ticket.connection_id, []).append(ticket)
    twice = next((tickets for tickets in by_connection.values() if len(tickets) > 1), None)
    if twice:
        words = _("Both contacts have an open conversation on %(connection)s (%(protocols)s). Close one of them first.")
        facts = {"connection": twice[0].connection.name, "protocols": ", ".join(ticket.protocol for ticket in twice)}
        raise ApplicationError(words % facts, code="open_conversations", status=409)
    Ticket.objects.filter(contact=other_id).update(contact=kept_id)
    Message.objects.filter(contact=other_id).update(contact=kept_id)
    Schedule.objects.filter(contact=other_id).update(contact=kept_id)
    for ticket in Ticket.objects.exclude(status=Ticket.Status.CLOSED).filter(contact=kept_id):
        events.ticket_updated(ticket)
