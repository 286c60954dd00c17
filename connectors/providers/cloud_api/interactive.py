"""Interactive messages, and the limits that Meta puts on them: refused here with the field's name, before anything is sent.

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages#interactive-messages
"""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from connectors.types import Buttons, Choice, ChoiceList, Form, LinkButton, LocationRequest, Media, Policy, ProviderError

Json = dict[str, Any]
MOST_BUTTONS = 3
MOST_CHOICES = 10
BODY, LIST_BODY, HEADER, FOOTER = 1024, 4096, 60, 60
HEADER_FILES = ("image", "video", "document")


def buttons(content: Buttons) -> Json:
    if not 1 <= len(content.choices) <= MOST_BUTTONS:
        raise _refused(_("A message has one to three buttons."))
    _refuse_twins(content.choices)
    for choice in content.choices:
        _fits(choice.title, 20, _("a button"))
        _fits(choice.id, 256, _("a button's id"))
    replies = [{"type": "reply", "reply": {"id": choice.id, "title": choice.title}} for choice in content.choices]
    return _framed("button", content.body, {"buttons": replies}, header=content.header, footer=content.footer)


def choice_list(content: ChoiceList) -> Json:
    choices = [choice for section in content.sections for choice in section.choices]
    if not 1 <= len(choices) <= MOST_CHOICES:
        raise _refused(_("A list has one to ten choices in all."))
    if len(content.sections) > 1 and not all(section.title for section in content.sections):
        raise _refused(_("A list of several sections needs a title for each."))
    _refuse_twins(choices, by_title=False)
    _fits(content.button, 20, _("the list's button"))
    for section in content.sections:
        _fits(section.title, 24, _("a section's title"), may_be_empty=True)
    for choice in choices:
        _fits(choice.title, 24, _("a choice"))
        _fits(choice.id, 200, _("a choice's id"))
        _fits(choice.description, 72, _("a choice's description"), may_be_empty=True)
    sections = [
        ({"title": section.title} if section.title else {}) | {"rows": [_row(choice) for choice in section.choices]}
        for section in content.sections
        if section.choices
    ]
    action = {"button": content.button, "sections": sections}
    return _framed("list", content.body, action, header=content.header, footer=content.footer, most=LIST_BODY)


def link_button(content: LinkButton) -> Json:
    _fits(content.label, 20, _("the button"))
    action = {"name": "cta_url", "parameters": {"display_text": content.label, "url": content.url}}
    return _framed("cta_url", content.body, action, header=content.header, footer=content.footer)


def location_request(content: LocationRequest) -> Json:
    return _framed("location_request_message", content.body, {"name": "send_location"})


def form(content: Form) -> Json:
    _fits(content.label, 30, _("the form's button"))
    if bool(content.form_id) == bool(content.form_name):
        raise _refused(_("A form is named by its id or by its name."))
    parameters: Json = {"flow_message_version": "3", "flow_cta": content.label}
    parameters |= {"flow_id": content.form_id} if content.form_id else {"flow_name": content.form_name}
    if content.token:
        parameters["flow_token"] = content.token
    if content.is_draft:
        parameters["mode"] = "draft"
    if content.screen:
        payload: Json = {"screen": content.screen} | ({"data": dict(content.data)} if content.data else {})
        parameters |= {"flow_action": "navigate", "flow_action_payload": payload}
    elif content.asks_server:
        parameters["flow_action"] = "data_exchange"
    action = {"name": "flow", "parameters": parameters}
    return _framed("flow", content.body, action, header=content.header, footer=content.footer)


def _row(choice: Choice) -> Json:
    return {"id": choice.id, "title": choice.title} | ({"description": choice.description} if choice.description else {})


def _framed(kind: str, body: str, action: Json, *, header: str | Media = "", footer: str = "", most: int = BODY) -> Json:
    _fits(body, most, _("the text"))
    part: Json = {"type": kind, "body": {"text": body}, "action": action}
    if isinstance(header, Media):
        part["header"] = _file(header)
    elif header:
        _fits(header, HEADER, _("the title"))
        part["header"] = {"type": "text", "text": header}
    if footer:
        _fits(footer, FOOTER, _("the footer"))
        part["footer"] = {"text": footer}
    return part


def _file(media: Media) -> Json:
    kind = media.kind.value
    if kind not in HEADER_FILES or not (media.external_id or media.link):
        raise _refused(_("Above the text stands a picture, a video or a document."))
    file: Json = {"id": media.external_id} if media.external_id else {"link": media.link}
    if kind == "document" and media.filename:
        file["filename"] = media.filename
    return {"type": kind, kind: file}


def _fits(text: str, most: int, what: str | Promise, *, may_be_empty: bool = False) -> None:
    if len(text) > most or not (text.strip() or may_be_empty):
        raise _refused(_("%(what)s has 1 to %(most)s characters on WhatsApp.") % {"what": str(what).capitalize(), "most": most})


def _refuse_twins(choices: Sequence[Choice], *, by_title: bool = True) -> None:
    if len({choice.id for choice in choices}) < len(choices):
        raise _refused(_("Two choices have the same id."))
    if by_title and len({choice.title for choice in choices}) < len(choices):
        raise _refused(_("Two buttons have the same text."))


def _refused(words: str) -> ProviderError:
    return ProviderError("content_invalid", words, Policy.PERMANENT)
