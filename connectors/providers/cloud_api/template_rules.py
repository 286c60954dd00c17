"""Meta's rules for message templates, checked here first: its own answer comes late, about one mistake at a time, and without the field.

https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/components
Checked are the rules that Meta documents. Whether a text suits its category only a reviewer decides.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from connectors.types import TemplateDraft
from tenants.lib.errors import Problem

NAME = re.compile(r"\A[a-z0-9_]{1,512}\Z")
LANGUAGE = re.compile(r"\A[a-z]{2,3}(_[A-Z]{2,3})?\Z")
PLACEHOLDER = re.compile(r"{{(.*?)}}", re.DOTALL)
NAMED = re.compile(r"\A[a-z][a-z0-9_]*\Z")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
MEDIA_HEADERS = ("IMAGE", "VIDEO", "DOCUMENT")
LONGEST = {"HEADER": 60, "BODY": 1024, "FOOTER": 60}
LONGEST_LABEL, LONGEST_URL, LONGEST_PHONE, LONGEST_CODE = 25, 2000, 20, 15
# How many buttons of a kind a template may have; ten in all.
MOST_BUTTONS = {"QUICK_REPLY": 10, "URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1, "FLOW": 1, "OTP": 1}
MOST_BUTTONS_IN_ALL = 10
FEWEST_LETTERS_BESIDE_A_VARIABLE = 3  # words to each variable, roughly what 2388293 asks for
OTP_TYPES = ("COPY_CODE", "ONE_TAP", "ZERO_TAP")

Component = Mapping[str, Any]


def problems_of(draft: TemplateDraft) -> list[Problem]:
    """Everything that Meta would refuse, by field; empty when it may be handed in. Paths are those of Meta's own JSON."""
    return list(_all(draft))


def _all(draft: TemplateDraft) -> Iterator[Problem]:
    if not NAME.match(draft.name):
        yield Problem("name", "template_name", _("Use small letters without accents, digits and underscores, 512 at most."))
    if not LANGUAGE.match(draft.language):
        yield Problem("language", "template_language", _("Use a language code such as pt_BR or en."))
    if draft.category not in CATEGORIES:
        yield Problem("category", "template_category", _("Choose utility, marketing or authentication."))
    if draft.parameter_format not in ("POSITIONAL", "NAMED"):
        yield Problem("parameter_format", "template_parameter_format", _("Variables are POSITIONAL or NAMED."))
    yield from _structure(draft)
    for place, component in enumerate(draft.components):
        where = f"components.{place}"
        match component.get("type"):
            case "HEADER":
                yield from _header(component, where, draft)
            case "BODY":
                yield from _body(component, where, draft)
            case "FOOTER":
                yield from _footer(component, where, draft)
            case "BUTTONS":
                yield from _buttons(component, where, draft)
            case "CAROUSEL" | "LIMITED_TIME_OFFER":
                pass  # judged by Meta
            case kind:
                yield Problem(f"{where}.type", "template_component", _("There is no component “%(kind)s”.") % {"kind": kind})


def _structure(draft: TemplateDraft) -> Iterator[Problem]:
    kinds = [component.get("type") for component in draft.components]
    if "BODY" not in kinds:
        yield Problem("components", "template_body_missing", _("A template needs a text."))
    for kind in sorted({str(kind) for kind in kinds if kinds.count(kind) > 1}):
        yield Problem("components", "template_component_twice", _("A template has one %(kind)s only.") % {"kind": kind.lower()})


def _header(component: Component, where: str, draft: TemplateDraft) -> Iterator[Problem]:
    form = component.get("format")
    if draft.category == "AUTHENTICATION":
        yield Problem(where, "template_header", _("Authentication templates have no header."))
    elif form in MEDIA_HEADERS:
        if not _strings(component, "header_handle"):
            yield Problem(f"{where}.example.header_handle", "template_sample", _("Upload a sample file: Meta's reviewers look at it."))
    elif form == "TEXT":
        yield from _text(component, where, draft, most_variables=1)
        if re.search(r"[\n*_~`]", PLACEHOLDER.sub("", str(component.get("text", "")))):
            yield Problem(f"{where}.text", "template_header", _("A heading has one line, and no *, _, ~ or `."))
    elif form != "LOCATION":
        yield Problem(f"{where}.format", "template_header", _("A heading is a text, an image, a video, a document or a location."))


