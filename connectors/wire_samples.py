"""What becomes of each recorded sample of the Cloud API, as the table in docs/wire-samples.md: `manage.py describe_wire_samples`.

Webhooks go through the parser; sends are written again by our provider and compared; answers with an error go through the
table of errors. So the page says what the code does, and a test holds it to that.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import override

from connectors.providers.cloud_api.documents import document_for, mark_read_document
from connectors.providers.cloud_api.errors import error_from, refusal_from
from connectors.providers.cloud_api.parsing import parse
from connectors.types import (
    AddressChange,
    ConnectionState,
    Delivery,
    Event,
    InboundMessage,
    MessageKind,
    Preference,
    ProviderError,
    Receipt,
    TemplateState,
)
from connectors.wire_sends import outgoing_from

HEAD = """# What becomes of the recorded traffic

Written by `manage.py describe_wire_samples <folder>`; do not edit. Each line is a recorded sample of the WhatsApp Cloud API: what it is,
and what Recado makes of it.

- **webhook**: the events it is understood as. A *message* stands in the conversation (*device* messages were typed on the company's
  own phone), a *receipt* moves a message of ours, a *state* changes the connection, a *template* state the template (and pauses or
  resumes campaigns), an *address* change heals the contact, a *preference* is a stop or resume of marketing. *Kept* is stored whole and
  shown in the flight recorder, but sets nothing in motion.
- **send**: *the same* as ours for the same content, or what differs. Every send of ours carries `biz_opaque_callback_data` besides.
- **answer**: what Recado does about it; for an error, its policy and the sentence that people read.
"""
COLUMNS = ("sample", "it is", "what becomes of it")
# Answers that Recado asks for: what it reads of them.
ASKED = {
    ("DELETE", "subscribed_apps"): "the app no longer hears of the account",
    ("GET", "message_templates"): "templates are read and kept",
    ("GET", "phone_numbers"): "numbers are listed",
    ("GET", "{Media-ID}"): "the file is fetched from the address",
    ("GET", "{Phone-Number-ID}"): "quality, name and limits stand on the connection",
    ("POST", "media"): "the id is used for later sends",
    ("POST", "message_templates"): "the template waits for its review",
    ("POST", "register"): "the number is registered",
    ("POST", "request_code"): "the code is on its way",
    ("POST", "subscribed_apps"): "the app hears of the account",
    ("POST", "verify_code"): "the number is proved",
    ("POST", "{TEMPLATE_ID}"): "the template waits for its review again",
}
OUR_OWN = ("biz_opaque_callback_data", "recipient_type")


@dataclass(frozen=True, slots=True)
class Line:
    sample: str
    what: str
    became: str


def page(folder: Path) -> str:
    rows = lines(folder)
    counts = Counter(row.what for row in rows)
    sums = ", ".join(f"{count} × {what}" for what, count in sorted(counts.items()))
    table = [f"| {' | '.join(COLUMNS)} |", "|---|---|---|", *(f"| {row.sample} | {row.what} | {row.became} |" for row in rows)]
    return "\n".join([HEAD, f"{len(rows)} lines: {sums}.", "", *table, ""])


def lines(folder: Path) -> list[Line]:
    with override("en"):
        return [line for file in sorted(folder.glob("*.json")) for line in _lines_of(file)]


def _lines_of(file: Path) -> Iterator[Line]:
    raw = file.read_bytes()
    sample = json.loads(raw)
    if "entry" in sample:
        yield Line(file.stem, "webhook", webhook_became(raw))
    elif "raw_body" in sample:
        yield Line(file.stem, "webhook", f"its signature is verified; {webhook_became(sample['raw_body'].encode())}")
    else:
        for exchange in sample.get("exchanges") or [sample]:
            yield from _lines_of_exchange(file.stem, exchange)


def _lines_of_exchange(name: str, exchange: dict[str, Any]) -> Iterator[Line]:
    request, response = exchange["request"], exchange["response"]
    is_send = request["method"] == "POST" and request["path"].endswith("/messages")
    if is_send and request.get("body"):
        yield Line(name, "send", send_became(request["body"]))
    if not is_send or not request.get("body") or response["status"] >= 300:
        yield Line(name, "answer", answer_became(request, response, is_send=is_send))


def webhook_became(body: bytes) -> str:
    said = Counter(words_of(event) for event in parse(body))
    return ", ".join(words + (f" ({count} times)" if count > 1 else "") for words, count in said.items())


def words_of(event: Event) -> str:
    match event:
        case InboundMessage(kind=MessageKind.REACTION | MessageKind.EDIT | MessageKind.REVOKE):
            return f"{_who(event)}: {event.kind.value}, applied to the message it is about"
        case InboundMessage():
            return f"{_who(event)}: {event.kind.value}" + (" with its file" if event.media else "")
        case Receipt(status=Delivery.FAILED):
            policy = f" ({event.fault.code} → {event.fault.policy})" if event.fault and event.fault.policy else ""
            return f"receipt: failed{policy}"
        case Receipt():
            return f"receipt: {event.status.name.lower()}"
        case ConnectionState():
            changed = [*([event.state.value] if event.state else []), *event.facts]
            return f"state of {'all numbers' if event.is_account else 'the number'}: {', '.join(changed) or 'a reason'}"
        case TemplateState():
            changed = [value for value in (event.status, event.category, event.quality) if value]
            return f"template: {', '.join(changed)}"
        case AddressChange():
            return f"address: {event.old.kind} → {event.new.kind}"
        case Preference():
            return f"preference: {'stop' if event.is_stop else 'resume'} {event.purpose}"
        case _:
            return f"kept: {event.field}"


def send_became(body: dict[str, Any]) -> str:
    if body.get("status") == "read":
        return _compared(body, mark_read_document(body["message_id"], is_typing="typing_indicator" in body))
    outgoing = outgoing_from(body)
    if outgoing is None:
        return f"not sent by Recado: {(body.get('interactive') or {}).get('type') or body['type']}"
    try:
        return _compared(body, orjson.loads(orjson.dumps(document_for(outgoing))))
    except ProviderError as refusal:
        return f"refused before sending: {refusal.message}"


def answer_became(request: dict[str, Any], response: dict[str, Any], *, is_send: bool) -> str:
    status, body = response["status"], response.get("body")
    is_json = isinstance(body, dict) and "_raw" not in body
    if is_send and 200 <= status < 300 and is_json and body.get("messages"):
        return "accepted, with its id"
    if is_send or status >= 300:
        read = error_from if is_send else refusal_from
        error = read(status, body if is_json else None)
        return f"{error.code} → {error.policy.value}: {error.message}"
    place = request["path"].split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return ASKED.get((request["method"], place), "not asked for by Recado")


def _who(event: InboundMessage) -> str:
    return "device message" if event.is_echo else "message in a group" if event.group_id else "message"


def _compared(theirs: dict[str, Any], ours: dict[str, Any]) -> str:
    differences = sorted(set(_differences(theirs, ours)))
    return "the same" if not differences else f"the same but {', '.join(differences)}"


def _differences(theirs: Any, ours: Any, path: str = "") -> Iterator[str]:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in {*theirs, *ours}:
            if key not in theirs and key in OUR_OWN:
                continue
            where = f"{path}.{key}".lstrip(".")
            if key not in ours:
                yield f"without `{where}`"
            elif key not in theirs:
                yield f"with `{where}`"
            else:
                yield from _differences(theirs[key], ours[key], where)
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for one, other in zip(theirs, ours, strict=True):
            yield from _differences(one, other, path)
    elif theirs != ours:
        yield f"another `{path}`"
