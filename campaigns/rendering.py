"""Campaigns' texts with variables (tenants/lib/patterns.py), filled for each receiver.

A variable is a field of the contact (name, first_name, phone, email, custom.<key>) or a value given with the recipient,
which comes first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from campaigns.types import Receiver
from connectors.services.template_slots import VARIABLE, Components, Slot, file_parameter, parameter_of, parts_of, with_dots
from connectors.types import Content, Media, Policy, ProviderError, TemplateCall, Text
from contacts.types import ContactWords
from tenants.lib.patterns import Pattern, pattern_of

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


# --- the kinds of message --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextMessage:
    pattern: Pattern
    kind: str = "text"
    media_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)

    def filled(self, receiver: Receiver) -> tuple[Content, str]:
        """What goes to the gateway, and what our own history keeps. Raises MissingValue."""
        body = filled(self.pattern, receiver)
        return Text(body), body


@dataclass(frozen=True, slots=True)
class MediaMessage:
    """A file, ready for the gateway, with a text beside it."""

    file: Media
    media_id: int
    pattern: Pattern
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.file.kind.value

    def filled(self, receiver: Receiver) -> tuple[Content, str]:
        """What goes to the gateway, and what our own history keeps. Raises MissingValue."""
        caption = filled(self.pattern, receiver)
        return replace(self.file, caption=caption), caption


@dataclass(frozen=True, slots=True)
class ImpossibleMessage:
    """What cannot be sent to anybody: its file is gone, or the gateway does not take it."""

    kind: str
    media_id: int | None
    code: str
    words: str
    payload: Mapping[str, Any] = field(default_factory=dict)

    def filled(self, receiver: Receiver) -> tuple[Content, str]:
        raise ProviderError(self.code, self.words, Policy.PERMANENT)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One slot of a template's component, and what stands in it: a text of ours, or a file."""

    slot: Slot
    pattern: Pattern
    file: Media | None = None

    def filled(self, receiver: Receiver) -> dict[str, Any]:
        if self.file is not None:
            return file_parameter(self.file)
        # The Cloud API refuses parameters with line breaks, tabs or more than four spaces in a row.
        return parameter_of(self.slot, _SPACES.sub(" ", filled(self.pattern, receiver)).strip())


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
    media_id: int | None = None  # of its header's file
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


Message = TextMessage | MediaMessage | TemplateMessage | ImpossibleMessage


def text_message(body: str) -> TextMessage:
    return TextMessage(pattern_of(body))


def media_message(file: Media, *, media_id: int, caption: str) -> MediaMessage:
    return MediaMessage(file, media_id, pattern_of(caption))


def template_message(
    *,
    name: str,
    language: str,
    components: Components,
    variables: Mapping[str, str],
    header: Media | None = None,
    media_id: int | None = None,
) -> TemplateMessage:
    """A template with its slots filled by `variables`: slot -> text with variables of ours, as `{"1": "{{name|there}}"}`.

    Slots are named as connectors/services/template_slots.py says. A slot without a line in `variables` is left empty: `missing_slots`
    refuses it before. `header`: the file of a media header, instead of a link among the variables; `media_id`: the same in our history.
    """
    values = with_dots(components, variables)
    parts = tuple(
        Component(
            part.head,
            tuple(Parameter(slot, pattern_of(str(values.get(slot.key, ""))), header if slot.media else None) for slot in part.slots),
        )
        for part in parts_of(components)
    )
    body = next((str(part.get("text", "")) for part in components if str(part.get("type", "")).upper() == "BODY"), "")
    # The body's text with our variables in place of the template's, for the history.
    words = pattern_of(VARIABLE.sub(lambda found: str(values.get(found[1], "")), body))
    return TemplateMessage(name, language, parts, words, media_id if header is not None else None)
