"""Status items of a webhook into `Receipt`."""

from typing import Any

from connectors.providers.cloud_api.errors import fault_from
from connectors.providers.cloud_api.people import address_of, moment
from connectors.types import Delivery, Person, Receipt
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.clock import now

STATUSES = {
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "played": Delivery.PLAYED,
    "failed": Delivery.FAILED,
}
KEPT = ("conversation", "pricing", "recipient_type", "recipient_participant_id")


def receipt_from(item: dict[str, Any]) -> Receipt | None:
    """None for a status that moves no message (`deleted`, `warning`, the ringing of a call, or one not known yet)."""
    status = STATUSES.get(item["status"])
    if status is None or item.get("type") == "call":
        return None
    payload = {key: item[key] for key in KEPT if key in item}
    at = moment(item.get("timestamp"))
    if at is None:
        payload["timestamp_unreadable"] = item.get("timestamp")
        at = now()
    errors = item.get("errors")
    if errors and len(errors) > 1:
        payload["more_errors"] = errors[1:]
    return Receipt(
        external_id=str(item["id"]),
        status=status,
        at=at,
        our_id=str(item.get("biz_opaque_callback_data") or ""),
        fault=fault_from(errors[0]) if errors else None,
        person=_receiver(item),
        payload=payload,
    )


def _receiver(item: dict[str, Any]) -> Person | None:
    if item.get("recipient_type") == "group":
        return None
    addresses = [address_of(item["recipient_id"])] if item.get("recipient_id") else []
    if item.get("recipient_user_id"):
        addresses.append(Address(AddressKind.BSUID, str(item["recipient_user_id"])))
    return Person(tuple(dict.fromkeys(addresses))) if addresses else None
