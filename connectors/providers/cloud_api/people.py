"""Who is at the other end of a webhook item, and when it happened."""

from datetime import UTC, datetime
from typing import Any

from connectors.types import Person
from tenants.lib.addresses import Address, AddressKind

MILLISECONDS_FROM = 100_000_000_000  # the year 5138 in seconds, 1973 in milliseconds


def moment(value: object) -> datetime | None:
    """Seconds as a string, seconds as a number, and (seen once) milliseconds. None for anything else."""
    try:
        stamp = float(value)  # type: ignore[arg-type]
        return datetime.fromtimestamp(stamp / 1000 if stamp > MILLISECONDS_FROM else stamp, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def is_phone(identifier: object) -> bool:
    return isinstance(identifier, str) and identifier.isdecimal() and identifier.isascii()


def address_of(identifier: object) -> Address:
    """Digits are a phone; anything else is an opaque id of the business's own space (BSUID), which also comes in `from` and `wa_id`."""
    if is_phone(identifier):
        return Address(AddressKind.PHONE, f"+{identifier}")
    return Address(AddressKind.BSUID, str(identifier))


class People:
    """The `contacts` of a change, found by phone or by business-scoped id; the only one stands in when ids do not match."""

    __slots__ = ("_by_id", "_only")

    def __init__(self, contacts: object) -> None:
        self._by_id: dict[str, dict[str, Any]] = {}
        self._only: dict[str, Any] | None = None
        if not isinstance(contacts, list):
            return
        for contact in contacts:
            if not isinstance(contact, dict):
                continue
            for key in ("wa_id", "user_id"):
                if contact.get(key):
                    self._by_id[str(contact[key])] = contact
        if len(contacts) == 1 and isinstance(contacts[0], dict):
            self._only = contacts[0]

    def sender(self, item: dict[str, Any]) -> Person:
        """Who wrote this message. Since 2026 `from` and `wa_id` are absent when the person hides their phone."""
        return self._person(item.get("from"), item.get("from_user_id"), self._only)

    def receiver(self, item: dict[str, Any]) -> Person:
        """Whom the company wrote to from its own phone (an echo). The change's contact is used only when it is that person."""
        return self._person(item.get("to"), item.get("to_user_id"), None)

    def _person(self, phone: Any, user_id: Any, stand_in: dict[str, Any] | None) -> Person:
        contact = self._by_id.get(str(phone)) or self._by_id.get(str(user_id))
        if contact is None:
            contact = stand_in if stand_in is not None and not is_phone(phone) else {}
        phones: dict[Address, None] = {}
        opaque: dict[Address, None] = {}
        for value in (phone, contact.get("wa_id")):
            if value:
                (phones if is_phone(value) else opaque)[address_of(value)] = None
        named = {Address(AddressKind.BSUID, str(value)): None for value in (user_id, contact.get("user_id")) if value}
        addresses = (*phones, *named) or (*opaque,)
        if not addresses:
            raise ValueError("nobody is named as the other side")
        profile = contact.get("profile")
        if not isinstance(profile, dict):
            return Person(addresses)
        return Person(addresses, str(profile.get("name") or ""), str(profile.get("username") or ""))
