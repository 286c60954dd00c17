"""What can be tapped, as it is stored in a message's payload, and as it is sent: by the gateway's own means, or as numbered text."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from connectors.services.downgrading import choice_answered, fitted
from connectors.types import (
    Buttons,
    Capabilities,
    Choice,
    ChoiceList,
    Content,
    Form,
    Interactive,
    InteractiveKind,
    LinkButton,
    LocationRequest,
    Media,
    Section,
    Text,
)

# In the payload of a message to a customer: what was offered; in that of the answer: what was chosen.
ASKED, CHOICES, CHOSEN = "asked", "choices", "chosen"


def interactive_of(asked: Mapping[str, Any], header: Media | None = None) -> Interactive:
    """From what `InteractiveSerializer` read, or from what was stored. `header`: the file that stands above the text."""
    frame: dict[str, Any] = {"body": asked["body"], "footer": asked.get("footer", ""), "header": header or asked.get("header", "")}
    match asked["kind"]:
        case InteractiveKind.BUTTONS:
            return Buttons(choices=tuple(map(_choice, asked["choices"])), **frame)
        case InteractiveKind.LIST:
            sections = tuple(Section(tuple(map(_choice, part["choices"])), part.get("title", "")) for part in asked["sections"])
            return ChoiceList(button=asked["button"], sections=sections, **frame | {"header": asked.get("header", "")})
        case InteractiveKind.LINK:
            return LinkButton(label=asked["button"], url=asked["url"], **frame)
        case InteractiveKind.LOCATION_REQUEST:
            return LocationRequest(body=asked["body"])
        case InteractiveKind.FORM:
            named = {name: asked[name] for name in ("form_id", "form_name", "token", "screen", "data") if asked.get(name)}
            return Form(label=asked["button"], **named, **frame)
    raise ValueError(f"There is no interactive message {asked['kind']!r}.")


def payload_of(asked: Mapping[str, Any], capabilities: Capabilities) -> tuple[str, dict[str, Any]]:
    """The text that the customer reads, and the payload. Raises ProviderError for what cannot be said in words."""
    content = interactive_of(asked)
    fit = fitted(content, capabilities)
    payload: dict[str, Any] = {ASKED: dict(asked)}
    if not fit.is_downgraded:
        return content.body, payload
    assert isinstance(fit.content, Text)
    payload["is_downgraded"] = True
    if fit.choices:
        payload[CHOICES] = [asdict(choice) for choice in fit.choices]
    return fit.content.body, payload


def sent_as(asked: Mapping[str, Any], capabilities: Capabilities, header: Media | None) -> Content:
    """What goes to the gateway now. A file above a text that stands in for buttons carries the text as its caption."""
    fit = fitted(interactive_of(asked, header), capabilities)
    if fit.before is not None and isinstance(fit.content, Text):
        return replace(fit.before, caption=fit.content.body)
    return fit.content


def chosen_of(asked: Mapping[str, Any], body: str) -> dict[str, str] | None:
    """What somebody meant who answered the numbered text of this payload; None when it is no answer to it."""
    choices = tuple(Choice(choice["id"], choice["title"], choice.get("description", "")) for choice in asked.get(CHOICES, ()))
    choice = choice_answered(choices, body) if choices else None
    return {"id": choice.id, "title": choice.title} if choice else None


def _choice(said: Mapping[str, Any]) -> Choice:
    return Choice(said["id"], said["title"], said.get("description", ""))
