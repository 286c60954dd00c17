"""What a person or a program may offer to tap, by WhatsApp's own limits: what is wrong is said at its field, before anything is stored.

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages#interactive-messages
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from connectors.types import InteractiveKind

MOST_BUTTONS, MOST_CHOICES, MOST_SECTIONS = 3, 10, 10
LONGEST_BODY, LONGEST_LIST_BODY, LONGEST_LINE = 1024, 4096, 60
LONGEST_BUTTON, LONGEST_CHOICE, LONGEST_DESCRIPTION, LONGEST_FORM_BUTTON = 20, 24, 72, 30


class AskedChoiceSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(required=False, max_length=200, help_text=_("Comes back when it is tapped. Without one: its place."))
    title = serializers.CharField(max_length=LONGEST_CHOICE)
    description = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_DESCRIPTION)


class AskedSectionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_CHOICE)
    choices = AskedChoiceSerializer(many=True, allow_empty=False)


class InteractiveSerializer(serializers.Serializer[Any]):
    """By `kind`: `buttons` (one to three `choices`), `list` (`button` opens `sections`, ten choices in all), `link` (`button` opens `url`),
    `location_request`, `form` (`button` opens the form `form_id` or `form_name`). A file of the message (`media`) stands above the text."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in InteractiveKind])
    body = serializers.CharField(max_length=LONGEST_LIST_BODY, trim_whitespace=False)
    header = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_LINE)
    footer = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_LINE)
    choices = AskedChoiceSerializer(many=True, required=False)
    button = serializers.CharField(required=False, max_length=LONGEST_FORM_BUTTON)
    sections = AskedSectionSerializer(many=True, required=False)
    url = serializers.URLField(required=False, max_length=2000)
    form_id = serializers.CharField(required=False, max_length=64)
    form_name = serializers.CharField(required=False, max_length=200)
    token = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    screen = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    data = serializers.DictField(required=False, default=dict)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        kind = said["kind"]
        if kind != InteractiveKind.LIST and len(said["body"]) > LONGEST_BODY:
            raise _fault("body", _("The text is too long: at most %(most)s characters.") % {"most": LONGEST_BODY}, "max_length")
        checks = {InteractiveKind.BUTTONS: _buttons, InteractiveKind.LIST: _list, InteractiveKind.LINK: _link, InteractiveKind.FORM: _form}
        if kind in checks:
            checks[kind](said)
        return said


def _buttons(said: dict[str, Any]) -> None:
    choices = said.get("choices") or []
    if not 1 <= len(choices) <= MOST_BUTTONS:
        raise _fault("choices", _("A message has one to three buttons."), "invalid")
    if any(len(choice["title"]) > LONGEST_BUTTON for choice in choices):
        raise _fault("choices", _("A button has at most %(most)s characters.") % {"most": LONGEST_BUTTON}, "max_length")
    if len({choice["title"] for choice in choices}) < len(choices):
        raise _fault("choices", _("Two buttons have the same text."), "duplicate")
    _name(choices, "choices")


def _list(said: dict[str, Any]) -> None:
    sections = said.get("sections") or []
    choices = [choice for section in sections for choice in section["choices"]]
    if not 1 <= len(choices) <= MOST_CHOICES:
        raise _fault("sections", _("A list has one to ten choices in all."), "invalid")
    if len(sections) > 1 and not all(section["title"] for section in sections):
        raise _fault("sections", _("A list of several sections needs a title for each."), "required")
    _need_button(said, most=LONGEST_BUTTON)
    _name(choices, "sections")


def _link(said: dict[str, Any]) -> None:
    _need_button(said, most=LONGEST_BUTTON)
    if not said.get("url"):
        raise _fault("url", _("Write the address that the button opens."), "required")


def _form(said: dict[str, Any]) -> None:
    _need_button(said, most=LONGEST_FORM_BUTTON)
    if bool(said.get("form_id")) == bool(said.get("form_name")):
        raise _fault("form_id", _("A form is named by its id or by its name."), "required")


def _need_button(said: dict[str, Any], *, most: int) -> None:
    if not said.get("button"):
        raise _fault("button", _("Write what stands on the button."), "required")
    if len(said["button"]) > most:
        raise _fault("button", _("A button has at most %(most)s characters.") % {"most": most}, "max_length")


def _name(choices: list[dict[str, Any]], field: str) -> None:
    """Each has an id of its own."""
    for place, choice in enumerate(choices, 1):
        choice.setdefault("id", str(place))
    if len({choice["id"] for choice in choices}) < len(choices):
        raise _fault(field, _("Two choices have the same id."), "duplicate")


def _fault(field: str, words: Any, code: str) -> serializers.ValidationError:
    return serializers.ValidationError({field: serializers.ErrorDetail(str(words), code=code)})
