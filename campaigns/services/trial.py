"""A test send: one message as a recipient would get it, to a number of one's own. It counts nowhere."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.auditing import record
from campaigns.models import Campaign
from campaigns.services.contents import files_of, messages_of, problems_of, variants_of
from campaigns.types import Receiver
from connectors.registry import provider_named
from connectors.types import MessageKind, ProviderError, TemplateCall
from contacts.models import Contact
from contacts.services.contacts import contact_by_number
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.patterns import MissingValue
from tickets.models import Message, Ticket
from tickets.selectors import SERVICE_WINDOW
from tickets.services.messages import queue_beside


@transaction.atomic
def send_test(campaign: Campaign, *, by: User, number: str, variant: int = 0, like: Contact | None = None) -> Message:
    """Queue the campaign's message (or that of one of its variants) to `number`, through the road of every message.

    `like`: the contact whose values fill it; else whoever has the number. The stored message says `is_test`, and no counter knows it.
    Refused: what a start is refused for, `does_not_exist` (no such variant), `missing_value`, `outside_service_window`.
    """
    _refuse_unsendable(campaign)
    messages = messages_of(campaign, campaign.connection)
    if variant >= len(messages):
        raise ApplicationError(_("There is no such variant."), code="does_not_exist", field="variant")
    to = contact_by_number(number=number, by=by)
    if campaign.template_id is None:
        _refuse_outside_window(campaign, to)
    person = like or to
    try:
        content, body = messages[variant].filled(_receiver(person, to))
    except MissingValue as missing:
        words = _("{{%(name)s}} has no value for this contact, and nothing stands there without one.") % {"name": str(missing)}
        raise ApplicationError(words, code="missing_value", field="contact" if like else "number") from missing
    except ProviderError as error:
        raise ApplicationError(error.message, code=error.code, field="variants") from error
    payload: dict[str, object] = {"is_test": True}
    if isinstance(content, TemplateCall):
        payload["template"] = {"name": content.name, "language": content.language, "components": list(content.components)}
    record("campaign.tested", campaign, by=by, number=number)
    files = {file.pk: file for file in files_of(campaign)}
    return queue_beside(
        contact=to,
        connection=campaign.connection,
        kind=MessageKind(messages[variant].kind),
        body=body,
        payload=payload,
        media=files.get(messages[variant].media_id or 0),
        origin=Message.Origin.CAMPAIGN,
        origin_id=campaign.pk,
        author=by,
    )


def _receiver(person: Contact, to: Contact) -> Receiver:
    return Receiver(0, to.pk, "phone", to.phone, {}, 1, person.name, person.phone, person.email, person.custom)


def _refuse_unsendable(campaign: Campaign) -> None:
    if not campaign.connection.can_send:
        words = _("The connection “%(name)s” is not connected.") % {"name": campaign.connection.name}
        raise ApplicationError(words, code="connection_closed", field="connection")
    for problem in problems_of(campaign, variants_of(campaign)):
        # A value that comes with the recipients is not there yet: whoever tests sees it missing by name.
        if problem.code != "variable_without_value":
            raise problem


def _refuse_outside_window(campaign: Campaign, to: Contact) -> None:
    if not provider_named(campaign.connection.provider).capabilities.has_service_window:
        return
    since = now() - SERVICE_WINDOW
    if not Ticket.objects.filter(contact=to, connection=campaign.connection, last_inbound_at__gt=since).exists():
        words = _("This number has not written to the connection within 24 hours. Write to it first from that phone, or use a template.")
        raise ApplicationError(words, code="outside_service_window", field="number", status=409)