def _body(component: Component, where: str, draft: TemplateDraft) -> Iterator[Problem]:
    if draft.category == "AUTHENTICATION":
        if component.get("text"):
            words = _("WhatsApp writes the text of authentication templates itself.")
            yield Problem(f"{where}.text", "template_body_fixed", words)
        return
    yield from _text(component, where, draft)
    text = str(component.get("text", ""))
    if re.search(r"\n{3,}", text):
        yield Problem(f"{where}.text", "template_empty_lines", _("At most one empty line in a row."))
    outer = text.strip()
    if PLACEHOLDER.match(outer) or re.search(r"{{[^{}]*}}\Z", outer):
        words = _("A text may not begin or end with a variable: add a word or a full stop.")
        yield Problem(f"{where}.text", "template_variable_at_edge", words)
    count = len(PLACEHOLDER.findall(text))
    if count and len(re.findall(r"\w+", PLACEHOLDER.sub(" ", text))) < FEWEST_LETTERS_BESIDE_A_VARIABLE * count - 1:
        yield Problem(f"{where}.text", "template_too_many_variables", _("Too many variables for so short a text: write more around them."))


def _footer(component: Component, where: str, draft: TemplateDraft) -> Iterator[Problem]:
    if draft.category == "AUTHENTICATION":
        minutes = component.get("code_expiration_minutes")
        if minutes is not None and not (isinstance(minutes, int) and 1 <= minutes <= 90):
            yield Problem(f"{where}.code_expiration_minutes", "template_expiration", _("Between 1 and 90 minutes."))
        return
    yield from _text(component, where, draft, most_variables=0)


def _text(component: Component, where: str, draft: TemplateDraft, *, most_variables: int | None = None) -> Iterator[Problem]:
    kind, text = str(component.get("type")), component.get("text")
    where_text = f"{where}.text"
    if not isinstance(text, str) or not text.strip():
        yield Problem(where_text, "required", _("Write a text."))
        return
    if len(text) > LONGEST[kind]:
        words = _("Too long by %(count)d characters (%(most)d at most).") % {"count": len(text) - LONGEST[kind], "most": LONGEST[kind]}
        yield Problem(where_text, "template_too_long", words)
    names = PLACEHOLDER.findall(text)
    if most_variables is not None and len(names) > most_variables:
        words = _("No variables here.") if most_variables == 0 else _("One variable at most here.")
        yield Problem(where_text, "template_too_many_variables", words)
        return
    yield from _variables(names, text, where, draft)
    if names:
        yield from _samples(component, list(dict.fromkeys(names)), where, draft)


def _variables(names: Sequence[str], text: str, where: str, draft: TemplateDraft) -> Iterator[Problem]:
    field = f"{where}.text"
    if text.count("{{") != text.count("}}") or text.count("{{") != len(names):
        yield Problem(field, "template_braces", _("A variable is not closed: write {{1}} or {{first_name}}."))
    elif draft.parameter_format == "NAMED":
        wrong = [name for name in names if not NAMED.match(name)]
        if wrong:
            words = _("{{%(name)s}}: names begin with a small letter, then letters, digits and underscores.") % {"name": wrong[0]}
            yield Problem(field, "template_variable_name", words)
    elif sorted(set(names)) != sorted(str(place) for place in range(1, len(set(names)) + 1)):
        yield Problem(field, "template_variable_numbers", _("Number the variables {{1}}, {{2}}, … without gaps."))


def _samples(component: Component, names: list[str], where: str, draft: TemplateDraft) -> Iterator[Problem]:
    kind = str(component.get("type")).lower()
    if draft.parameter_format == "NAMED":
        field = f"{kind}_text_named_params"
        listed = _list(component, field)
        given = {str(item.get("param_name")): item.get("example") for item in listed if isinstance(item, Mapping)}
    else:
        field = f"{kind}_text"
        listed = _list(component, field)
        row = listed[0] if kind == "body" and listed and isinstance(listed[0], list) else listed
        given = {str(place): value for place, value in enumerate(row, start=1)}
    missing = [name for name in names if not str(given.get(name) or "").strip()]
    if missing:
        words = _("Give an example for %(names)s: Meta's reviewers look at it.") % {
            "names": ", ".join(f"{{{{{name}}}}}" for name in missing)
        }
        yield Problem(f"{where}.example.{field}", "template_sample", words)


