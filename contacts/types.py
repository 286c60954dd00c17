"""What crosses this app's border."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenants.lib.addresses import Address


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who wrote, as a gateway tells of them: every address known, and what they call themselves."""

    addresses: tuple[Address, ...]
    name: str = ""
    username: str = ""


CONTACT_VARIABLES = frozenset({"name", "first_name", "phone", "email"})
CUSTOM = "custom."


@dataclass(frozen=True, slots=True)
class ContactWords:
    """What texts with variables may say of a contact (tenants/lib/patterns.py)."""

    name: str
    phone: str
    email: str
    custom: Mapping[str, Any]

    def value_of(self, variable: str) -> str:
        """name, first_name, phone, email or custom.<key>; empty when there is no value, or no such variable."""
        if variable == "first_name":
            return self.name.strip().split(" ", 1)[0]
        if variable in CONTACT_VARIABLES:
            return str(getattr(self, variable))
        if variable.startswith(CUSTOM):
            value = self.custom.get(variable.removeprefix(CUSTOM))
            return "" if value is None else str(value)
        return ""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a contact: `field` is name, email, locale or custom.<key>. Numbers and dates (ISO) compare as such."""

    field: str
    operator: str
    value: str = ""


OPERATORS = ("equals", "differs", "contains", "greater", "less", "is_set", "is_empty")
PLAIN_FIELDS = ("name", "email", "locale")
