"""A webhook's envelope into events: entry × changes × items, in the order of the payload.

Batches hold up to 1000 updates, in any mix, and Meta repeats a webhook until it sees 200: so one item that cannot be
read never costs its siblings, it is kept as an OtherEvent with the reason.
"""

import json
from collections.abc import Callable
from typing import Any

import orjson
from django.utils.translation import gettext as _

from connectors.providers.cloud_api import accounts
from connectors.providers.cloud_api.errors import fault_from, rule_for
from connectors.providers.cloud_api.messages import address_changes, message_from
from connectors.providers.cloud_api.people import People, address_of, moment
from connectors.providers.cloud_api.receipts import receipt_from
from connectors.types import OTHER_NUMBER, ConnectionState, Event, Link, OtherEvent, Person, Policy, Preference
from tenants.lib.clock import now

Value = dict[str, Any]
Events = list[Event]


def parse(body: bytes, link: Link | None = None) -> Events:
    """With `link`, changes for another number (`phone_number_id`) or another account (`waba_id`) become one OtherEvent each."""
    document = load(body)
    events: Events = []
    for entry in objects_of(document, "entry"):
        for change in objects_of(entry, "changes"):
            _read_change(change, str(entry.get("id") or ""), link, events)
    if not events:
        events.append(OtherEvent("empty", _("A call without any event."), document))
    return events


