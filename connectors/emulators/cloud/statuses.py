"""What is told of a message after it was taken: sent, delivered, read, played, or failed; each a status item of a webhook."""

from dataclasses import dataclass
from typing import Any

from connectors.emulators.cloud.refusals import Refusal
from connectors.emulators.cloud.world import Customer

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """A message on its way."""

    wamid: str
    customer: Customer
    tracker: str | None
    category: str
    is_billable: bool
    is_reaction: bool = False
    is_voice: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One status, by its name; `item` lacks only the time."""

    name: str
    item: Json


def steps_of(progress: Progress, failure: Refusal | None) -> list[Step]:
    """In their order. A person who blocked the business gets nothing, and the business hears of no more than `sent`."""
    if failure is not None:
        return [Step("failed", _item(progress, "failed") | {"errors": [failure.in_status()]})]
    names = ["sent"]
    if not progress.is_reaction and not progress.customer.has_blocked:
        names.append("delivered")
        if progress.customer.reads:
            names.append("read")
            if progress.is_voice:
                names.append("played")
    return [Step(name, _item(progress, name) | _price(progress, name)) for name in names]


def _item(progress: Progress, name: str) -> Json:
    item: Json = {"id": progress.wamid, "status": name}
    if not progress.customer.hides_phone:
        item["recipient_id"] = progress.customer.wa_id
    if progress.customer.hides_phone or progress.customer.username:
        item["recipient_user_id"] = progress.customer.user_id
    if progress.tracker is not None:
        item["biz_opaque_callback_data"] = progress.tracker
    return item


def _price(progress: Progress, name: str) -> Json:
    """Per message since 2025-07-01; told with `sent` and `delivered`, or with `read` when that comes first."""
    if name == "played":
        return {}
    kind = "regular" if progress.is_billable else "free_customer_service"
    return {"pricing": {"billable": progress.is_billable, "pricing_model": "PMP", "type": kind, "category": progress.category}}
