"""What Meta wants of a template that is created or edited. Each refusal has Meta's subcode.

https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/components
"""

import re
from typing import Any

from connectors.emulators.cloud.media import is_handle
from connectors.emulators.cloud.refusals import Refusal, invalid
from connectors.emulators.cloud.template_calls import VARIABLE
from connectors.emulators.cloud.world import World

Json = dict[str, Any]
FORMATS = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION")
KINDS = ("HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER")
BUTTONS = ("QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE", "FLOW", "OTP", "CATALOG", "MPM", "VOICE_CALL")
MOST_OF = {"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1, "FLOW": 1, "OTP": 1}
AT_EDGE = re.compile(r"^\s*\{\{[^}]*\}\}|\{\{[^}]*\}\}\s*$")
LOOSE_BRACES = re.compile(r"\{\{|\}\}")


def rule_broken(subcode: int, title: str, words: str) -> Refusal:
    return Refusal(100, message="Invalid parameter", subcode=subcode, user_title=title, user_message=words)


def check_components(world: World, components: Any, category: str, *, is_named: bool, is_card: bool = False) -> list[Json]:
    """The components in upper-case types, as Meta keeps them."""
    if not isinstance(components, list) or any(not isinstance(one, dict) for one in components) or not components:
        raise invalid("The parameter components is required.")
    kept = [one | {"type": str(one.get("type", "")).upper()} for one in components]
    kinds = [one["type"] for one in kept]
    for kind in kinds:
        if kind not in KINDS:
            raise invalid(f"Param components['type'] must be one of {{{', '.join(KINDS)}}} - got \"{kind}\".")
        if kinds.count(kind) > 1:
            raise rule_broken(2388047, "Too many components", f"There may be one {kind} only.")
    if "BODY" not in kinds and not is_card:
        raise rule_broken(2388047, "Missing body", "A template needs a component of the type BODY.")
    for one in kept:
        if one["type"] == "BODY":
            if category == "AUTHENTICATION" and "text" not in one:
                continue
            _text(one, 1024, is_named=is_named, example="body_text")
        elif one["type"] == "HEADER":
            _header(world, one, is_named=is_named)
        elif one["type"] == "FOOTER":
            _footer(one, category)
        elif one["type"] == "BUTTONS":
            _buttons(one)
        elif one["type"] == "CAROUSEL":
            _carousel(world, one, category, is_named=is_named)
    return kept


def _text(component: Json, most: int, *, is_named: bool, example: str) -> None:
    text = component.get("text")
    if not isinstance(text, str) or not text.strip():
        raise rule_broken(2388047, "Missing text", f"The {component['type']} needs a text.")
    if len(text) > most:
        raise rule_broken(2388040, "Text is too long", f"The {component['type']} may have {most} characters, it has {len(text)}.")
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    if LOOSE_BRACES.search(VARIABLE.sub("", text)):
        raise rule_broken(2388073, "Parameters are malformed", "Variables are written as {{1}} or {{name}}.")
    if not names:
        return
    is_right = (
        all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names) if is_named else names == [str(n + 1) for n in range(len(names))]
    )
    if not is_right:
        words = "Variables are {{names}} of lower-case letters." if is_named else "Variables are {{1}}, {{2}}, … in their order."
        raise rule_broken(2388073, "Parameters are malformed", words)
    if component["type"] == "BODY":
        if AT_EDGE.search(text):
            raise rule_broken(2388299, "Variable at the edge", "Variables can't be at the start or end of the template.")
        words_left = len(VARIABLE.sub(" ", text).split())
        if words_left < 2 * len(names) + 1:
            raise rule_broken(2388293, "Too many variables", "This template has too many variables for its length.")
    given = component.get("example")
    named = f"{example}_named_params" if is_named else example
    examples = given.get(named) if isinstance(given, dict) else None
    if example == "body_text" and not is_named and isinstance(examples, list) and examples and isinstance(examples[0], list):
        examples = examples[0]
    if not isinstance(examples, list) or len(examples) != len(names):
        raise rule_broken(
            2388043, "Missing sample values", f"Give an example for each of the {len(names)} variables of the {component['type']}."
        )


