"""What people do with their phones: write, answer, react, edit, take back, change number, stop marketing, read. Each becomes a webhook.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages
"""

import base64
import hashlib
import json
from typing import Any

from connectors.emulators.cloud.courier import Courier
from connectors.emulators.cloud.names import fresh_id, fresh_wamid
from connectors.emulators.cloud.statuses import Progress, Step, steps_of
from connectors.emulators.cloud.world import Customer, Number, Record, StoredFile, World

Json = dict[str, Any]
MEDIA = ("image", "video", "audio", "document", "sticker")


def says(
    world: World, courier: Courier, number: Number, customer: Customer, kind: str, part: Any = None, *, reply_to: str = "", **more: Any
) -> str:
    """A message of any type, `part` as Meta documents it under the type's name. Opens the window. Returns its wamid."""
    wamid = fresh_wamid()
    now = world.now()
    item: Json = {**_sender(customer), "id": wamid, "timestamp": str(int(now)), "type": kind}
    if part is not None:
        item[kind] = part
    context = dict(more.pop("context", {}))
    if reply_to:
        quoted = world.messages.get(reply_to)
        author = number.digits if quoted is None or quoted.is_ours else customer.wa_id
        context |= {"from": author, "id": reply_to}
    if context:
        item["context"] = context
    item |= more
    customer.wrote_at[number.id] = now
    world.keep(Record(wamid, number.id, customer.wa_id, False, item, now))
    courier.tell_messages(number, contacts=[contact_of(customer)], messages=[item])
    return wamid


def _sender(customer: Customer) -> Json:
    """Since 2026 the phone is withheld of a person who uses a username and whom the business does not know."""
    sender: Json = {} if customer.hides_phone else {"from": customer.wa_id}
    return sender | {"from_user_id": customer.user_id} if customer.hides_phone or customer.username else sender


def contact_of(customer: Customer) -> Json:
    profile = {"name": customer.name} | ({"username": customer.username} if customer.username else {})
    contact: Json = {"profile": profile}
    if not customer.hides_phone:
        contact["wa_id"] = customer.wa_id
    if customer.hides_phone or customer.username:
        contact["user_id"] = customer.user_id
    return contact


def sends_file(
    world: World,
    courier: Courier,
    number: Number,
    customer: Customer,
    kind: str,
    content: bytes,
    *,
    mime_type: str,
    caption: str = "",
    filename: str = "",
    is_voice: bool = False,
    reply_to: str = "",
) -> str:
    """A picture, a sound, a document … by its id; its bytes are fetched as Meta's are."""
    media_id = fresh_id()
    world.files[media_id] = StoredFile(content, mime_type, filename, created_at=world.now())
    part: Json = {"id": media_id, "mime_type": mime_type, "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode()}
    if caption:
        part["caption"] = caption
    if filename:
        part["filename"] = filename
    if kind == "audio":
        part["voice"] = is_voice
    if kind == "sticker":
        part["animated"] = False
    return says(world, courier, number, customer, kind, part, reply_to=reply_to)


def answers(world: World, courier: Courier, number: Number, wamid: str, choice: str, *, form: Json | None = None) -> str:
    """Taps the button or the list row with this id or title in a message of ours, or sends in its form. ValueError when it has none."""
    record = world.messages[wamid]
    customer = world.customers[record.who]
    document = record.document
    if document.get("type") == "template":
        part: Json = {"payload": _payload(document["template"], choice), "text": choice}
        return says(world, courier, number, customer, "button", part, reply_to=wamid)
    interactive = document.get("interactive") or {}
    if form is not None:
        reply = {"name": "flow", "body": "Sent", "response_json": json.dumps(form)}
        return says(world, courier, number, customer, "interactive", {"type": "nfm_reply", "nfm_reply": reply}, reply_to=wamid)
    action = interactive.get("action", {})
    for button in action.get("buttons", []):
        if choice in button["reply"].values():
            part = {"type": "button_reply", "button_reply": dict(button["reply"])}
            return says(world, courier, number, customer, "interactive", part, reply_to=wamid)
    for section in action.get("sections", []):
        for row in section.get("rows", []):
            if choice in (row["id"], row["title"]):
                return says(
                    world, courier, number, customer, "interactive", {"type": "list_reply", "list_reply": dict(row)}, reply_to=wamid
                )
    raise ValueError(f"The message {wamid} has no choice {choice!r}.")


def _payload(template: Json, choice: str) -> str:
    for component in template.get("components", []):
        for parameter in component.get("parameters", []) if component.get("sub_type") == "quick_reply" else []:
            if parameter.get("type") == "payload":
                return str(parameter["payload"])
    return choice


def reacts(world: World, courier: Courier, number: Number, wamid: str, emoji: str) -> str:
    """An empty emoji takes the reaction back: then the key is absent."""
    customer = world.customers[world.messages[wamid].who]
    part = {"message_id": wamid} | ({"emoji": emoji} if emoji else {})
    return says(world, courier, number, customer, "reaction", part)


def edits(world: World, courier: Courier, number: Number, wamid: str, body: str) -> str:
    customer = world.customers[world.messages[wamid].who]
    part = {"original_message_id": wamid, "message": {"type": "text", "text": {"body": body}}}
    return says(world, courier, number, customer, "edit", part)


def takes_back(world: World, courier: Courier, number: Number, wamid: str) -> str:
    customer = world.customers[world.messages[wamid].who]
    return says(world, courier, number, customer, "revoke", {"original_message_id": wamid})


def changes_number(world: World, courier: Courier, number: Number, customer: Customer, new: str) -> str:
    words = f"User {customer.name} changed from {customer.wa_id} to {new}"
    wamid = says(world, courier, number, customer, "system", {"body": words, "wa_id": new, "type": "user_changed_number"})
    customer.is_reachable = False
    world.customer(new).name = customer.name
    return wamid


def prefers(world: World, courier: Courier, number: Number, customer: Customer, value: str) -> None:
    """`stop` or `resume` of marketing, in WhatsApp itself."""
    customer.stopped_marketing = value == "stop"
    item = {
        "wa_id": customer.wa_id,
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(world.now()),
    }
    lists = {"contacts": [contact_of(customer)], "user_preferences": [item]}
    courier.tell(number.account, "user_preferences", courier.value_of(number, **lists), number=number)


def writes_from_phone(world: World, courier: Courier, number: Number, customer: Customer, body: str) -> str:
    """Somebody of the company typed in the WhatsApp Business app (coexistence): an echo."""
    wamid = fresh_wamid()
    stamp = str(int(world.now()))
    item = {"from": number.digits, "to": customer.wa_id, "id": wamid, "timestamp": stamp, "type": "text", "text": {"body": body}}
    courier.tell(number.account, "smb_message_echoes", courier.value_of(number, message_echoes=[item]), number=number)
    return wamid


def has_read(world: World, courier: Courier, number: Number, wamid: str) -> None:
    """The person opens the conversation, whenever that is."""
    tells_status(world, courier, number, wamid, "read")


def tells_status(world: World, courier: Courier, number: Number, wamid: str, name: str) -> None:
    record = world.messages[wamid]
    progress = Progress(wamid, world.customers[record.who], record.document.get("biz_opaque_callback_data"), "service", False)
    step = next((one for one in steps_of(progress, None) if one.name == name), None)
    item = step.item if step else {"id": wamid, "status": name, "recipient_id": record.who}
    courier.tell_progress(number, [Step(name, item)])
