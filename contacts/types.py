"""What crosses this app's border."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenants.lib.addresses import Address
from tenants.lib.quiet_hours import QuietHours


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


# What people write when they have had enough, and when they want it back: Portuguese, English, Spanish. Alone in a message.
STOP_WORDS = (
    *("parar", "pare", "sair", "cancelar", "descadastrar", "remover", "não quero receber", "parar promoções"),
    *("stop", "unsubscribe", "opt out", "stop promotions", "remove me"),
    *("baja", "darme de baja", "no quiero recibir"),
)
RESUME_WORDS = ("voltar a receber", "quero receber", "start", "unstop", "resubscribe", "quiero recibir")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a company keeps to when it writes first. `most_messages` marketing messages in `per_days` days; None: as many as it likes.
    Quiet hours are on the recipient's clock; weekdays from Monday, 0. An empty answer is none."""

    stop_words: tuple[str, ...] = STOP_WORDS
    resume_words: tuple[str, ...] = RESUME_WORDS
    stop_answer: str = ""
    resume_answer: str = ""
    most_messages: int | None = None
    per_days: int = 7
    quiet_from: datetime.time | None = None
    quiet_until: datetime.time | None = None
    quiet_weekdays: frozenset[int] = frozenset()
    keeps_holidays: bool = False

    @property
    def quiet_hours(self) -> QuietHours:
        return QuietHours(self.quiet_from, self.quiet_until, self.quiet_weekdays, self.keeps_holidays)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a customer said in one message: its text, or what stands on the button that they tapped."""

    message_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer asked for, and changed by it: `meaning` is stop or resume. `answer`: what the company says to it, or empty."""

    message_id: int
    meaning: str
    answer: str
