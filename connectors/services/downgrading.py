"""What a gateway cannot show is said in words: buttons and lists as numbered lines, links and forms as text. Never dropped.

The answer to numbered lines comes as text; `choice_answered` finds what was meant.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from connectors.types import (
    Buttons,
    Capabilities,
    Choice,
    ChoiceList,
    Content,
    Form,
    InteractiveKind,
    LinkButton,
    LocationRequest,
    Media,
    Policy,
    ProviderError,
    Text,
)

INTERACTIVE_KINDS: dict[type, InteractiveKind] = {
    Buttons: InteractiveKind.BUTTONS,
    ChoiceList: InteractiveKind.LIST,
    LinkButton: InteractiveKind.LINK,
    LocationRequest: InteractiveKind.LOCATION_REQUEST,
    Form: InteractiveKind.FORM,
}
# "2", "2." or "option 2": a word before it at most. "I want 2 of them" is another thing.
_NUMBER = re.compile(r"(?:\w+\W+)?(\d{1,2})\W*")


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is sent instead. `choices`: what its numbered lines stand for, in their order; empty when nothing was downgraded to numbers.

    `before`: what goes ahead of it, for a picture above the text cannot stand in a text.
    """

    content: Content
    choices: tuple[Choice, ...] = ()
    before: Media | None = None
    is_downgraded: bool = False


def fitted(content: Content, capabilities: Capabilities) -> Fitted:
    """The content as this gateway can show it. ProviderError `content_unsupported` for a form, which has no words that could stand in."""
    kind = INTERACTIVE_KINDS.get(type(content))
    if kind is None or kind in capabilities.interactive:
        return Fitted(content)
    if isinstance(content, Form):
        raise ProviderError("content_unsupported", _("This connection cannot send forms."), Policy.PERMANENT)
    if isinstance(content, Buttons):
        lines = [f"{place}. {choice.title}" for place, choice in enumerate(content.choices, 1)]
        return _as_text(content.header, content.body, lines, content.footer, content.choices)
    if isinstance(content, ChoiceList):
        return _as_text(content.header, content.body, _list_lines(content), content.footer, choices_of(content))
    if isinstance(content, LinkButton):
        return _as_text(content.header, content.body, [f"{content.label}: {content.url}"], content.footer, ())
    assert isinstance(content, LocationRequest)
    return _as_text("", content.body, [_("Please send us your location.")], "", ())


def choices_of(content: Content) -> tuple[Choice, ...]:
    """What can be tapped in it, in the order that people see."""
    if isinstance(content, Buttons):
        return content.choices
    if isinstance(content, ChoiceList):
        return tuple(choice for section in content.sections for choice in section.choices)
    return ()


def choice_answered(choices: Sequence[Choice], body: str) -> Choice | None:
    """What a person meant who typed an answer: its number (`2`, `2.`, `option 2`), or its words, whatever case and accents. None when
    it is neither, or could be two of them."""
    said = _plain(body)
    by_words = [choice for choice in choices if said and _plain(choice.title) == said]
    if len(by_words) == 1:
        return by_words[0]
    number = _NUMBER.fullmatch(said)
    if number and 1 <= int(number[1]) <= len(choices):
        return choices[int(number[1]) - 1]
    begun = [choice for choice in choices if len(said) >= 3 and _plain(choice.title).startswith(said)]
    return begun[0] if len(begun) == 1 else None


def _list_lines(content: ChoiceList) -> list[str]:
    lines: list[str] = []
    place = 0
    for section in content.sections:
        if section.title:
            lines.append(f"*{section.title}*")
        for choice in section.choices:
            place += 1
            lines.append(f"{place}. {choice.title}" + (f" – {choice.description}" if choice.description else ""))
    return lines


def _as_text(header: str | Media, body: str, lines: list[str], footer: str, choices: tuple[Choice, ...]) -> Fitted:
    title = f"*{header}*" if isinstance(header, str) and header else ""
    hint = _("Answer with the number.") if choices else ""
    blocks = [title, body, "\n".join(lines), hint, f"_{footer}_" if footer else ""]
    text = Text("\n\n".join(block for block in blocks if block))
    return Fitted(text, choices, header if isinstance(header, Media) else None, is_downgraded=True)


def _plain(text: str) -> str:
    """Small letters without accents and outer punctuation."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split()).strip(" .,!?)(*_\"'")
