"""Interactive messages: which parts each has, how long they may be, and what must be unique.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages#interactive-object
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from connectors.emulators.cloud.fields import Part, Parts, Rule, Text, check
from connectors.emulators.cloud.refusals import bad_value, invalid, missing

Json = dict[str, Any]
CheckSource = Callable[[Json, str], None]
TYPES = (
    "button",
    "catalog_message",
    "cta_url",
    "flow",
    "list",
    "location_request_message",
    "order_details",
    "order_status",
    "product",
    "product_list",
)
BODY_MOST = {"list": 4096}
FILES = ("image", "video", "document")
ROWS_MOST = 10
SECTIONS_MOST = 10


def check_interactive(part: Json, check_source: CheckSource) -> None:
    kind = part.get("type")
    if kind not in TYPES:
        choices = ", ".join(name.upper() for name in TYPES)
        raise invalid(f"Param interactive['type'] must be one of {{{choices}}} - got \"{kind}\".")
    needs_body = kind not in ("product",)
    rules: dict[str, Rule] = {
        "type": Text(),
        "header": Part(),
        "body": Part(needs_body),
        "footer": Part(),
        "action": Part(is_required=True),
    }
    check(part, rules, "interactive")
    if "body" in part:
        check(part["body"], {"text": Text(BODY_MOST.get(kind, 1024), is_required=True)}, "interactive['body']")
    if "footer" in part:
        if kind == "location_request_message":
            raise invalid('Unexpected key "footer" on param "interactive".')
        check(part["footer"], {"text": Text(60, is_required=True)}, "interactive['footer']")
    if "header" in part:
        _check_header(part["header"], kind, check_source)
    ACTIONS.get(kind, _anything)(part["action"])


def _check_header(header: Json, kind: str, check_source: CheckSource) -> None:
    allowed = {"button": ("text", *FILES), "cta_url": ("text", *FILES), "flow": ("text", *FILES), "list": ("text",)}
    form = header.get("type")
    choices = allowed.get(kind, ("text", *FILES) if kind in ("order_details", "product_list", "order_status") else ())
    if form not in choices:
        raise bad_value(f"Header of the type {form!r} is not supported for interactive messages of the type {kind!r}.")
    if form == "text":
        check(header, {"type": Text(), "text": Text(60, is_required=True)}, "interactive['header']")
        return
    check(header, {"type": Text(), form: Part(is_required=True)}, "interactive['header']")
    check(header[form], {"id": Text(), "link": Text(2048), "filename": Text(240)}, f"interactive['header']['{form}']")
    check_source(header[form], form)


def _buttons(action: Json) -> None:
    check(action, {"buttons": Parts(1, 3, is_required=True)}, "interactive['action']")
    ids, titles = [], []
    for place, button in enumerate(action["buttons"]):
        where = f"interactive['action']['buttons'][{place}]"
        check(button, {"type": Text(one_of=("reply",), is_required=True), "reply": Part(is_required=True)}, where)
        rules: dict[str, Rule] = {"id": Text(256, is_required=True, code=131009), "title": Text(20, is_required=True, code=131009)}
        check(button["reply"], rules, f"{where}['reply']")
        ids.append(button["reply"]["id"])
        titles.append(button["reply"]["title"])
    if len(set(ids)) < len(ids):
        raise bad_value("Duplicated button ids are not allowed.")
    if len(set(titles)) < len(titles):
        raise bad_value("Duplicated button titles are not allowed.")


def _list(action: Json) -> None:
    rules: dict[str, Rule] = {"button": Text(20, is_required=True, code=131009), "sections": Parts(1, SECTIONS_MOST, is_required=True)}
    check(action, rules, "interactive['action']")
    ids: list[str] = []
    for place, section in enumerate(action["sections"]):
        where = f"interactive['action']['sections'][{place}]"
        check(section, {"title": Text(24, code=131009), "rows": Parts(1, is_required=True)}, where)
        if len(action["sections"]) > 1 and not section.get("title"):
            raise missing(f"{where}['title'] is required when there is more than one section.")
        for row_place, row in enumerate(section["rows"]):
            row_rules: dict[str, Rule] = {
                "id": Text(200, is_required=True, code=131009),
                "title": Text(24, is_required=True, code=131009),
                "description": Text(72, least=0, code=131009),
            }
            check(row, row_rules, f"{where}['rows'][{row_place}]")
            ids.append(row["id"])
    if len(ids) > ROWS_MOST:
        raise bad_value(f"Total row count exceed max allowed count: {ROWS_MOST}")
    if len(set(ids)) < len(ids):
        raise bad_value("Duplicated row ids are not allowed.")


def _link(action: Json) -> None:
    check(action, {"name": Text(one_of=("cta_url",), is_required=True), "parameters": Part(is_required=True)}, "interactive['action']")
    rules: dict[str, Rule] = {"display_text": Text(20, is_required=True, code=131009), "url": Text(2000, is_required=True)}
    check(action["parameters"], rules, "interactive['action']['parameters']")
    address = urlsplit(action["parameters"]["url"])
    if address.scheme not in ("http", "https") or not address.hostname:
        raise bad_value("The url of the button is not valid.")


def _location(action: Json) -> None:
    check(action, {"name": Text(one_of=("send_location",), is_required=True)}, "interactive['action']")


def _flow(action: Json) -> None:
    check(action, {"name": Text(one_of=("flow",), is_required=True), "parameters": Part(is_required=True)}, "interactive['action']")
    where = "interactive['action']['parameters']"
    rules: dict[str, Rule] = {
        "flow_message_version": Text(one_of=("3",), is_required=True),
        "flow_id": Text(),
        "flow_name": Text(),
        "flow_cta": Text(30, is_required=True, code=131009),
        "flow_token": Text(200),
        "mode": Text(one_of=("draft", "published")),
        "flow_action": Text(one_of=("navigate", "data_exchange")),
        "flow_action_payload": Part(),
    }
    parameters = action["parameters"]
    check(parameters, rules, where)
    if ("flow_id" in parameters) == ("flow_name" in parameters):
        raise bad_value("Exactly one of flow_id and flow_name must be given.")
    payload = parameters.get("flow_action_payload")
    if payload is not None:
        if parameters.get("flow_action") == "data_exchange":
            raise bad_value("flow_action_payload is only for the flow_action navigate.")
        check(payload, {"screen": Text(is_required=True), "data": Part()}, f"{where}['flow_action_payload']")
        if payload.get("data") == {}:
            raise bad_value("flow_action_payload['data'] must not be empty.")


def _anything(action: Json) -> None:
    """Catalogues and orders: taken as they come, for the emulator has no shop."""
    if not action:
        raise missing("interactive['action'] is empty.")


ACTIONS: dict[str, Callable[[Json], None]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "location_request_message": _location,
    "flow": _flow,
}
