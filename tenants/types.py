"""What crosses this app's border."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenants.models import Company


@dataclass(frozen=True)
class Founding:
    """A company being made: its schema is entered, its transaction is open. No `admin_email`: it begins without anybody."""

    company: Company
    admin_email: str = ""
    admin_name: str = ""
    admin_password: str = ""


@dataclass(frozen=True)
class CompanyDeed:
    """What was done to a company as a whole: `changed`, `suspended` or `resumed`. `changes`: field → before, after."""

    company: Company
    name: str
    changes: dict[str, tuple[Any, Any]]
    by: Any
    is_by_platform: bool


@dataclass(frozen=True)
class FlightEntry:
    """One line for the flight recorder. `request` and `response` come from `services.flights.summary`, without secrets."""

    connection_id: int
    direction: str
    kind: str = ""
    external_id: str = ""
    our_id: str = ""
    webhook_id: int | None = None
    request: str = ""
    response: str = ""
    http_status: int | None = None
    error: str = ""
    received_at: datetime | None = None
    parsed_at: datetime | None = None
    applied_at: datetime | None = None
    pushed_at: datetime | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
