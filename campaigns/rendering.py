"""Campaigns' texts with variables (tenants/lib/patterns.py), filled for each receiver.

A variable is a field of the contact (name, first_name, phone, email, custom.<key>) or a value given with the recipient,
which comes first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from campaigns.types import Receiver
from connectors.types import Content, TemplateCall, Text
from contacts.types import ContactWords
from tenants.lib.patterns import PLACEHOLDER, Pattern, pattern_of

_SPACES = re.compile(r"\s+")


def value_of(receiver: Receiver, name: str) -> str:
    """The variable's value for this receiver; empty when there is none."""
    given = receiver.variables.get(name)
    if given is not None and given != "":
        return str(given)
    return ContactWords(receiver.name, receiver.phone or receiver.address, receiver.email, receiver.custom).value_of(name)


def filled(pattern: Pattern, receiver: Receiver) -> str:
    """Raises MissingValue."""
    return pattern.filled(partial(value_of, receiver))


# --- the two kinds of message -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextMessage:
    pattern: Pattern
    kind: str = "text"
    payload: Mapping[str, Any] = field(default_factory=dict)

    def filled(self, receiver: Receiver) -> tuple[Content, str]:
        """What goes to the gateway, and what our own history keeps. Raises MissingValue."""
        body = filled(self.pattern, receiver)
        return Text(body), body


@dataclass(frozen=True, slots=True)
class Parameter:
    """One slot of a template's component. `name` for templates with named parameters; `media` is image, video or document."""

    pattern: Pattern
    name: str = ""
    media: str = ""

    def filled(self, receiver: Receiver) -> dict[str, Any]:
        # The Cloud API refuses parameters with line breaks, tabs or more than four spaces in a row.
        value = _SPACES.sub(" ", filled(self.pattern, receiver)).strip()
        if self.media:
            return {"type": self.media, self.media: {"link": value}}
        named = {"parameter_name": self.name} if self.name else {}
        return {"type": "text", **named, "text": value}


@dataclass(frozen=True, slots=True)
class Component:
    head: Mapping[str, Any]
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class TemplateMessage:
    name: str
    language: str
    components: tuple[Component, ...]
    body: Pattern
    kind: str = "template"

    @property
    def payload(self) -> Mapping[str, Any]:
        return {"template": {"name": self.name, "language": self.language}}

    def filled(self, receiver: Receiver) -> tuple[Content, str]:
        """What goes to the gateway, and what our own history keeps. Raises MissingValue."""
        components = tuple(
            {**component.head, "parameters": [parameter.filled(receiver) for parameter in component.parameters]}
            for component in self.components
        )
        body = filled(self.body, receiver)
        return TemplateCall(self.name, self.language, components, body), body


Message = TextMessage | TemplateMessage


def text_message(body: str) -> TextMessage:
    return TextMessage(pattern_of(body))


def template_message(*, name: str, language: str, components: list[Mapping[str, Any]], variables: Mapping[str, str]) -> TemplateMessage:
    """A template with its slots filled by `variables`: slot -> text with variables of ours, as `{"1": "{{name|there}}"}`.

    Slots are named as `template_slots` says. A slot without a line in `variables` is left empty: `missing_slots` refuses it before.
    """
    parts: list[Component] = []
    body = ""
    for component in components:
        kind = str(component.get("type", "")).upper()
        if kind == "BODY":
            body = str(component.get("text", ""))
        if kind in ("HEADER", "BODY"):
            slots = _slots_of(component)
            parameters = tuple(_parameter(slot, variables) for slot in slots)
            if parameters:
                parts.append(Component({"type": kind.lower()}, parameters))
        if kind == "BUTTONS":
            for slot in _slots_of(component):
                head = {"type": "button", "sub_type": "url", "index": slot.key.removeprefix("button.")}
                parts.append(Component(head, (_parameter(slot, variables),)))
    return TemplateMessage(name, language, tuple(parts), _with_values(body, variables))


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a template that wants a value: `key` is what `variables` calls it."""

    key: str
    name: str = ""
    media: str = ""


def template_slots(components: list[Mapping[str, Any]]) -> list[str]:
    """The slots: `1`, `2` … (or their names) of the body, `header.1`, `header.image`, `button.0` (a link's end)."""
    return [slot.key for component in components for slot in _slots_of(component)]


def missing_slots(components: list[Mapping[str, Any]], variables: Mapping[str, str]) -> list[str]:
    """The slots that nothing was said for."""
    return [key for key in template_slots(components) if not str(variables.get(key, "")).strip()]


def _slots_of(component: Mapping[str, Any]) -> list[Slot]:
    kind = str(component.get("type", "")).upper()
    form = str(component.get("format", "TEXT")).upper()
    if kind == "HEADER" and form in ("IMAGE", "VIDEO", "DOCUMENT"):
        return [Slot(f"header.{form.lower()}", media=form.lower())]
    if kind in ("HEADER", "BODY"):
        prefix = "header." if kind == "HEADER" else ""
        names = dict.fromkeys(found[1] for found in PLACEHOLDER.finditer(str(component.get("text", ""))))
        return [Slot(prefix + name, name="" if name.isdigit() else name) for name in sorted(names, key=_slot_order)]
    if kind == "BUTTONS":
        buttons = component.get("buttons", [])
        return [Slot(f"button.{index}") for index, button in enumerate(buttons) if "{{" in str(button.get("url", ""))]
    return []


def _slot_order(name: str) -> tuple[int, int]:
    """Positional parameters go by their number, whatever the order in the text; named ones as they come."""
    return (0, int(name)) if name.isdigit() else (1, 0)


def _parameter(slot: Slot, variables: Mapping[str, str]) -> Parameter:
    return Parameter(pattern_of(str(variables.get(slot.key, ""))), slot.name, slot.media)


def _with_values(body: str, variables: Mapping[str, str]) -> Pattern:
    """The body's text with our variables in place of the template's, for the history."""
    return pattern_of(PLACEHOLDER.sub(lambda found: str(variables.get(found[1], "")), body))
