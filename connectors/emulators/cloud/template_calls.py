"""A template message against the template that it names: does it exist, may it be sent, do its parameters fit?

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
"""

import re
from collections.abc import Callable
from typing import Any

from connectors.emulators.cloud.fields import Part, Parts, Rule, Text, check
from connectors.emulators.cloud.refusals import Refusal, bad_value, invalid, missing
from connectors.emulators.cloud.world import Template

Json = dict[str, Any]
CheckSource = Callable[[Json, str], None]
VARIABLE = re.compile(r"\{\{\s*([a-zA-Z0-9_]+)\s*\}\}")
UNTIDY = re.compile(r"[\n\t\r]| {5,}")
TYPES = ("header", "body", "button", "limited_time_offer", "carousel", "order_status")
FILES = ("IMAGE", "VIDEO", "DOCUMENT")
FILLED_MOST = {"body": 1024, "header": 60}


def check_call(part: Json, template: Template | None, check_source: CheckSource) -> None:
    """`template`: the account's, by the name and language in `part`; None when there is none."""
    rules: dict[str, Rule] = {
        "name": Text(512, is_required=True),
        "language": Part(is_required=True),
        "components": Parts(0),
        "namespace": Text(),
    }
    check(part, rules, "template")
    language = part["language"]
    check(language, {"code": Text(is_required=True), "policy": Text(one_of=("deterministic",))}, "template['language']")
    if template is None:
        raise Refusal(132001, f"template name ({part['name']}) does not exist in {language['code']}")
    _refuse_unsendable(template)
    given = part.get("components", [])
    for component in given:
        kind = component.get("type")
        if not isinstance(kind, str) or kind.lower() not in TYPES:
            raise invalid(f"Param template['components']['type'] must be one of {{{', '.join(TYPES)}}} - got \"{kind}\".".upper()[:200])
    _check_components(template.components, given, template.parameter_format == "NAMED", check_source)


def _refuse_unsendable(template: Template) -> None:
    if template.status == "PAUSED":
        raise Refusal(132015, f"Template {template.name} is paused because of its quality.")
    if template.status == "DISABLED":
        raise Refusal(132016, f"Template {template.name} is disabled because of its quality.")
    if template.status not in ("APPROVED", "FLAGGED"):
        raise Refusal(132001, f"template name ({template.name}) is not approved in {template.language}")


def _check_components(defined: list[Json], given: list[Json], is_named: bool, check_source: CheckSource) -> None:
    by_type = {str(component.get("type", "")).lower(): component for component in given if component.get("type", "").lower() != "button"}
    for component in defined:
        kind = str(component.get("type", "")).upper()
        if kind == "HEADER":
            _check_header(component, by_type.pop("header", None), is_named, check_source)
        elif kind == "BODY":
            _check_texts("body", component.get("text", ""), by_type.pop("body", None), is_named)
        elif kind == "LIMITED_TIME_OFFER":
            _check_offer(component, by_type.pop("limited_time_offer", None))
        elif kind == "CAROUSEL":
            _check_carousel(component, by_type.pop("carousel", None), is_named, check_source)
    for kind, component in by_type.items():
        if component.get("parameters") or component.get("cards"):
            count = len(component.get("parameters") or component["cards"])
            raise Refusal(132000, f"{kind}: number of localizable_params ({count}) does not match the expected number of params (0)")
    buttons: list[Json] = next((one.get("buttons", []) for one in defined if str(one.get("type", "")).upper() == "BUTTONS"), [])
    _check_buttons(buttons, [component for component in given if component.get("type", "").lower() == "button"])


def _parameters(component: Json | None) -> list[Json]:
    items = (component or {}).get("parameters", [])
    if not isinstance(items, list) or any(not isinstance(item, dict) for item in items):
        raise invalid("Param template['components']['parameters'] must be an array of JSON objects.")
    return items


def _check_header(defined: Json, given: Json | None, is_named: bool, check_source: CheckSource) -> None:
    form = str(defined.get("format", "TEXT")).upper()
    if form == "TEXT":
        _check_texts("header", defined.get("text", ""), given, is_named)
        return
    parameters = _parameters(given)
    received = str(parameters[0].get("type", "UNKNOWN")).upper() if len(parameters) == 1 else "UNKNOWN"
    if received != form:
        raise Refusal(132012, f"header: Format mismatch, expected {form}, received {received}")
    value = parameters[0].get(form.lower())
    if not isinstance(value, dict):
        raise Refusal(100, f"Parameter '{form.lower()}' is mandatory for component parameter type '{form.lower()}'")
    if form in FILES:
        check(value, {"id": Text(), "link": Text(2048), "filename": Text(240), "provider": Text()}, f"template header['{form.lower()}']")
        check_source(value, form.lower())
    elif form == "LOCATION" and not {"latitude", "longitude", "name", "address"} <= set(value):
        raise missing("header: a location needs latitude, longitude, name and address")