def _buttons(component: Component, where: str, draft: TemplateDraft) -> Iterator[Problem]:
    buttons = component.get("buttons")
    if not isinstance(buttons, list) or not buttons or not all(isinstance(button, Mapping) for button in buttons):
        yield Problem(f"{where}.buttons", "required", _("Add a button, or remove the buttons."))
        return
    kinds = [str(button.get("type")) for button in buttons]
    if len(kinds) > MOST_BUTTONS_IN_ALL:
        yield Problem(f"{where}.buttons", "template_buttons", _("At most 10 buttons."))
    for kind in dict.fromkeys(kinds):
        most = MOST_BUTTONS.get(kind)
        if most is None:
            yield Problem(f"{where}.buttons", "template_buttons", _("There is no button “%(kind)s”.") % {"kind": kind})
        elif kinds.count(kind) > most:
            words = _("At most %(most)d buttons of the kind %(kind)s.") % {"most": most, "kind": kind}
            yield Problem(f"{where}.buttons", "template_buttons", words)
    replies = [place for place, kind in enumerate(kinds) if kind == "QUICK_REPLY"]
    if replies and replies[-1] - replies[0] + 1 != len(replies):
        yield Problem(f"{where}.buttons", "template_button_order", _("Put the quick replies next to each other."))
    if draft.category == "AUTHENTICATION" and kinds != ["OTP"]:
        yield Problem(f"{where}.buttons", "template_buttons", _("Authentication templates have one button: the code's."))
    if draft.category != "AUTHENTICATION" and "OTP" in kinds:
        yield Problem(f"{where}.buttons", "template_buttons", _("Only authentication templates have a code button."))
    for place, button in enumerate(buttons):
        yield from _button(button, f"{where}.buttons.{place}")


def _button(button: Component, where: str) -> Iterator[Problem]:
    kind, label = button.get("type"), str(button.get("text") or "").strip()
    if kind not in ("COPY_CODE", "OTP"):
        if not label:
            yield Problem(f"{where}.text", "required", _("Write what stands on the button."))
        elif len(label) > LONGEST_LABEL or PLACEHOLDER.search(label):
            yield Problem(f"{where}.text", "template_button_text", _("At most 25 characters, without variables."))
    match kind:
        case "URL":
            yield from _url(button, where)
        case "PHONE_NUMBER":
            if not re.match(rf"\A\+?[0-9][0-9 ()-]{{3,{LONGEST_PHONE - 1}}}\Z", str(button.get("phone_number") or "")):
                yield Problem(
                    f"{where}.phone_number", "template_button_phone", _("A phone number with its country code, 20 characters at most.")
                )
        case "COPY_CODE":
            code = button.get("example")
            code = code[0] if isinstance(code, list) and code else code
            if not isinstance(code, str) or not 1 <= len(code) <= LONGEST_CODE:
                yield Problem(f"{where}.example", "template_sample", _("An example of the code, 15 characters at most."))
        case "OTP":
            if button.get("otp_type") not in OTP_TYPES:
                yield Problem(f"{where}.otp_type", "template_button_otp", _("COPY_CODE, ONE_TAP or ZERO_TAP."))


def _url(button: Component, where: str) -> Iterator[Problem]:
    url = str(button.get("url") or "")
    if not re.match(r"\Ahttps?://[^\s{}/]+", url) or len(url) > LONGEST_URL:
        yield Problem(f"{where}.url", "template_button_url", _("A web address that begins with https://, 2000 characters at most."))
        return
    names = PLACEHOLDER.findall(url)
    if not names:
        return
    if len(names) > 1 or not url.endswith("}}"):
        yield Problem(f"{where}.url", "template_button_url", _("One variable at most, at the end of the address."))
    if not isinstance(button.get("example"), list) or not button["example"]:
        yield Problem(f"{where}.example", "template_sample", _("Give an example of the whole address."))


def _list(component: Component, field: str) -> list[Any]:
    example = component.get("example")
    values = example.get(field) if isinstance(example, Mapping) else None
    return values if isinstance(values, list) else []


def _strings(component: Component, field: str) -> list[str]:
    return [value for value in _list(component, field) if isinstance(value, str) and value]
