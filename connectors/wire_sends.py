"""A recorded send read back into an `Outgoing`: so it can be seen whether ours would have been the same (`wire_samples`)."""

from typing import Any

from connectors.types import (
    Buttons,
    Choice,
    ChoiceList,
    ContactCard,
    ContactCards,
    Content,
    Form,
    LinkButton,
    Location,
    LocationRequest,
    Media,
    MessageKind,
    Outgoing,
    Reaction,
    Section,
    TemplateCall,
    Text,
)
from tenants.lib.addresses import Address, AddressKind

Json = dict[str, Any]
MEDIA = ("image", "video", "audio", "document", "sticker")


def outgoing_from(body: Json) -> Outgoing | None:
    """None for a kind that Recado does not send (products, orders)."""
    content = _content(body)
    if content is None:
        return None
    to = Address(AddressKind.BSUID, body["recipient"]) if "recipient" in body else Address(AddressKind.PHONE, body["to"])
    return Outgoing("sample", to, content, (body.get("context") or {}).get("message_id", ""))


def _content(body: Json) -> Content | None:
    kind = body["type"]
    part = body[kind]
    if kind in MEDIA:
        return _media(kind, part)
    if kind == "text":
        return Text(part["body"], part.get("preview_url", False))
    if kind == "template":
        return TemplateCall(part["name"], part["language"]["code"], tuple(part.get("components", ())))
    if kind == "location":
        return Location(part["latitude"], part["longitude"], part.get("name", ""), part.get("address", ""))
    if kind == "contacts":
        return ContactCards(tuple(_card(card) for card in part))
    if kind == "reaction":
        return Reaction(part["message_id"], part["emoji"])
    return _interactive(part) if kind == "interactive" else None


def _media(kind: str, part: Json) -> Media:
    return Media(
        MessageKind(kind),
        link=part.get("link", ""),
        external_id=part.get("id", ""),
        caption=part.get("caption", ""),
        filename=part.get("filename", ""),
        is_voice=part.get("voice", False),
    )


def _card(card: Json) -> ContactCard:
    phones = tuple(phone["phone"] for phone in card.get("phones", ()))
    return ContactCard(card["name"]["formatted_name"], phones, card.get("org", {}).get("company", ""))


def _interactive(part: Json) -> Content | None:
    kind, body, action = part["type"], part["body"]["text"], part["action"]
    if kind not in ("button", "list", "cta_url", "location_request_message", "flow"):
        return None
    frame: Json = {"header": _header(part.get("header")), "footer": (part.get("footer") or {}).get("text", "")}
    if kind == "button":
        return Buttons(body, tuple(Choice(**button["reply"]) for button in action["buttons"]), **frame)
    if kind == "list":
        sections = tuple(Section(tuple(Choice(**row) for row in one["rows"]), one.get("title", "")) for one in action["sections"])
        return ChoiceList(body, action["button"], sections, **frame)
    if kind == "cta_url":
        return LinkButton(body, action["parameters"]["display_text"], action["parameters"]["url"], **frame)
    if kind == "location_request_message":
        return LocationRequest(body)
    return _form(body, action["parameters"], frame)


def _header(header: Json | None) -> str | Media:
    if not header:
        return ""
    kind = header["type"]
    return header["text"] if kind == "text" else _media(kind, header[kind])


def _form(body: str, facts: Json, frame: Json) -> Form:
    opens = facts.get("flow_action_payload") or {}
    return Form(
        body,
        facts["flow_cta"],
        form_id=facts.get("flow_id", ""),
        form_name=facts.get("flow_name", ""),
        token=facts.get("flow_token", ""),
        screen=opens.get("screen", ""),
        data=opens.get("data", {}),
        asks_server=facts.get("flow_action") == "data_exchange",
        is_draft=facts.get("mode") == "draft",
        **frame,
    )
