"""Is this message as Meta documents it? One check for each type; what belongs to interactive and template messages is next door.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from connectors.emulators.cloud.fields import Decimal, Flag, Part, Text, check
from connectors.emulators.cloud.interactive import check_interactive
from connectors.emulators.cloud.refusals import Refusal, bad_value, invalid, missing
from connectors.emulators.cloud.world import Number, World

Json = dict[str, Any]
MEDIA = ("image", "video", "audio", "document", "sticker")
TYPES = ("audio", "contacts", "document", "image", "interactive", "location", "reaction", "sticker", "template", "text", "video")
COMMON = frozenset(
    {"messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data", "recipient_identity_key_hash"}
)
LONGEST_TRACKER = 512
LINK = Text(2048, is_required=False)
MIME_OF: dict[str, tuple[str, ...]] = {
    "image": ("image/jpeg", "image/png"),
    "video": ("video/mp4", "video/3gpp"),
    "audio": ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"),
    "sticker": ("image/webp",),
}
_NOT_DIGITS = re.compile(r"[\s()+.\-]")


def check_message(world: World, number: Number, document: Json) -> None:
    """Raises the Refusal that Meta would answer with."""
    kind = document.get("type", "text")
    if kind not in TYPES:
        choices = ", ".join(name.upper() for name in TYPES)
        raise invalid(f'Param type must be one of {{{choices}}} - got "{kind}".')
    for key in document:
        if key not in COMMON and key != kind:
            raise invalid(f'Unexpected key "{key}" on param "message".')
    if document.get("recipient_type", "individual") not in ("individual", "group"):
        raise invalid(f'Param recipient_type must be one of {{INDIVIDUAL, GROUP}} - got "{document["recipient_type"]}".')
    tracker = document.get("biz_opaque_callback_data")
    if tracker is not None:
        Text(LONGEST_TRACKER).check(tracker, "biz_opaque_callback_data")
    if "context" in document:
        Part().check(document["context"], "context")
        check(document["context"], {"message_id": Text(is_required=True)}, "context")
    if kind not in document:
        raise missing(f"The parameter {kind} is required for a message of the type {kind}.")
    CHECKS[kind](world, number, document[kind])


def dialled(document: Json) -> str:
    """The digits in `to`, however they were written."""
    to = document.get("to")
    if not isinstance(to, str) or not to.strip():
        raise invalid("The parameter to is required.")
    digits = _NOT_DIGITS.sub("", to)
    if not digits.isdecimal() or not digits.isascii() or not 5 <= len(digits) <= 15:
        raise bad_value("Recipient phone number is not valid")
    return digits


def _text(world: World, number: Number, part: Any) -> None:
    Part().check(part, "text")
    check(part, {"body": Text(4096, is_required=True), "preview_url": Flag()}, "text")


def _media(kind: str) -> Callable[[World, Number, Any], None]:
    rules: dict[str, Any] = {"id": Text(), "link": LINK, "provider": Text()}
    if kind not in ("audio", "sticker"):
        rules["caption"] = Text(1024, least=0)
    if kind == "document":
        rules["filename"] = Text(240, least=0)
    if kind == "audio":
        rules["voice"] = Flag()

    def check_media(world: World, number: Number, part: Any) -> None:
        Part().check(part, kind)
        check(part, rules, kind)
        check_source(world, number, part, kind)

    return check_media


def check_source(world: World, number: Number, part: Json, kind: str) -> None:
    """A file by id, which must be one that this number uploaded (and of the right type), or by link."""
    if ("id" in part) == ("link" in part):
        raise Refusal(100, message="Either one of media ID or link must be present", subcode=2494009)
    if "link" in part:
        address = urlsplit(part["link"])
        if address.scheme not in ("http", "https") or not address.hostname:
            raise invalid(f"Param {kind}['link'] is not a valid URI.")
        return
    file = world.files.get(part["id"])
    if file is None or file.uploaded_by != number.id:
        raise invalid(f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID")
    allowed = MIME_OF.get(kind)
    if allowed and file.mime_type.partition(";")[0].strip() not in allowed:
        raise Refusal(131053, f"Media file type is not supported for {kind}: {file.mime_type}")


def _location(world: World, number: Number, part: Any) -> None:
    Part().check(part, "location")
    names = {"name": Text(1000, least=0), "address": Text(1000, least=0)}
    check(part, {"latitude": Decimal(-90, 90), "longitude": Decimal(-180, 180), **names}, "location")


CARD = frozenset({"name", "phones", "emails", "urls", "addresses", "org", "birthday"})
CARD_NAMES = frozenset({"formatted_name", "first_name", "last_name", "middle_name", "suffix", "prefix"})


def _contacts(world: World, number: Number, part: Any) -> None:
    if not isinstance(part, list) or not part:
        raise invalid("Param contacts must be a non-empty array.")
    if len(part) > 257:
        raise bad_value("Too many contacts in one message.")
    for place, card in enumerate(part):
        where = f"contacts[{place}]"
        if not isinstance(card, dict) or set(card) - CARD:
            raise invalid(f"Param {where} has unexpected keys.")
        name = card.get("name")
        if not isinstance(name, dict) or not name.get("formatted_name"):
            raise missing(f"{where}['name']['formatted_name'] is required.")
        if set(name) - CARD_NAMES:
            raise invalid(f"Param {where}['name'] has unexpected keys.")
        if not any(name.get(key) for key in CARD_NAMES - {"formatted_name"}):
            raise missing(f"{where}['name'] needs at least one more of its parts beside formatted_name.")
        for key in ("phones", "emails", "urls", "addresses"):
            items = card.get(key, [])
            if not isinstance(items, list) or any(not isinstance(item, dict) for item in items):
                raise invalid(f"Param {where}['{key}'] must be an array of JSON objects.")
        birthday = card.get("birthday")
        if birthday is not None and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(birthday)):
            raise bad_value(f"{where}['birthday'] must be YYYY-MM-DD.")


def _reaction(world: World, number: Number, part: Any) -> None:
    Part().check(part, "reaction")
    check(part, {"message_id": Text(is_required=True), "emoji": Text(40, least=0, is_required=True)}, "reaction")
    emoji = part["emoji"]
    if emoji and any(letter.isascii() and letter.isalnum() and len(emoji) == 1 for letter in emoji):
        raise bad_value("The reaction must be one emoji.")


def _template(world: World, number: Number, part: Any) -> None:
    """Its own module looks at it where the account's templates are known."""
    Part().check(part, "template")


def _interactive(world: World, number: Number, part: Any) -> None:
    Part().check(part, "interactive")
    check_interactive(part, lambda media, kind: check_source(world, number, media, kind))


CHECKS: dict[str, Callable[[World, Number, Any], None]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "template": _template,
    **{kind: _media(kind) for kind in MEDIA},
}
