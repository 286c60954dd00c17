"""An `Outgoing` as the JSON that Meta documents. Pure; runs for every message, so nothing is built twice.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from connectors.providers.cloud_api import interactive
from connectors.types import (
    MEDIA_KINDS,
    Buttons,
    ChoiceList,
    ContactCard,
    ContactCards,
    Form,
    LinkButton,
    Location,
    LocationRequest,
    Media,
    Outgoing,
    Policy,
    ProviderError,
    Reaction,
    TemplateCall,
    Text,
)
from tenants.lib.addresses import AddressKind

Json = dict[str, Any]
LONGEST_OUR_ID = 512


def document_for(outgoing: Outgoing) -> Json:
    """`biz_opaque_callback_data` comes back in every status: it settles messages whose answer was lost."""
    document: Json = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "biz_opaque_callback_data": outgoing.our_id[:LONGEST_OUR_ID],
    }
    to = outgoing.to
    if to.kind is AddressKind.PHONE:
        document["to"] = to.value.lstrip("+")
    elif to.kind is AddressKind.BSUID:
        document["recipient"] = to.value
    else:
        raise ProviderError("address_unsupported", _("The Cloud API cannot write to this kind of address."), Policy.PERMANENT)
    if outgoing.reply_to:
        document["context"] = {"message_id": outgoing.reply_to}
    write = WRITERS.get(type(outgoing.content))
    if write is None:
        raise _unsupported()
    kind, part = write(outgoing.content)
    document["type"] = kind
    document[kind] = part
    return document


def mark_read_document(external_id: str, *, is_typing: bool) -> Json:
    """Marks earlier messages too. The typing sign goes when a message is sent, or after 25 seconds."""
    document: Json = {"messaging_product": "whatsapp", "status": "read", "message_id": external_id}
    return document | {"typing_indicator": {"type": "text"}} if is_typing else document


def _text(content: Text) -> tuple[str, Json]:
    return "text", {"body": content.body, "preview_url": content.preview_url}


def _template(content: TemplateCall) -> tuple[str, Json]:
    template: Json = {"name": content.name, "language": {"code": content.language}}
    if content.components:
        template["components"] = content.components
    return "template", template


def _media(content: Media) -> tuple[str, Json]:
    if content.kind not in MEDIA_KINDS or not (content.external_id or content.link):
        raise _unsupported()
    media: Json = {"id": content.external_id} if content.external_id else {"link": content.link}
    if content.caption and content.kind not in ("audio", "sticker"):
        media["caption"] = content.caption
    if content.filename and content.kind == "document":
        media["filename"] = content.filename
    if content.is_voice and content.kind == "audio":
        media["voice"] = True
    return content.kind.value, media


def _location(content: Location) -> tuple[str, Json]:
    place: Json = {"latitude": content.latitude, "longitude": content.longitude}
    words = {"name": content.name, "address": content.address}
    return "location", place | {key: said for key, said in words.items() if said}


def _contacts(content: ContactCards) -> tuple[str, list[Json]]:
    return "contacts", [_card(card) for card in content.cards]


def _card(card: ContactCard) -> Json:
    first, _space, last = card.name.partition(" ")
    name = {"formatted_name": card.name, "first_name": first} | ({"last_name": last} if last else {})
    phones = [{"phone": phone, "wa_id": phone.lstrip("+"), "type": "CELL"} for phone in card.phones]
    return {"name": name, "phones": phones} | ({"org": {"company": card.company}} if card.company else {})


def _reaction(content: Reaction) -> tuple[str, Json]:
    return "reaction", {"message_id": content.target_id, "emoji": content.emoji}


def _interactive(write: Callable[[Any], Json]) -> Callable[[Any], tuple[str, Json]]:
    return lambda content: ("interactive", write(content))


def _unsupported() -> ProviderError:
    return ProviderError("content_unsupported", _("This connection cannot send this kind of message."), Policy.PERMANENT)


WRITERS: dict[type, Callable[[Any], tuple[str, Any]]] = {
    Text: _text,
    TemplateCall: _template,
    Media: _media,
    Location: _location,
    ContactCards: _contacts,
    Reaction: _reaction,
    Buttons: _interactive(interactive.buttons),
    ChoiceList: _interactive(interactive.choice_list),
    LinkButton: _interactive(interactive.link_button),
    LocationRequest: _interactive(interactive.location_request),
    Form: _interactive(interactive.form),
}
