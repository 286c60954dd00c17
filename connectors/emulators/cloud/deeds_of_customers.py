"""Deeds of people with phones, by name. `number` may be left out where there is only one to think of: then it is the first."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from connectors.emulators.cloud import customers
from connectors.emulators.cloud.world import Customer, Number, Record

if TYPE_CHECKING:
    from connectors.emulators.cloud.asgi import Emulator

Json = dict[str, Any]
MIME_TYPES = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg", "document": "application/pdf", "sticker": "image/webp"}
CUSTOMER_FIELDS = {field.name: field.type for field in fields(Customer)} | {"alias": "str"}
FIXED = ("wa_id", "wrote_at")


def number_of(emulator: "Emulator", data: Json) -> Number:
    told = str(data.get("number") or "")
    for number in emulator.world.numbers.values():
        if told in ("", number.id, number.digits):
            return number
    raise KeyError(f"number {told}")


def customer_of(emulator: "Emulator", data: Json) -> Customer:
    digits = "".join(letter for letter in str(data["from"]) if letter.isdecimal())
    if not digits:
        raise ValueError("from: a phone number")
    customer = emulator.world.customer(digits)
    if data.get("name"):
        customer.name = str(data["name"])
    return customer


def record_of(emulator: "Emulator", data: Json) -> Record:
    """`message`: a wamid; or `last`, the last one that was sent to `from`."""
    told = data["message"]
    if told != "last":
        return emulator.world.messages[told]
    who = customer_of(emulator, data).wa_id
    for record in reversed(emulator.world.messages.values()):
        if record.is_ours and record.who == who:
            return record
    raise KeyError(f"a message to {who}")


async def says(emulator: "Emulator", data: Json) -> Json:
    """A customer writes. `from`, `text`; or `kind` (any type of Meta's) with `part` (its object). `number`, `name`, `reply_to`."""
    number, customer = number_of(emulator, data), customer_of(emulator, data)
    kind = data.get("kind", "text")
    part = {"body": str(data["text"])} if kind == "text" else data.get("part")
    more = {key: data[key] for key in ("context", "referral", "identity", "errors", "group_id") if key in data}
    wamid = customers.says(emulator.world, emulator.courier, number, customer, kind, part, reply_to=data.get("reply_to", ""), **more)
    return {"message": wamid}


async def sends_file(emulator: "Emulator", data: Json) -> Json:
    """A customer sends a file. `from`, `kind` (image video audio document sticker), `content` (base64), `mime_type`, `caption`,
    `filename`, `is_voice`."""
    kind = str(data["kind"])
    try:
        content = base64.b64decode(data["content"], validate=True)
    except binascii.Error:
        raise ValueError("content: base64") from None
    wamid = customers.sends_file(
        emulator.world,
        emulator.courier,
        number_of(emulator, data),
        customer_of(emulator, data),
        kind,
        content,
        mime_type=str(data.get("mime_type") or MIME_TYPES[kind]),
        caption=str(data.get("caption", "")),
        filename=str(data.get("filename", "")),
        is_voice=bool(data.get("is_voice")),
        reply_to=str(data.get("reply_to", "")),
    )
    return {"message": wamid}


async def answers(emulator: "Emulator", data: Json) -> Json:
    """A customer taps a button or a row of a list, or sends in a form. `message` (or `last` with `from`), `choice`; or `form`."""
    record = record_of(emulator, data)
    number = emulator.world.numbers[record.number_id]
    wamid = customers.answers(emulator.world, emulator.courier, number, record.wamid, str(data.get("choice", "")), form=data.get("form"))
    return {"message": wamid}


async def reacts(emulator: "Emulator", data: Json) -> Json:
    """A customer reacts. `message`, `emoji` (empty: takes it back)."""
    record = record_of(emulator, data)
    return {"message": customers.reacts(emulator.world, emulator.courier, _line(emulator, record), record.wamid, str(data["emoji"]))}


async def edits(emulator: "Emulator", data: Json) -> Json:
    """A customer edits what they wrote. `message`, `text`."""
    record = record_of(emulator, data)
    return {"message": customers.edits(emulator.world, emulator.courier, _line(emulator, record), record.wamid, str(data["text"]))}


async def takes_back(emulator: "Emulator", data: Json) -> Json:
    """A customer deletes what they wrote for everybody. `message`."""
    record = record_of(emulator, data)
    return {"message": customers.takes_back(emulator.world, emulator.courier, _line(emulator, record), record.wamid)}


async def reads(emulator: "Emulator", data: Json) -> Json:
    """A customer reads a message. `message`."""
    record = record_of(emulator, data)
    customers.has_read(emulator.world, emulator.courier, _line(emulator, record), record.wamid)
    return {}


async def gets_status(emulator: "Emulator", data: Json) -> Json:
    """Any status of a message once more, in any order. `message`, `status`."""
    record = record_of(emulator, data)
    customers.tells_status(emulator.world, emulator.courier, _line(emulator, record), record.wamid, str(data["status"]))
    return {}


async def changes_number(emulator: "Emulator", data: Json) -> Json:
    """A customer gets a new number. `from`, `to`."""
    number, customer = number_of(emulator, data), customer_of(emulator, data)
    return {"message": customers.changes_number(emulator.world, emulator.courier, number, customer, str(data["to"]))}


async def prefers(emulator: "Emulator", data: Json) -> Json:
    """A customer stops or resumes marketing in WhatsApp itself. `from`, `value` (stop, resume)."""
    if data["value"] not in ("stop", "resume", "signup"):
        raise ValueError("value: stop, resume or signup")
    customers.prefers(emulator.world, emulator.courier, number_of(emulator, data), customer_of(emulator, data), data["value"])
    return {}


async def business_writes(emulator: "Emulator", data: Json) -> Json:
    """Somebody of the company types in the WhatsApp Business app (coexistence). `from` (the customer), `text`."""
    number, customer = number_of(emulator, data), customer_of(emulator, data)
    return {"message": customers.writes_from_phone(emulator.world, emulator.courier, number, customer, str(data["text"]))}


async def customer(emulator: "Emulator", data: Json) -> Json:
    """What is true of a customer: `from`, and any of `is_reachable reads hides_phone username has_blocked has_had_enough
    stopped_marketing identity_hash user_id`; `alias`: a number that is dialled for them."""
    person = customer_of(emulator, data)
    for key, value in data.items():
        if key in ("from", "number"):
            continue
        if key not in CUSTOMER_FIELDS or key in FIXED:
            raise KeyError(key)
        if key == "alias":
            emulator.world.aliases[str(value)] = person.wa_id
            continue
        setattr(person, key, type(getattr(person, key))(value))
    emulator.world.by_user_id[person.user_id] = person
    return {"wa_id": person.wa_id, "user_id": person.user_id}


def _line(emulator: "Emulator", record: Record) -> Number:
    return emulator.world.numbers[record.number_id]


DEEDS: dict[str, Callable[["Emulator", Json], Awaitable[Json]]] = {
    "says": says,
    "sends-file": sends_file,
    "answers": answers,
    "reacts": reacts,
    "edits": edits,
    "takes-back": takes_back,
    "reads": reads,
    "gets-status": gets_status,
    "changes-number": changes_number,
    "prefers": prefers,
    "business-writes": business_writes,
    "customer": customer,
}
