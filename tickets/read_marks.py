"""The customer sees that their message was read, where the gateway can show it: after somebody of the company read it.

Reading is quick and often (each new message in an open conversation), telling is a call over the network: so what is told is only
the newest message, which stands for all before it, and never the same one twice.
"""

import structlog

from connectors.models import Connection
from connectors.registry import provider_named
from connectors.services.links import link_for
from connectors.types import ProviderError
from tenants.lib import loop, valkey
from tenants.lib.tenancy import current_company
from tickets.models import Message, Ticket

REMEMBERED_SECONDS = 24 * 3600

log = structlog.get_logger(__name__)


def can_show(connection: Connection) -> bool:
    return connection.state == Connection.State.CONNECTED and provider_named(connection.provider).capabilities.marks_read


def show_read(ticket_id: int) -> None:
    """Tell the gateway of the customer's newest message, unless it was told, or something new has come that nobody read."""
    ticket = Ticket.objects.select_related("connection").filter(pk=ticket_id, unread_count=0).first()
    if ticket is None or not can_show(ticket.connection):
        return
    said = Message.objects.filter(ticket=ticket, direction=Message.Direction.IN).exclude(external_id="")
    last = said.order_by("-occurred_at", "-id").values_list("external_id", flat=True).first()
    if not last or not _is_news(ticket_id, last):
        return
    try:
        loop.run(provider_named(ticket.connection.provider).mark_read(link_for(ticket.connection), last))
    except ProviderError as error:
        # Nobody waits for it, and the next message that is read stands for this one too.
        log.info("read_not_shown", ticket_id=ticket_id, code=error.code)


def _is_news(ticket_id: int, external_id: str) -> bool:
    """Whether this is not what was told last. Two workers that come at once tell it once."""
    key = f"read-mark:{current_company().pk}:{ticket_id}"
    return valkey.client().set(key, external_id, ex=REMEMBERED_SECONDS, get=True) not in (external_id, external_id.encode())
