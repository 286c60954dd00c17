"""Message items of a webhook into `InboundMessage`. One small reader per type; a type nobody knows is kept as UNKNOWN.

Shapes: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connectors.providers.cloud_api.people import address_of, moment
from connectors.types import AddressChange, InboundMessage, MediaRef, MessageKind, Person
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.clock import now

Item = dict[str, Any]


@dataclass(slots=True)
class Content:
    """What a reader found in the part of an item that its type names."""

    kind: MessageKind
    body: str = ""
    payload: Item = field(default_factory=dict)
    media: MediaRef | None = None
    target_id: str = ""


def message_from(item: Item, person: Person, *, is_echo: bool = False) -> InboundMessage:
    """Raises KeyError, TypeError or ValueError for an item that cannot be read: the caller keeps it as an OtherEvent."""
    content = content_of(item)
    payload = content.payload
    reply_to = ""
    context = item.get("context")
    if context:
        reply_to = str(context.get("id") or "")
        if context.get("forwarded") or context.get("frequently_forwarded"):
            payload["forwarded"] = "often" if context.get("frequently_forwarded") else "once"
        if context.get("referred_product"):
            payload["product"] = context["referred_product"]
    for key in ("referral", "identity", "errors"):
        if item.get(key):
            payload[key] = item[key]
    sent_at = moment(item.get("timestamp"))
    if sent_at is None:
        payload["timestamp_unreadable"] = item.get("timestamp")
        sent_at = now()
    return InboundMessage(
        external_id=str(item["id"]),
        person=person,
        kind=content.kind,
        sent_at=sent_at,
        body=content.body,
        payload=payload,
        media=content.media,
        reply_to=reply_to,
        target_id=content.target_id,
        is_echo=is_echo or item.get("is_echo") is True,
        group_id=str(item.get("group_id") or ""),
    )


def content_of(item: Item) -> Content:
    kind = item.get("type") or next((key for key in READERS if key in item), "")
    return READERS.get(kind, _read_unknown)(item)


def address_changes(item: Item, person: Person) -> list[AddressChange]:
    """A `system` item says that a person got another number or another business-scoped id (a new number brings a new one)."""
    system = item.get("system")
    if not isinstance(system, dict):
        return []
    at = moment(item.get("timestamp")) or now()
    new = [address_of(system[key]) for key in ("wa_id", "new_wa_id") if system.get(key)]
    new += [Address(AddressKind.BSUID, str(system[key])) for key in ("user_id", "new_user_id") if system.get(key)]
    old = next(iter(person.addresses))
    return [AddressChange(old=old, new=address, at=at) for address in dict.fromkeys(new) if address not in person.addresses]


def _read_text(item: Item) -> Content:
    return Content(MessageKind.TEXT, item["text"]["body"])


def _media_reader(key: str, kind: MessageKind) -> Callable[[Item], Content]:
    def read(item: Item) -> Content:
        media = item[key]
        size = media.get("file_size")
        return Content(
            kind,
            media.get("caption") or "",
            media=MediaRef(
                external_id=str(media.get("id") or ""),
                mime_type=media.get("mime_type") or "",
                sha256=media.get("sha256") or "",
                size_bytes=int(size) if size else None,
                filename=media.get("filename") or "",
                url=media.get("url") or media.get("link") or "",
                is_voice=key == "voice" or media.get("voice") is True,
                is_animated=media.get("animated") is True,
            ),
        )

    return read


def _read_location(item: Item) -> Content:
    place = item["location"]
    words = ", ".join(place[key] for key in ("name", "address") if place.get(key))
    return Content(MessageKind.LOCATION, words or f"{place['latitude']}, {place['longitude']}", {"location": place})


def _read_contacts(item: Item) -> Content:
    cards = item["contacts"]
    names = [card.get("name", {}).get("formatted_name") or card.get("name", {}).get("first_name") or "?" for card in cards]
    return Content(MessageKind.CONTACTS, ", ".join(names), {"contacts": cards})


def _read_reaction(item: Item) -> Content:
    reaction = item["reaction"]
    emoji = reaction.get("emoji") or ""
    return Content(MessageKind.REACTION, emoji, {"emoji": emoji}, target_id=reaction["message_id"])


def _read_button(item: Item) -> Content:
    button = item["button"]
    return Content(MessageKind.BUTTON, button.get("text") or "", {"id": button.get("payload") or "", "title": button.get("text") or ""})


def _read_interactive(item: Item) -> Content:
    interactive = item.get("interactive")
    if not isinstance(interactive, dict):  # seen: the object is missing and the change carries error 131000 instead
        return Content(MessageKind.UNKNOWN, _("An answer that WhatsApp could not pass on."), {"type": "interactive"})
    kind = interactive.get("type") or ""
    reply = interactive.get(kind)
    reply = reply if isinstance(reply, dict) else {}
    payload = {"interactive": kind, **reply}
    if kind == "nfm_reply":
        answers = _answers(reply.get("response_json"))
        payload["answers"] = answers
        return Content(MessageKind.INTERACTIVE, _lines(reply.get("body"), answers), payload)
    if kind == "call_permission_reply":
        words = _("Allowed calls from you.") if reply.get("response") == "accept" else _("Did not allow calls from you.")
        return Content(MessageKind.INTERACTIVE, words, payload)
    return Content(MessageKind.INTERACTIVE, str(reply.get("title") or reply.get("name") or reply.get("body") or ""), payload)


def _answers(text: object) -> object:
    """A form's answers come as a string of JSON, by contract an object, in the wild anything."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return text


