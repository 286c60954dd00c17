"""The flight recorder's lines for what came in: one for each event, so that a message is found by its id."""

import datetime
from collections.abc import Sequence

from connectors.statements import RawCall
from connectors.types import (
    AddressChange,
    ConnectionState,
    Event,
    Handled,
    InboundMessage,
    OtherEvent,
    Preference,
    Receipt,
    TemplateState,
    TypingSign,
)
from tenants.models import Flight
from tenants.services.flights import summary
from tenants.types import FlightEntry

Parsed = tuple[RawCall, datetime.datetime, Event]


def lines_of(connection_id: int, parsed: Sequence[Parsed], steps: Sequence[Handled]) -> list[FlightEntry]:
    """Received, parsed, applied, pushed: each with its time. The raw call itself is found by `webhook_id`."""
    return [
        FlightEntry(
            connection_id=connection_id,
            direction=Flight.Direction.IN,
            kind=kind_of(event),
            external_id=event.external_id if isinstance(event, InboundMessage | Receipt) else "",
            our_id=event.our_id if isinstance(event, Receipt) else "",
            webhook_id=raw.id,
            request=_request_of(event),
            error=_error_of(event),
            received_at=raw.received_at,
            parsed_at=parsed_at,
            applied_at=step.applied_at,
            pushed_at=step.pushed_at,
        )
        for (raw, parsed_at, event), step in zip(parsed, steps, strict=True)
        if not isinstance(event, TypingSign)
    ]


def kind_of(event: Event) -> str:
    """`message.text`, `receipt.read`, `connection`, ... Longer than the column never."""
    match event:
        case InboundMessage():
            kind = f"message.{event.kind}"
        case Receipt():
            kind = f"receipt.{event.status.name.lower()}"
        case ConnectionState():
            kind = "connection"
        case TemplateState():
            kind = "template"
        case AddressChange():
            kind = "address"
        case Preference():
            kind = "preference"
        case TypingSign():
            kind = "typing"
        case OtherEvent():
            kind = f"other.{event.field}"
    return kind[:40]


def _request_of(event: Event) -> str:
    """Only what no other place shows: messages stand in their conversations, receipts in the raw call."""
    if isinstance(event, OtherEvent):
        return f"{event.summary}\n{summary(dict(event.payload))}"
    if isinstance(event, ConnectionState):
        return f"{event.reason}\n{summary(dict(event.facts))}".strip()
    if isinstance(event, TemplateState):
        return " ".join(part for part in (event.name, event.language, event.status, event.category, event.quality, event.reason) if part)
    return ""


def _error_of(event: Event) -> str:
    fault = event.fault if isinstance(event, Receipt) else None
    return " ".join(part for part in (fault.code, fault.title, fault.details) if part) if fault else ""
