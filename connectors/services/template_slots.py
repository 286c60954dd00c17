"""The places of a template that want a value, and how they are called everywhere: `1` or `customer` (the body's own names), `header.1`,
`header.image`, `header.video`, `header.document`, and `button.0` (the end of a link, by the button's place)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.types import Media, MessageKind

VARIABLE = re.compile(r"\{\{\s*([^{}|]+?)\s*\}\}")
MEDIA_HEADERS = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document"}
MISSING = "template_variable_missing"  # the one code of a slot without a value
# https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/components
LONGEST_VALUES = {"header": 60, "body": 1024, "button": 2000}

Components = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Slot:
    """`name`: of a named parameter; `media`: image, video or document."""

    key: str
    name: str = ""
    media: str = ""
    longest: int = 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A component of the call: what it says of itself, and the slots of its parameters."""

    head: Mapping[str, Any]
    slots: tuple[Slot, ...]


def parts_of(components: Components) -> list[Part]:
    """What a call of the template has to fill, in the order in which it is said."""
    return [part for component in components for part in _parts_of(component)]


def slots_of(components: Components) -> list[Slot]:
    return [slot for part in parts_of(components) for slot in part.slots]


def with_dots(components: Components, variables: Mapping[str, str]) -> dict[str, str]:
    """Values by the slots' names. The spelling of old is understood: `header_1`, `header_media`, `button_0`."""
    values = dict(variables)
    for slot in slots_of(components):
        old = "header_media" if slot.media else slot.key.replace(".", "_", 1)
        if "." in slot.key and slot.key not in values and old in values:
            values[slot.key] = values.pop(old)
    return values


def missing_slots(components: Components, variables: Mapping[str, str]) -> list[Slot]:
    """The slots that nothing was said for."""
    return [slot for slot in slots_of(components) if not str(variables.get(slot.key, "")).strip()]


def parameter_of(slot: Slot, value: str) -> dict[str, Any]:
    if slot.media:
        return {"type": slot.media, slot.media: {"link": value}}
    return {"type": "text", **({"parameter_name": slot.name} if slot.name else {}), "text": value}


def file_parameter(file: Media) -> dict[str, Any]:
    """Of a media header: the file as the gateway knows it, or where it may fetch it."""
    named = {"filename": file.filename} if file.filename and file.kind is MessageKind.DOCUMENT else {}
    return {"type": file.kind.value, file.kind.value: ({"id": file.external_id} if file.external_id else {"link": file.link}) | named}


def _parts_of(component: Mapping[str, Any]) -> list[Part]:
    kind = str(component.get("type", "")).upper()
    form = str(component.get("format", "TEXT")).upper()
    if kind == "HEADER" and form in MEDIA_HEADERS:
        media = MEDIA_HEADERS[form]
        return [Part({"type": "header"}, (Slot(f"header.{media}", media=media),))]
    if kind == "BODY" or (kind == "HEADER" and form == "TEXT"):
        slots = _text_slots(str(component.get("text", "")), kind.lower())
        return [Part({"type": kind.lower()}, slots)] if slots else []
    if kind == "BUTTONS":
        links = [place for place, button in enumerate(component.get("buttons", [])) if VARIABLE.search(str(button.get("url", "")))]
        return [
            Part(
                {"type": "button", "sub_type": "url", "index": str(place)},
                (Slot(f"button.{place}", longest=LONGEST_VALUES["button"]),),
            )
            for place in links
        ]
    return []


def _text_slots(text: str, kind: str) -> tuple[Slot, ...]:
    """Positional parameters go by their number, whatever the order in the text; named ones as they come."""
    names = sorted(dict.fromkeys(VARIABLE.findall(text)), key=lambda name: (0, int(name)) if name.isdigit() else (1, 0))
    prefix = "header." if kind == "header" else ""
    return tuple(Slot(prefix + name, name="" if name.isdigit() else name, longest=LONGEST_VALUES[kind]) for name in names)
