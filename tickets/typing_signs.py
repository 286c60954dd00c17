"""The customer sees that an answer is being written, where the gateway can show it. Worthless a moment later, so never repeated."""

import structlog

from connectors.models import Connection
from connectors.registry import provider_named
from connectors.services.links import link_for
from connectors.types import ProviderError
from tenants.lib import loop
from tickets.models import Message, Ticket

log = structlog.get_logger(__name__)


def show_typing(ticket_id: int) -> None:
    """In a conversation that somebody has: who only writes into a waiting one has not promised an answer.

    The Cloud API shows the sign for 25 seconds at most, beside the customer's last message, which it marks as read.
    https://developers.facebook.com/docs/whatsapp/cloud-api/typing-indicators
    """
    ticket = Ticket.objects.select_related("connection").filter(pk=ticket_id, status=Ticket.Status.OPEN).first()
    if ticket is None or ticket.connection.state != Connection.State.CONNECTED:
        return
    provider = provider_named(ticket.connection.provider)
    if not provider.capabilities.shows_typing:
        return
    said = Message.objects.filter(ticket=ticket, direction=Message.Direction.IN).exclude(external_id="")
    last = said.order_by("-occurred_at", "-id").values_list("external_id", flat=True).first()
    if not last:
        return
    try:
        loop.run(provider.mark_read(link_for(ticket.connection), last, is_typing=True))
    except ProviderError as error:
        log.info("typing_not_shown", ticket_id=ticket_id, code=error.code)
