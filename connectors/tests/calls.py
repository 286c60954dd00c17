"""Small Cloud API webhooks for tests, in the documented shape; and the folder of recorded ones, when it is there."""

import json
from pathlib import Path
from typing import Any

NUMBER_ID = "106540352242922"
ACCOUNT_ID = "102290129340398"
RECORDED = Path(__file__).resolve().parents[3] / "shared" / "wire" / "cloud_api"


def call(*changes: dict[str, Any], account: str = ACCOUNT_ID) -> bytes:
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": account, "changes": list(changes)}]}).encode()


def change(field: str, *, number: str = NUMBER_ID, **value: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number}
    return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}


def messages(*items: Any, contacts: list[dict[str, Any]] | None = None, number: str = NUMBER_ID) -> bytes:
    people = contacts if contacts is not None else [{"profile": {"name": "Ana"}, "wa_id": "5511987654321"}]
    return call(change("messages", number=number, contacts=people, messages=list(items)))


def message(kind: str = "text", **parts: Any) -> dict[str, Any]:
    base = {"from": "5511987654321", "id": "wamid.IN1", "timestamp": "1749416383", "type": kind}
    return base | ({"text": {"body": "olá"}} if kind == "text" else {}) | parts


def status(state: str = "delivered", **parts: Any) -> dict[str, Any]:
    return {"id": "wamid.OUT1", "status": state, "timestamp": "1749416390", "recipient_id": "5511987654321"} | parts


def statuses(*items: Any) -> bytes:
    return call(change("messages", statuses=list(items)))


def recorded_webhooks() -> list[Path]:
    """Recorded samples that are webhooks; none on a machine that has no such folder."""
    files = sorted(RECORDED.glob("*.json")) if RECORDED.is_dir() else []
    return [file for file in files if "entry" in json.loads(file.read_bytes())]


def recorded_exchanges() -> list[tuple[str, dict[str, Any], bool]]:
    """Sends that other programs were recorded with: name, body, and whether it is a real one (no placeholders)."""
    found = []
    for file in sorted(RECORDED.glob("courier_send_*.json")) if RECORDED.is_dir() else []:
        for place, exchange in enumerate(json.loads(file.read_bytes())["exchanges"]):
            body = exchange["request"]["body"]
            if body:
                found.append((f"{file.stem}.{place}", body, "<" not in json.dumps(body)))
    return found
