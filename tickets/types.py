"""What tickets hand to others. Frozen dataclasses; no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Stored = TypeVar("Stored")


@dataclass(frozen=True, slots=True)
class Received(Generic[Stored]):
    """A message (`tickets.models.Message`) that came in. Not `is_new`: a repeat, or what changed an older one (`has_changed`)."""

    message: Stored
    is_new: bool
    has_changed: bool = False
    is_first: bool = False  # it opened its ticket


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt as the statements take it."""

    key: str
    external_id: str
    status: int
    at: datetime
    error_code: str = ""
    error_text: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A message whose status moved, from `old` to `new` (Delivery values)."""

    message_id: int
    origin: str
    origin_id: int | None
    old: int
    new: int
    error_code: str
    error_text: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch of receipts did. `message_ids`: every message they speak of, moved or not; `parked`: receipts that match none yet."""

    moves: tuple[Move, ...]
    message_ids: tuple[int, ...]
    parked: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt to send. `status` is a Delivery value; QUEUED with `retry_at` means: once more, then."""

    message_id: int
    status: int
    external_id: str = ""
    error_code: str = ""
    error_text: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketLook:
    """What of a ticket several people change at once: enough to tell whether what browsers were told is still true."""

    status: str
    queue_id: int | None
    assignee_id: int | None
    unread_count: int
    last_message_id: int | None
    last_status: int | None


@dataclass(frozen=True, slots=True)
class FilledReply(Generic[Stored]):
    """A quick reply for one conversation, with its file (`connectors.models.Media`). `missing` still stand in the body as `{{name}}`."""

    body: str
    missing: tuple[str, ...]
    media: Stored | None


@dataclass(frozen=True, slots=True)
class Occurrence(Generic[Stored]):
    """One time of a schedule (`tickets.models.Schedule`): it is `waiting`, was `sent`, or `failed`."""

    at: datetime
    schedule: Stored
    state: str = "waiting"
    error_text: str = ""


@dataclass(frozen=True, slots=True)
class Calendar(Generic[Stored]):
    occurrences: tuple[Occurrence[Stored], ...]
    is_complete: bool
