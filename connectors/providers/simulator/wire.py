"""The simulator's own webhook format: plain lists of items in our words, each item on its own.

    {"simulator": 1, "messages": [...], "statuses": [...], "states": [...], "templates": [...], "changes": [...], "preferences": [...],
     "typing": [...]}

A message: `id from kind at` and, when they apply, `name username lid bsuid body payload media reply_to target echo group`.
A status: `id our_id status at to` and `error {code, title}`. Typing: `from at`. Times are seconds since 1970.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
from django.utils.translation import gettext as _

from connectors.providers.simulator.failures import FAILURES, UNDELIVERABLE
from connectors.types import (
    AddressChange,
    ConnectionState,
    Delivery,
    Event,
    Fault,
    InboundMessage,
    LinkState,
    MediaRef,
    MessageKind,
    OtherEvent,
    Person,
    Preference,
    Receipt,
    TemplateState,
    TypingSign,
)
from tenants.lib.addresses import Address, AddressKind

Item = dict[str, Any]
KINDS = frozenset(MessageKind)
STATUSES = {status.name.lower(): status for status in (Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.PLAYED, Delivery.FAILED)}


def webhook_of(*, messages: Iterable[bytes] = (), statuses: Iterable[bytes] = ()) -> bytes:
    """One call's body, of items that are JSON already."""
    return b'{"simulator":1,"messages":[' + b",".join(messages) + b'],"statuses":[' + b",".join(statuses) + b"]}"


def typing_webhook(number: str, *, at: float) -> bytes:
    """One call's body: the customer is writing."""
    return orjson.dumps({"simulator": 1, "typing": [{"from": number, "at": at}]})


def parse(body: bytes) -> list[Event]:
    """Every item an event; one that cannot be read is an OtherEvent with the reason. ValueError for a body that is no JSON object."""
    document = orjson.loads(body)
    if not isinstance(document, dict):
        raise ValueError("The body is not a JSON object.")
    events: list[Event] = []
    for key, items in document.items():
        if key == "simulator":
            continue
        read = READERS.get(key)
        if read is None or not isinstance(items, list):
            events.append(OtherEvent(key, _("An event of a kind not known yet: %(field)s.") % {"field": key}, {"value": items}))
            continue
        for item in items:
            try:
                events.append(read(item))
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"[:200]
                events.append(
                    OtherEvent(f"{key}.broken", _("An item that cannot be read (%(reason)s).") % {"reason": reason}, {"item": item})
                )
    return events


def phone_or_bsuid(value: str) -> Address:
    return Address(AddressKind.PHONE if value.startswith("+") else AddressKind.BSUID, value)


def _at(item: Item) -> datetime:
    return datetime.fromtimestamp(item["at"], UTC)


def _person(item: Item) -> Person:
    addresses = [phone_or_bsuid(item["from"])] if item.get("from") else []
    addresses += [Address(kind, item[kind.value]) for kind in (AddressKind.LID, AddressKind.BSUID) if item.get(kind.value)]
    if not addresses:
        raise ValueError("nobody is named as the other side")
    return Person(tuple(dict.fromkeys(addresses)), item.get("name", ""), item.get("username", ""))


def _message(item: Item) -> Event:
    kind = item["kind"]
    payload = dict(item.get("payload") or {})
    if kind not in KINDS:
        payload, kind = payload | {"type": kind}, MessageKind.UNKNOWN
    media = item.get("media")
    return InboundMessage(
        external_id=item["id"],
        person=_person(item),
        kind=MessageKind(kind),
        sent_at=_at(item),
        body=item.get("body", ""),
        payload=payload,
        media=MediaRef(**media) if media else None,
        reply_to=item.get("reply_to", ""),
        target_id=item.get("target", ""),
        is_echo=item.get("echo") is True,
        group_id=item.get("group", ""),
    )


def _status(item: Item) -> Event:
    error = item.get("error")
    return Receipt(
        external_id=item["id"],
        status=STATUSES[item["status"]],
        at=_at(item),
        our_id=item.get("our_id", ""),
        fault=_fault(error) if error else None,
        person=Person((phone_or_bsuid(item["to"]),)) if item.get("to") else None,
    )


def _fault(error: Item) -> Fault:
    known = FAILURES.get(error["code"])
    policy = known.policy if known else None
    return Fault(code=error["code"], title=error.get("title", ""), policy=policy, is_unreachable=error["code"] == UNDELIVERABLE)


def _state(item: Item) -> Event:
    return ConnectionState(LinkState(item["state"]) if item.get("state") else None, item.get("reason", ""), item.get("facts") or {})


def _template(item: Item) -> Event:
    return TemplateState(
        external_id=item.get("id", ""),
        name=item["name"],
        language=item["language"],
        status=item.get("status", ""),
        category=item.get("category", ""),
        quality=item.get("quality", ""),
        reason=item.get("reason", ""),
    )


def _change(item: Item) -> Event:
    old, new = (Address(AddressKind(side["kind"]), side["value"]) for side in (item["old"], item["new"]))
    return AddressChange(old, new, _at(item))


def _preference(item: Item) -> Event:
    return Preference(_person(item), item.get("purpose", "marketing"), item["stop"] is True, _at(item))


def _typing(item: Item) -> Event:
    return TypingSign(_person(item), _at(item))


READERS: dict[str, Callable[[Item], Event]] = {
    "messages": _message,
    "statuses": _status,
    "states": _state,
    "templates": _template,
    "changes": _change,
    "preferences": _preference,
    "typing": _typing,
}