def _lines(title: object, answers: object) -> str:
    if not isinstance(answers, dict):
        return str(title or "")
    lines = [f"{key}: {value}" for key, value in answers.items() if key != "flow_token"]
    return "\n".join([*([str(title)] if title else []), *lines])


def _read_order(item: Item) -> Content:
    order = item["order"]
    products = order.get("product_items") or []
    totals: dict[str, float] = {}
    for product in products:
        currency = str(product.get("currency") or "")
        totals[currency] = totals.get(currency, 0) + float(product.get("item_price") or 0) * float(product.get("quantity") or 0)
    sums = ", ".join(f"{total:.2f} {currency}".strip() for currency, total in totals.items())
    summary = ngettext("Order of %(count)d product: %(sum)s", "Order of %(count)d products: %(sum)s", len(products)) % {
        "count": len(products),
        "sum": sums,
    }
    return Content(MessageKind.ORDER, "\n".join(filter(None, [summary, order.get("text")])), {"order": order})


def _read_system(item: Item) -> Content:
    system = item["system"]
    return Content(MessageKind.SYSTEM, system.get("body") or "", {"system": system.get("type") or "", "details": system})


def _read_welcome(item: Item) -> Content:
    return Content(MessageKind.SYSTEM, _("Opened the conversation for the first time."), {"system": "request_welcome"})


def _read_edit(item: Item) -> Content:
    edit = item["edit"]
    inner = content_of(edit["message"])
    return Content(MessageKind.EDIT, inner.body, {"edited": inner.kind.value, **inner.payload}, inner.media, edit["original_message_id"])


def _read_revoke(item: Item) -> Content:
    return Content(MessageKind.REVOKE, target_id=item["revoke"]["original_message_id"])


def _read_unknown(item: Item) -> Content:
    """Shown as what it is: something that this program, or WhatsApp's API itself, cannot show."""
    kind = str(item.get("type") or "")
    text = item.get("text")
    if isinstance(text, dict) and text.get("body"):
        return Content(MessageKind.UNKNOWN, str(text["body"]), {"type": kind, "raw": item})
    named = item.get(kind)
    if kind == "unsupported" and isinstance(named, dict) and named.get("type"):
        kind = str(named["type"])
    words = _("A message that WhatsApp does not pass on.") if item.get("type") == "unsupported" else _("A message of a kind not known yet.")
    return Content(MessageKind.UNKNOWN, words, {"type": kind, "raw": item})


READERS: dict[str, Callable[[Item], Content]] = {
    "text": _read_text,
    "image": _media_reader("image", MessageKind.IMAGE),
    "video": _media_reader("video", MessageKind.VIDEO),
    "audio": _media_reader("audio", MessageKind.AUDIO),
    "voice": _media_reader("voice", MessageKind.AUDIO),
    "document": _media_reader("document", MessageKind.DOCUMENT),
    "sticker": _media_reader("sticker", MessageKind.STICKER),
    "location": _read_location,
    "contacts": _read_contacts,
    "reaction": _read_reaction,
    "button": _read_button,
    "interactive": _read_interactive,
    "order": _read_order,
    "system": _read_system,
    "request_welcome": _read_welcome,
    "edit": _read_edit,
    "revoke": _read_revoke,
}