def _check_texts(kind: str, text: str, given: Json | None, is_named: bool) -> None:
    expected = list(dict.fromkeys(VARIABLE.findall(text)))
    parameters = _parameters(given)
    if len(parameters) != len(expected):
        words = f"{kind}: number of localizable_params ({len(parameters)}) does not match the expected number of params ({len(expected)})"
        raise Refusal(132000, words)
    filled = len(VARIABLE.sub("", text))
    names = []
    for parameter in parameters:
        filled += len(_value_of(parameter, kind))
        names.append(str(parameter.get("parameter_name") or ""))
    if is_named and any(not name for name in names):
        raise Refusal(100, "Parameter name is missing or empty")
    if is_named and sorted(names) != sorted(expected):
        raise Refusal(132000, f"{kind}: parameter names {sorted(names)} do not match the expected names {sorted(expected)}")
    if filled > FILLED_MOST[kind]:
        raise Refusal(132005, f"{kind}: the filled text has {filled} characters, at most {FILLED_MOST[kind]} are allowed")


def _value_of(parameter: Json, kind: str) -> str:
    form = parameter.get("type")
    if form in ("currency", "date_time"):
        value = parameter.get(form)
        if not isinstance(value, dict) or not value.get("fallback_value"):
            raise Refusal(100, f"Parameter '{form}' is mandatory for component parameter type '{form}'")
        return str(value["fallback_value"])
    if form != "text":
        raise Refusal(132012, f"{kind}: Format mismatch, expected TEXT, received {str(form).upper()}")
    text = parameter.get("text")
    if not isinstance(text, str) or not text:
        raise Refusal(100, "Parameter 'text' is mandatory for component parameter type 'text'")
    if UNTIDY.search(text):
        raise Refusal(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    return text


def _check_offer(defined: Json, given: Json | None) -> None:
    offer = defined.get("limited_time_offer", {})
    parameters = _parameters(given)
    if not offer.get("has_expiration"):
        return
    moment = parameters[0].get("limited_time_offer", {}).get("expiration_time_ms") if len(parameters) == 1 else None
    if not isinstance(moment, int):
        raise missing("limited_time_offer: expiration_time_ms is required")


def _check_carousel(defined: Json, given: Json | None, is_named: bool, check_source: CheckSource) -> None:
    cards, told = defined.get("cards", []), (given or {}).get("cards", [])
    if len(cards) != len(told):
        raise Refusal(132012, f"carousel: number of cards ({len(told)}) does not match the expected number ({len(cards)})")
    by_index = {card.get("card_index"): card for card in told}
    for place, card in enumerate(cards):
        if place not in by_index:
            raise bad_value(f"carousel: card_index {place} is missing")
        _check_components(card.get("components", []), by_index[place].get("components", []), is_named, check_source)


def _check_buttons(defined: list[Json], given: list[Json]) -> None:
    told: dict[int, Json] = {}
    for component in given:
        index = str(component.get("index", ""))
        if not index.isdecimal() or int(index) >= len(defined):
            raise Refusal(132018, f"buttons: there is no button at index {index or '?'}")
        told[int(index)] = component
    for place, button in enumerate(defined):
        kind = str(button.get("type", "")).upper()
        needed, sub_type, key = _expected(button, kind)
        filled = told.get(place)
        if filled is None:
            if needed:
                raise missing(f"buttons: Button at index {place} of type {kind.title().replace('_', '')} requires a parameter")
            continue
        if str(filled.get("sub_type", "")).lower() != sub_type:
            raise Refusal(132018, f"buttons: Button at index {place} is of the type {sub_type}, not {filled.get('sub_type')}")
        parameters = _parameters(filled)
        if needed and (len(parameters) != 1 or not parameters[0].get(key)):
            raise missing(f"buttons: Button at index {place} needs one parameter with {key}")
        if key == "coupon_code" and parameters and len(str(parameters[0].get(key, ""))) > 15:
            raise bad_value(f"buttons: the code of the button at index {place} is too long, at most 15 characters")


def _expected(button: Json, kind: str) -> tuple[bool, str, str]:
    """Whether a button wants a parameter, the sub_type that names it, and the key of its value."""
    if kind == "URL":
        return bool(VARIABLE.search(button.get("url", ""))), "url", "text"
    if kind == "OTP":
        return True, "url", "text"
    if kind == "COPY_CODE":
        return True, "copy_code", "coupon_code"
    if kind == "FLOW":
        return False, "flow", "action"
    return False, kind.lower(), "payload"