def load(body: bytes) -> Value:
    """The JSON object, without NUL characters and lone surrogates, which PostgreSQL cannot keep."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = _clean(_load_leniently(body))
    if not isinstance(document, dict):
        raise ValueError("The body is not a JSON object.")
    return _clean(document) if b"\\u0000" in body else document


def _load_leniently(body: bytes) -> Any:
    """orjson refuses lone surrogates (half an emoji, cut by a preview); the standard library reads them."""
    try:
        return json.loads(body, parse_constant=lambda name: None)
    except RecursionError:
        raise ValueError("The body is nested too deeply.") from None


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return value


def objects_of(holder: Value, key: str) -> list[Value]:
    items = holder.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def phone_number_id(value: object) -> str:
    metadata = value.get("metadata") if isinstance(value, dict) else None
    return str(metadata.get("phone_number_id") or "") if isinstance(metadata, dict) else ""


def _read_change(change: Value, account_id: str, link: Link | None, events: Events) -> None:
    field, value = str(change.get("field") or ""), change.get("value")
    if not isinstance(value, dict):
        events.append(OtherEvent(field, _("A change without a value."), change))
        return
    if link is not None:
        reason = _stranger(value, account_id, link)
        if reason:
            events.append(OtherEvent(OTHER_NUMBER, reason, change))
            return
    reader = FIELDS.get(field)
    try:
        if reader:
            reader(value, events)
        elif field in accounts.READERS:
            events.extend(accounts.READERS[field](value))
        else:
            events.append(OtherEvent(field, _("An event of a kind not known yet: %(field)s.") % {"field": field or "?"}, value))
    except Exception as error:  # whatever is in there, it must not cost the other changes
        events.append(_broken(field, change, error))


def _stranger(value: Value, account_id: str, link: Link) -> str:
    """Why this change is not ours. Empty when it is, or when it or the connection does not say."""
    ours, theirs = str(link.credentials.get("phone_number_id") or ""), phone_number_id(value)
    if ours and theirs and ours != theirs:
        return _("For the number with the id %(id)s, not for this connection.") % {"id": theirs}
    our_account = str(link.credentials.get("waba_id") or "")
    if not theirs and our_account and account_id and account_id != our_account:
        return _("For the WhatsApp account %(id)s, not for this connection's.") % {"id": account_id}
    return ""


def _broken(field: str, item: object, error: Exception) -> OtherEvent:
    reason = f"{type(error).__name__}: {error}"[:200]
    return OtherEvent(f"{field}.broken", _("An item that cannot be read (%(reason)s).") % {"reason": reason}, {"item": item})


def _each(value: Value, key: str, field: str, events: Events, read: Callable[[Any], None]) -> None:
    items = value.get(key)
    if items is None:
        return
    if not isinstance(items, list):
        events.append(_broken(field, items, TypeError(f"{key} is not a list")))
        return
    for item in items:
        try:
            read(item)
        except Exception as error:
            events.append(_broken(field, item, error))


def _read_messages(value: Value, events: Events) -> None:
    before = len(events)
    people = People(value.get("contacts"))

    def read_message(item: Value) -> None:
        is_echo = item.get("is_echo") is True
        person = people.receiver(item) if is_echo else people.sender(item)
        message = message_from(item, person, is_echo=is_echo)
        if item.get("type") == "system":
            events.extend(address_changes(item, person))
        events.append(message)

    def read_status(item: Value) -> None:
        receipt = receipt_from(item)
        if receipt is None:
            summary = _("A status that moves no message: %(status)s.") % {"status": item["status"]}
            events.append(OtherEvent(f"messages.status.{item['status']}", summary, item))
        else:
            events.append(receipt)

    if "messages" in value:
        _each(value, "messages", "messages", events, read_message)
    if "statuses" in value:
        _each(value, "statuses", "messages.status", events, read_status)
    if "message_echoes" in value:
        _read_echoes(value, events)
    if "errors" in value:
        _each(value, "errors", "messages.errors", events, lambda item: events.append(_account_error(item)))
    if len(events) == before:
        events.append(OtherEvent("messages", _("A change that holds no message and no status."), value))


def _account_error(item: Value) -> Event:
    """An error at the level of the account: said by the connection when the number may not send, else only kept."""
    fault = fault_from(item)
    rule = rule_for(int(fault.code))
    if rule.policy is Policy.PAUSE_NUMBER:
        facts = {"fault": {"code": fault.code, "title": fault.title, "details": fault.details}}
        return ConnectionState(reason=str(rule.sentence), facts=facts, is_account=rule.is_account)
    return OtherEvent("messages.errors", f"{fault.code}: {fault.details or fault.title}", item)


def _read_echoes(value: Value, events: Events) -> None:
    """Messages that the company typed on its own phone (coexistence)."""
    people = People(value.get("contacts"))
    _each(
        value,
        "message_echoes",
        "smb_message_echoes",
        events,
        lambda item: events.append(message_from(item, people.receiver(item), is_echo=True)),
    )


def _read_preferences(value: Value, events: Events) -> None:
    """A stop lasts until the person resumes; `signup` is a person who asked for marketing."""
    people = People(value.get("contacts"))

    def read(item: Value) -> None:
        if item["value"] not in ("stop", "resume", "signup"):
            events.append(
                OtherEvent("user_preferences", _("A preference of a kind not known yet: %(value)s.") % {"value": item["value"]}, item)
            )
            return
        person: Person = people.sender({"from": item.get("wa_id"), "from_user_id": item.get("user_id")})
        purpose = str(item.get("category") or "").removesuffix("_messages") or "marketing"
        events.append(Preference(person, purpose, item["value"] == "stop", moment(item.get("timestamp")) or now()))

    _each(value, "user_preferences", "user_preferences", events, read)


def _read_calls(value: Value, events: Events) -> None:
    def read_call(item: Value) -> None:
        is_theirs = item.get("direction") == "USER_INITIATED"
        who = address_of(item.get("from" if is_theirs else "to") or item.get("from_user_id") or "?").value
        facts = {"who": who, "event": item.get("status") or item.get("event") or "?", "seconds": item.get("duration", 0)}
        words = _("Call from %(who)s: %(event)s, %(seconds)s s.") if is_theirs else _("Call to %(who)s: %(event)s, %(seconds)s s.")
        events.append(OtherEvent("calls", words % facts, item))

    def read_status(item: Value) -> None:
        who = address_of(item.get("recipient_id") or "?").value
        events.append(OtherEvent("calls", _("Call to %(who)s: %(event)s.") % {"who": who, "event": item["status"]}, item))

    _each(value, "calls", "calls", events, read_call)
    _each(value, "statuses", "calls", events, read_status)
    _each(
        value,
        "errors",
        "calls",
        events,
        lambda item: events.append(OtherEvent("calls", f"{item.get('code')}: {item.get('message') or item.get('title')}", item)),
    )


def _read_history(value: Value, events: Events) -> None:
    def read(item: Value) -> None:
        if item.get("errors"):
            events.append(
                OtherEvent("history", _("The company did not share its history: %(why)s") % {"why": item["errors"][0].get("message")}, item)
            )
            return
        facts, threads = item.get("metadata") or {}, item.get("threads") or []
        numbers = {
            "progress": facts.get("progress"),
            "threads": len(threads),
            "messages": sum(len(thread.get("messages") or []) for thread in threads),
        }
        summary = _("Older messages, %(progress)s %% done: %(messages)s messages in %(threads)s conversations.") % numbers
        events.append(OtherEvent("history", summary, item))

    _each(value, "history", "history", events, read)


def _read_app_state(value: Value, events: Events) -> None:
    def read(item: Value) -> None:
        contact = item.get("contact") or {}
        facts = {"action": item.get("action"), "name": contact.get("full_name") or contact.get("phone_number")}
        events.append(OtherEvent("smb_app_state_sync", _("The phone's contact list changed: %(action)s %(name)s.") % facts, item))

    _each(value, "state_sync", "smb_app_state_sync", events, read)


def _group_reader(field: str) -> Callable[[Value, Events], None]:
    def read_groups(value: Value, events: Events) -> None:
        def read(item: Value) -> None:
            facts = {"kind": item.get("type") or field, "name": item.get("subject") or item.get("group_id") or "?"}
            events.append(OtherEvent(field, _("Group %(name)s: %(kind)s.") % facts, item))

        _each(value, "groups", field, events, read)

    return read_groups


FIELDS: dict[str, Callable[[Value, Events], None]] = {
    "messages": _read_messages,
    "smb_message_echoes": _read_echoes,
    "user_preferences": _read_preferences,
    "calls": _read_calls,
    "history": _read_history,
    "smb_app_state_sync": _read_app_state,
    "group_lifecycle_update": _group_reader("group_lifecycle_update"),
    "group_participants_update": _group_reader("group_participants_update"),
    "group_settings_update": _group_reader("group_settings_update"),
    "group_status_update": _group_reader("group_status_update"),
}
