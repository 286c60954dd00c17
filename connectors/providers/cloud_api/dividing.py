"""One call of Meta's may be about many numbers, of several companies: here it is divided, so that each reads its own part only."""

from typing import Any

import orjson

from connectors.providers.cloud_api.parsing import load, objects_of, phone_number_id
from connectors.types import ACCOUNT


def portions(body: bytes) -> dict[str, bytes]:
    """By phone_number_id, or `account:<WABA id>` for changes that name no number; in the order of the call. The usual call, about one
    number, stays as it came."""
    document = load(body)
    entries: dict[str, list[dict[str, Any]]] = {}
    for entry in objects_of(document, "entry"):
        changes: dict[str, list[dict[str, Any]]] = {}
        for change in objects_of(entry, "changes"):
            changes.setdefault(phone_number_id(change.get("value")) or f"{ACCOUNT}{entry.get('id')}", []).append(change)
        for key, own in changes.items():
            entries.setdefault(key, []).append({**entry, "changes": own})
    if len(entries) == 1:
        return dict.fromkeys(entries, body)
    return {key: orjson.dumps({**document, "entry": own}) for key, own in entries.items()}
