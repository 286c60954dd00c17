"""What the company says. A message is stored and queued here; `tickets.delivery` sends it."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connectors.models import Connection, Template
from connectors.registry import provider_named
from connectors.types import Delivery, MessageKind
from contacts.models import Contact
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.later import later
from tickets import events, selectors, statements
from tickets.models import Message, Ticket
from tickets.services.templates import fill_template
from tickets.services.tickets import accept, require_hold, start_conversation


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template of the ticket's connection, and values for its variables."""

    template_id: int
    variables: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def send_message(
    ticket: Ticket, *, by: User, body: str = "", template: TemplateChoice | None = None, client_key: str = "", reply_to: str = ""
) -> Message:
    """Queue one message to the customer. The same `client_key` again gives the stored message. Replying to a ticket nobody has takes it.

    Refused: `ticket_closed`, `assigned_to_other`, `connection_closed`, `outside_service_window` (a template still goes), `no_address`.
    """
    locked = selectors.tickets_with_parts().select_for_update(of=("self",), no_key=True).get(pk=ticket.pk)
    if client_key:
        said = selectors.messages_with_parts().filter(ticket=locked, client_key=client_key).first()
        if said is not None:
            return said
    if locked.status == Ticket.Status.CLOSED:
        raise ApplicationError(_("This conversation is closed. Reopen it first."), code="ticket_closed", status=409)
    require_hold(locked, by=by)
    kind, text, payload = _content_of(locked, body=body, template=template)
    _refuse_unreachable(locked)
    if template is None:
        _refuse_outside_window(locked)
    if locked.assignee_id is None:
        locked = accept(locked, by=by)
    return queue_message(
        locked, kind=kind, body=text, payload=payload, origin=Message.Origin.AGENT, author=by, client_key=client_key, reply_to=reply_to
    )


@transaction.atomic
def send_to_contact(
    *, contact: Contact, connection: Connection, by: User, body: str = "", template: TemplateChoice | None = None
) -> Message:
    """Queue one message in the contact's open conversation, or in a new one that is `by`'s. All of it or nothing."""
    ticket, _is_new = start_conversation(contact=contact, connection=connection, by=by)
    return send_message(ticket, by=by, body=body, template=template)


@transaction.atomic
def retry_message(message: Message, *, by: User) -> Message:
    """Send a failed message again, or one whose fate is unknown: then the customer may get it twice, which only a person may risk.

    An unknown one keeps its key, so that gateways that know our ids drop the second and a late receipt of the first still counts.
    """
    if message.ticket_id is None:
        raise ApplicationError(_("This message belongs to a campaign. Retry it there."), code="not_failed", status=409)
    ticket = selectors.tickets_with_parts().select_for_update(of=("self",), no_key=True).get(pk=message.ticket_id)
    require_hold(ticket, by=by)
    _refuse_unreachable(ticket)
    if message.kind != MessageKind.TEMPLATE.value:
        _refuse_outside_window(ticket)
    key = message.key if message.status == Delivery.UNKNOWN else _new_key(message.pk)
    retried = Message.objects.filter(
        pk=message.pk, status__in=[Delivery.FAILED.value, Delivery.UNKNOWN.value], origin__in=[Message.Origin.AGENT, Message.Origin.SYSTEM]
    ).update(
        status=Delivery.QUEUED.value,
        key=key,
        external_id="",
        error_code="",
        error_text="",
        attempts=0,
        attempted_at=None,
        retry_at=None,
        leased_until=None,
    )
    if not retried:
        raise ApplicationError(_("Only a failed message can be sent again."), code="not_failed", status=409)
    events.messages_updated([message.pk])
    later("tickets.deliver", ticket.connection_id)
    return selectors.messages_with_parts().get(pk=message.pk)


@transaction.atomic
def queue_message(
    ticket: Ticket,
    *,
    kind: MessageKind,
    body: str,
    payload: dict[str, Any],
    origin: Message.Origin,
    author: User | None = None,
    client_key: str = "",
    reply_to: str = "",
) -> Message:
    """Store the message as the ticket's last, queued, and wake the delivery after commit. Checks nothing: `send_message` does."""
    message_id = statements.next_id("tickets_message")
    message = Message.objects.create(
        id=message_id,
        contact_id=ticket.contact_id,
        connection_id=ticket.connection_id,
        ticket=ticket,
        direction=Message.Direction.OUT,
        origin=origin,
        author=author,
        kind=kind.value,
        body=body,
        payload=payload,
        key=_new_key(message_id),
        client_key=client_key,
        reply_to=reply_to,
        status=Delivery.QUEUED.value,
    )
    ticket.last_message = message
    ticket.last_message_at = max(ticket.last_message_at, message.occurred_at)
    # A person who answers has read what was asked; a machine has not.
    ticket.unread_count = 0 if author else ticket.unread_count
    ticket.save(update_fields=["last_message", "last_message_at", "unread_count"])
    events.message_created(message, ticket)
    later("tickets.deliver", ticket.connection_id)
    return message


def _new_key(message_id: int) -> str:
    return f"m{message_id}.{secrets.token_hex(4)}"


def _content_of(ticket: Ticket, *, body: str, template: TemplateChoice | None) -> tuple[MessageKind, str, dict[str, Any]]:
    capabilities = provider_named(ticket.connection.provider).capabilities
    if template is not None:
        if not capabilities.has_templates:
            raise ApplicationError(_("This connection has no templates."), code="no_templates", field="template")
        found = Template.objects.filter(pk=template.template_id, connection_id=ticket.connection_id).first()
        if found is None:
            raise ApplicationError(_("There is no such template on this connection."), code="not_found", field="template")
        call = fill_template(found, variables=template.variables)
        content = {"id": found.pk, "name": call.name, "language": call.language, "components": list(call.components)}
        return MessageKind.TEMPLATE, call.body, {"template": content}
    if not body.strip():
        raise ApplicationError(_("Write something first."), code="required", field="body")
    if len(body) > capabilities.max_text_length:
        raise ApplicationError(
            _("The text is too long: at most %(most)s characters.") % {"most": capabilities.max_text_length},
            code="max_length",
            field="body",
        )
    return MessageKind.TEXT, body, {}


def _refuse_unreachable(ticket: Ticket) -> None:
    if not ticket.connection.can_send:
        raise ApplicationError(_("This number is not connected."), code="connection_closed", status=409)
    if ticket.contact_id not in selectors.addresses_of([ticket.contact_id]):
        raise ApplicationError(_("This contact has no number to write to."), code="no_address", status=409)


def _refuse_outside_window(ticket: Ticket) -> None:
    expires_at = selectors.window_expires_at(ticket)
    if expires_at is not None and expires_at <= now():
        raise ApplicationError(
            _("More than 24 hours have passed since the customer last wrote. Send a template."), code="outside_service_window", status=409
        )
