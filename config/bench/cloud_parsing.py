"""Webhooks of the Cloud API read into events, on one core: statuses and messages as Meta sends them, each call with one, and batches."""

import time
from collections.abc import Sequence

import orjson

from config.bench.installation import Installation
from config.bench.results import Result, middle
from connectors.registry import provider_named
from connectors.types import InboundMessage, Link, Receipt
from tenants.models import Company

STATUSES_GOAL, MESSAGES_GOAL = 20_000, 5_000
ITEMS = 10_000
BATCH = 20
ROUNDS = 5
NUMBER_ID, ACCOUNT_ID = "106540352242922", "102290129340398"
LINK = Link(1, 1, "cloud_api", {"phone_number_id": NUMBER_ID, "waba_id": ACCOUNT_ID}, {})
WORDS = "Olá! Gostaria de saber se o pedido já saiu para entrega 🚚, obrigado. " * 3


def run(installation: Installation, company: Company) -> list[Result]:
    statuses = [{"statuses": [_status(n)]} for n in range(ITEMS)]
    messages = [{"contacts": [_contact(n)], "messages": [_message(n)]} for n in range(ITEMS)]
    batched = _rate([_call({"statuses": [_status(n + place) for place in range(BATCH)]}) for n in range(0, ITEMS, BATCH)], Receipt)
    alone = _rate([_call(value) for value in statuses], Receipt)
    written = _rate([_call(value) for value in messages], InboundMessage)
    print(f"  {alone:,.0f} statuses/s one a call, {batched:,.0f} in batches of {BATCH}; {written:,.0f} messages/s one a call", flush=True)
    return [
        Result(
            "parsing_statuses",
            alone,
            "statuses/s",
            f"one a call; {batched:,.0f} in batches of {BATCH}",
            f">= {STATUSES_GOAL:,}",
            min(alone, batched) >= STATUSES_GOAL,
        ),
        Result("parsing_messages", written, "messages/s", "one a call, 1 core", f">= {MESSAGES_GOAL:,}", written >= MESSAGES_GOAL),
    ]


def _rate(calls: Sequence[bytes], kind: type) -> float:
    """Items a second of CPU. What is counted is what came out."""
    parse = provider_named("cloud_api").parse
    rates = []
    for _ in range(ROUNDS):
        began = time.process_time()
        found = sum(len(parse(call, LINK)) for call in calls)
        rates.append(found / (time.process_time() - began))
        assert found == ITEMS, found
    assert all(isinstance(event, kind) for event in parse(calls[0], LINK))
    return middle(rates)


def _call(value: dict[str, object]) -> bytes:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": NUMBER_ID}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return orjson.dumps({"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT_ID, "changes": [change]}]})


def _status(n: int) -> dict[str, object]:
    return {
        "id": f"wamid.HBgNNTUxMTk4NzY1NDMyMRUCABEYE{n:012}",
        "status": ("sent", "delivered", "read")[n % 3],
        "timestamp": str(1749416390 + n),
        "recipient_id": f"55119{n:08}",
        "biz_opaque_callback_data": f"m{n}.0a1b2c3d",
        "conversation": {"id": f"c{n}", "expiration_timestamp": "1749502790", "origin": {"type": "marketing"}},
        "pricing": {"billable": True, "pricing_model": "PMP", "category": "marketing", "type": "regular"},
    }


def _contact(n: int) -> dict[str, object]:
    return {"profile": {"name": f"Customer {n}"}, "wa_id": f"55119{n:08}", "user_id": f"BR.1349{n:012}"}


def _message(n: int) -> dict[str, object]:
    return {
        "from": f"55119{n:08}",
        "from_user_id": f"BR.1349{n:012}",
        "id": f"wamid.HBgNNTUxMTk4NzY1NDMyMRUCABIYI{n:012}",
        "timestamp": str(1749416383 + n),
        "type": "text",
        "text": {"body": WORDS},
        "context": {"from": "15550783881", "id": f"wamid.OUT{n:012}"},
    }