def _header(world: World, component: Json, *, is_named: bool) -> None:
    form = str(component.get("format", "")).upper()
    if form not in FORMATS:
        raise invalid(f"Param components['format'] must be one of {{{', '.join(FORMATS)}}} - got \"{form}\".")
    component["format"] = form
    if form == "TEXT":
        _text(component, 60, is_named=is_named, example="header_text")
        if len(set(VARIABLE.findall(component["text"]))) > 1:
            raise rule_broken(2388047, "Too many variables", "A header has at most one variable.")
        return
    if form == "LOCATION":
        return
    handles = (component.get("example") or {}).get("header_handle")
    if not isinstance(handles, list) or not handles or not is_handle(world, handles[0]):
        raise rule_broken(
            2388273, "Missing sample file", f"A header of the type {form} needs example.header_handle from the resumable upload."
        )


def _footer(component: Json, category: str) -> None:
    text = component.get("text")
    if category == "AUTHENTICATION" and text is None:
        return
    if not isinstance(text, str) or not text.strip() or len(text) > 60:
        raise rule_broken(2388040, "Footer is too long", "A footer has 1 to 60 characters.")
    if VARIABLE.search(text):
        raise rule_broken(2388072, "Variable in the footer", "A footer has no variables.")


def _buttons(component: Json) -> None:
    buttons = component.get("buttons")
    if not isinstance(buttons, list) or not buttons or any(not isinstance(one, dict) for one in buttons):
        raise invalid("The parameter buttons is required.")
    if len(buttons) > 10:
        raise rule_broken(2388047, "Too many buttons", "At most ten buttons are allowed.")
    kinds = []
    for button in buttons:
        kind = button["type"] = str(button.get("type", "")).upper()
        kinds.append(kind)
        if kind not in BUTTONS:
            raise invalid(f"Param buttons['type'] must be one of {{{', '.join(BUTTONS)}}} - got \"{kind}\".")
        text = button.get("text")
        if kind not in ("COPY_CODE", "OTP") and (not isinstance(text, str) or not 1 <= len(text) <= 25):
            raise rule_broken(2388040, "Button text is too long", "The text of a button has 1 to 25 characters.")
        if kind == "URL" and not str(button.get("url", "")).startswith(("http://", "https://")):
            raise rule_broken(2388047, "Invalid address", "The url of a button begins with https://.")
        if kind == "URL" and VARIABLE.search(button["url"]) and not button.get("example"):
            raise rule_broken(2388043, "Missing sample values", "A url with a variable needs an example.")
        if kind == "PHONE_NUMBER" and not str(button.get("phone_number", "")).removeprefix("+").isdecimal():
            raise rule_broken(2388047, "Invalid phone number", "phone_number is a number with its country code.")
    for kind, most in MOST_OF.items():
        if kinds.count(kind) > most:
            raise rule_broken(2388047, "Too many buttons", f"At most {most} of the type {kind}.")
    replies = [kind == "QUICK_REPLY" for kind in kinds]
    if sum(first != second for first, second in zip(replies, replies[1:], strict=False)) > 1:
        raise rule_broken(2388047, "Buttons are mixed", "Quick replies stand together, before or after the other buttons.")


def _carousel(world: World, component: Json, category: str, *, is_named: bool) -> None:
    cards = component.get("cards")
    if not isinstance(cards, list) or not 2 <= len(cards) <= 10:
        raise rule_broken(2388047, "Wrong number of cards", "A carousel has 2 to 10 cards.")
    for card in cards:
        parts = card.get("components") if isinstance(card, dict) else None
        card["components"] = check_components(world, parts, category, is_named=is_named, is_card=True)
