"""Emojis that people of the company put on messages. One goes out as a message of its own, and is shown at the one it is about."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connectors.registry import provider_named
from connectors.types import Delivery, MessageKind
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.later import later
from tickets import events, selectors, statements
from tickets.models import Message, Ticket
from tickets.services.messages import new_key, refuse_outside_window, refuse_unreachable
from tickets.services.tickets import require_hold


@transaction.atomic
def react(message: Message, *, emoji: str, by: User) -> Message:
    """Queue the reaction, and show it; an empty emoji takes it back. Returns the message it is about.

    Refused: `not_reactable` (a note, or what the gateway has not taken yet), `kind_unsupported`, and what refuses any message.
    """
    if message.ticket_id is None or not message.external_id or message.kind == MessageKind.NOTE:
        raise ApplicationError(_("One cannot react to this message."), code="not_reactable", status=409)
    ticket = selectors.tickets_with_parts().select_for_update(of=("self",), no_key=True).get(pk=message.ticket_id)
    if ticket.status == Ticket.Status.CLOSED:
        raise ApplicationError(_("This conversation is closed. Reopen it first."), code="ticket_closed", status=409)
    if MessageKind.REACTION not in provider_named(ticket.connection.provider).capabilities.kinds:
        raise ApplicationError(_("This connection cannot send this kind of message."), code="kind_unsupported", status=409)
    require_hold(ticket, by=by)
    refuse_unreachable(ticket)
    refuse_outside_window(ticket)
    message_id = statements.next_id("tickets_message")
    Message.objects.create(
        id=message_id,
        contact_id=ticket.contact_id,
        connection_id=ticket.connection_id,
        ticket=ticket,
        direction=Message.Direction.OUT,
        origin=Message.Origin.AGENT,
        author=by,
        kind=MessageKind.REACTION.value,
        body=emoji,
        payload={"target": message.pk, "target_id": message.external_id, "emoji": emoji},
        key=new_key(message_id),
        status=Delivery.QUEUED.value,
    )
    _show(message.pk, emoji=emoji)
    later("tickets.deliver", ticket.connection_id)
    return selectors.messages_with_parts().get(pk=message.pk)


def take_back_failed(message_ids: Sequence[int]) -> None:
    """Reactions among these messages that did not arrive are not shown any more. Runs in the caller's transaction."""
    failed = Message.objects.filter(
        pk__in=message_ids, kind=MessageKind.REACTION.value, direction=Message.Direction.OUT, status=Delivery.FAILED.value
    )
    for payload, words in failed.order_by("pk").values_list("payload", "error_text"):
        _show(payload["target"], emoji="", error=words)


def _show(message_id: int, *, emoji: str, error: str = "") -> None:
    target = Message.objects.select_for_update(no_key=True).filter(pk=message_id).first()
    if target is None:
        return
    shown = {"emoji": emoji, "at": now().isoformat()} | ({"error": error} if error else {})
    target.payload.setdefault("reactions", {})["out"] = shown
    target.save(update_fields=["payload"])
    events.messages_updated([message_id])
