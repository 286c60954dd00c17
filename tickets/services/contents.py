"""What a message may consist of, held against what the connection's gateway can carry."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from connectors.models import Media, Template
from connectors.registry import provider_named
from connectors.types import Capabilities, ContactCard, ContactCards, InteractiveKind, Location, MessageKind, ProviderError
from tenants.lib.addresses import canonical_phone
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tickets.models import Ticket
from tickets.services.interactive import payload_of
from tickets.services.templates import fill_template

# https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages#media-object
LONGEST_CAPTION = 1024
WITHOUT_CAPTION = frozenset({MessageKind.AUDIO, MessageKind.STICKER})


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template of the ticket's connection, values for its variables, and the file of its header."""

    template_id: int
    variables: dict[str, str] = field(default_factory=dict)
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file, as what it goes (empty: as itself). The text of the message is its caption."""

    media: Media
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """Something to tap, as `InteractiveSerializer` reads it; `media` stands above the text."""

    asked: dict[str, Any]
    media: Media | None = None


Said = TemplateChoice | Attachment | Location | ContactCards | Asking
HEADER_KINDS = frozenset({Media.Kind.IMAGE, Media.Kind.VIDEO, Media.Kind.DOCUMENT})


@dataclass(frozen=True, slots=True)
class Composed:
    """A message as it is stored."""

    kind: MessageKind
    body: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    media: Media | None = None


def compose(ticket: Ticket, *, body: str, said: Said | None) -> Composed:
    """Raises ApplicationError for what cannot go out through the ticket's connection; nothing is left out silently."""
    capabilities = provider_named(ticket.connection.provider).capabilities
    if isinstance(said, TemplateChoice):
        return _template(ticket, said, capabilities)
    if isinstance(said, Asking):
        return _asking(said, capabilities)
    if isinstance(said, Attachment):
        return _file(said, body, capabilities)
    if isinstance(said, Location):
        _refuse_unsupported(MessageKind.LOCATION, capabilities, field="location")
        words = ", ".join(filter(None, (said.name, said.address))) or f"{said.latitude}, {said.longitude}"
        return Composed(MessageKind.LOCATION, words, {"location": asdict(said)})
    if isinstance(said, ContactCards):
        _refuse_unsupported(MessageKind.CONTACTS, capabilities, field="contacts")
        cards = [_card(card) for card in said.cards]
        return Composed(MessageKind.CONTACTS, ", ".join(card.name for card in said.cards), {"contacts": cards})
    if not body.strip():
        raise ApplicationError(_("Write something first."), code="required", field="body")
    _refuse_long(body, capabilities.max_text_length, field="body")
    return Composed(MessageKind.TEXT, body)


def cards_of(payload: dict[str, Any]) -> ContactCards:
    """The cards that `compose` wrote down."""
    return ContactCards(
        tuple(
            ContactCard(
                name=card["name"]["formatted_name"],
                phones=tuple(phone["phone"] for phone in card["phones"]),
                company=card.get("org", {}).get("company", ""),
            )
            for card in payload["contacts"]
        )
    )


def _template(ticket: Ticket, choice: TemplateChoice, capabilities: Capabilities) -> Composed:
    if not capabilities.has_templates:
        raise ApplicationError(_("This connection has no templates."), code="no_templates", field="template")
    found = Template.objects.filter(pk=choice.template_id, connection_id=ticket.connection_id).first()
    if found is None:
        raise ApplicationError(_("There is no such template on this connection."), code="not_found", field="template")
    _refuse_unready(choice.media)
    call = fill_template(found, variables=choice.variables, header=choice.media)
    content = {"id": found.pk, "name": call.name, "language": call.language, "components": list(call.components)}
    return Composed(MessageKind.TEMPLATE, call.body, {"template": content}, choice.media)


def _refuse_unready(media: Media | None) -> None:
    if media is not None and media.state != Media.State.READY:
        raise ApplicationError(_("This file is not here yet."), code="media_not_ready", status=409)


def _asking(asking: Asking, capabilities: Capabilities) -> Composed:
    try:
        body, payload = payload_of(asking.asked, capabilities)
    except ProviderError as error:
        raise ApplicationError(error.message, code="kind_unsupported", field="interactive") from error
    _refuse_unready(asking.media)
    if asking.media is not None:
        if asking.media.kind not in HEADER_KINDS or asking.asked["kind"] in (InteractiveKind.LIST, InteractiveKind.LOCATION_REQUEST):
            raise ApplicationError(_("Above such a text stands no file of this kind."), code="kind_mismatch", field="media")
    most = LONGEST_CAPTION if asking.media is not None and "is_downgraded" in payload else capabilities.max_text_length
    _refuse_long(body, most, field="interactive.body")
    return Composed(MessageKind.INTERACTIVE, body, payload, asking.media)


def _file(attachment: Attachment, body: str, capabilities: Capabilities) -> Composed:
    media = attachment.media
    _refuse_unready(media)
    possible = {media.kind, Media.Kind.DOCUMENT} | ({Media.Kind.STICKER} if media.mime_type == "image/webp" else set())
    if attachment.kind and attachment.kind not in possible:
        raise ApplicationError(_("This file cannot be sent as that."), code="kind_mismatch", field="kind")
    kind = MessageKind(attachment.kind or media.kind)
    _refuse_unsupported(kind, capabilities, field="media")
    if body.strip() and kind in WITHOUT_CAPTION:
        raise ApplicationError(_("There can be no text beside this kind of file."), code="caption_unsupported", field="caption")
    _refuse_long(body, LONGEST_CAPTION, field="caption")
    return Composed(kind, body.strip(), media=media)


def _card(card: ContactCard) -> dict[str, Any]:
    """As the cards that customers send are stored."""
    try:
        phones = [{"phone": canonical_phone(phone, region=current_company().country)} for phone in card.phones]
    except ValueError as error:
        raise ApplicationError(str(error), code="invalid_phone", field="contacts") from error
    return {"name": {"formatted_name": card.name}, "phones": phones} | ({"org": {"company": card.company}} if card.company else {})


def _refuse_unsupported(kind: MessageKind, capabilities: Capabilities, *, field: str) -> None:
    if kind not in capabilities.kinds:
        raise ApplicationError(_("This connection cannot send this kind of message."), code="kind_unsupported", field=field)


def _refuse_long(text: str, most: int, *, field: str) -> None:
    if len(text) > most:
        raise ApplicationError(_("The text is too long: at most %(most)s characters.") % {"most": most}, code="max_length", field=field)
