"""The other side of simulated numbers: customers who write, and receipts and replies that fall due. Everything comes in through
the same place as any gateway's calls: a row of `tenants.Webhook`, and a worker woken."""

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from django.utils.translation import gettext as _

from connectors import media_links
from connectors.models import Media
from connectors.providers.simulator import files, network, wire
from connectors.providers.simulator.failures import FAILURES
from connectors.providers.simulator.network import Customer, Line
from connectors.types import MessageKind
from connectors.waking import wake_inboxes
from tenants.lib import valkey
from tenants.lib.addresses import canonical_phone
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.models import Webhook, WebhookRoute

PROVIDER = "simulator"
STATUSES_PER_WEBHOOK = 500
WEBHOOKS_PER_ROUND = 20
TICK_SECONDS = 5.0
LOCK_SECONDS = 30.0
CUSTOMER_KINDS = frozenset(
    {
        MessageKind.TEXT,
        MessageKind.IMAGE,
        MessageKind.VIDEO,
        MessageKind.AUDIO,
        MessageKind.DOCUMENT,
        MessageKind.STICKER,
        MessageKind.LOCATION,
        MessageKind.CONTACTS,
        MessageKind.REACTION,
        MessageKind.BUTTON,
    }
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Saying:
    """What a customer sends from the simulated phone. `media`: `{url, mime_type, filename}`; `target`: what a reaction is about."""

    body: str = ""
    kind: str = MessageKind.TEXT
    name: str = ""
    reply_to: str = ""
    target: str = ""
    media: dict[str, Any] | None = None
    payload: dict[str, Any] | None = None


def say(line: Line, number: str, saying: Saying) -> dict[str, Any]:
    """The customer's phone shows the message and the webhook is stored. Answers the phone's entry. ApplicationError for bad input."""
    number = phone_of(number)
    if saying.kind not in CUSTOMER_KINDS:
        raise ApplicationError(_("The simulated phone cannot send this kind of message."), code="kind_unsupported", field="kind")
    if saying.kind == MessageKind.TEXT and not saying.body.strip():
        raise ApplicationError(_("Write a message first."), code="body_required", field="body")
    item = message_item(number, saying, name=saying.name or network.name_of(line, number))
    store(line, [wire.webhook_of(messages=[orjson.dumps(item)])])
    entry = {"id": item["id"], "side": "customer", "kind": saying.kind, "body": saying.body, "at": int(item["at"] * 1000)}
    entry |= {key: item[key] for key in ("reply_to", "target", "media", "payload") if key in item}
    if saying.media:
        entry |= {"link": files.as_shown(saying.media["url"]), "filename": saying.media.get("filename", "")}
    network.write_down(line, number, orjson.dumps(entry), name=saying.name)
    return entry


def type_on(line: Line, number: str) -> None:
    """The customer writes, and has not sent it yet. ApplicationError for a number that is none."""
    store(line, [wire.typing_webhook(phone_of(number), at=time.time())])


def file_of(upload: Media | None) -> dict[str, Any]:
    """An upload of ours as the customer's phone sends it: by a link that we signed. ApplicationError when there is none."""
    if upload is None:
        raise ApplicationError(_("There is no such file."), code="does_not_exist", field="media")
    return {
        "url": media_links.link_for_gateway(upload),
        "mime_type": upload.mime_type,
        "filename": upload.filename,
        "size_bytes": upload.size_bytes,
        "sha256": upload.sha256,
        "is_voice": upload.is_voice,
    }


def payload_of(*, place: Mapping[str, Any] | None, cards: Sequence[Mapping[str, str]]) -> dict[str, Any] | None:
    """A place or contact cards as gateways write them."""
    if place:
        return {"location": dict(place)}
    if cards:
        return {"contacts": [{"name": {"formatted_name": card["name"]}, "phones": [{"phone": card["phone"]}]} for card in cards]}
    return None


def message_item(number: str, saying: Saying, *, name: str) -> dict[str, Any]:
    """A message in the simulator's wire format, with an id of its own."""
    item: dict[str, Any] = {"id": f"sim.{uuid.uuid4().hex}", "from": number, "kind": saying.kind, "body": saying.body, "at": time.time()}
    optional = {
        "name": name,
        "reply_to": saying.reply_to,
        "target": saying.target,
        "media": saying.media,
        "payload": saying.payload,
    }
    return item | {key: value for key, value in optional.items() if value}


def phone_of(number: str) -> str:
    """E.164, or ApplicationError with the reason."""
    try:
        return canonical_phone(number, region=current_company().country)
    except ValueError as error:
        raise ApplicationError(str(error), code="invalid_number", field="number") from error


def add_customer(line: Line, *, number: str, name: str = "") -> Customer:
    """A customer's phone on which one can play. The same number again changes the name."""
    return network.add_customer(line, phone_of(number), name=name.strip())


def customers(line: Line, *, limit: int = 100) -> list[Customer]:
    return network.customers(line, limit=limit)


def conversation(line: Line, number: str) -> list[dict[str, Any]]:
    return network.conversation(line, phone_of(number))


def order_failure(line: Line, code: str, *, times: int = 1) -> None:
    """The next sends on this number fail this way (see `FAILURES`)."""
    if code not in FAILURES:
        raise ApplicationError(_("There is no such failure."), code="unknown_failure", field="code")
    network.order_failure(line, code, times=times)


def store(line: Line, bodies: Iterable[bytes]) -> None:
    """The calls are on disk, and a worker is told. The caller must not be inside a transaction that could still fail."""
    Webhook.objects.bulk_create(
        [Webhook(company_id=line.company_id, connection_id=line.connection_id, provider=PROVIDER, body=body) for body in bodies]
    )
    wake_inboxes({line.company_id})


def tick() -> int:
    """Everything that is due becomes webhooks; the number of events. One worker at a time per line; another one's line is left alone."""
    until = time.monotonic() + TICK_SECONDS
    return sum(_tick_line(line, until) for line in network.lines_due(network.now_ms()))


def _tick_line(line: Line, until: float) -> int:
    lock = valkey.client().lock(line.key("tick"), timeout=LOCK_SECONDS, blocking=False)
    if not lock.acquire():
        return 0
    try:
        if not WebhookRoute.objects.filter(company_id=line.company_id, connection_id=line.connection_id, provider=PROVIDER).exists():
            log.info("simulated_number_forgotten", company_id=line.company_id, connection_id=line.connection_id)
            network.forget(line)
            return 0
        count = 0
        while time.monotonic() < until:
            events = network.due(line, network.now_ms(), limit=STATUSES_PER_WEBHOOK * WEBHOOKS_PER_ROUND)
            if events:
                _happen(line, events)
                count += len(events)
            network.settle(line, events)
            if len(events) < STATUSES_PER_WEBHOOK * WEBHOOKS_PER_ROUND:
                break
        return count
    finally:
        if lock.owned():
            lock.release()


def _happen(line: Line, events: list[bytes]) -> None:
    statuses = [event[1:] for event in events if event.startswith(b"s")]
    messages = [event[1:] for event in events if event.startswith(b"m")]
    bodies = [
        wire.webhook_of(statuses=statuses[start : start + STATUSES_PER_WEBHOOK]) for start in range(0, len(statuses), STATUSES_PER_WEBHOOK)
    ]
    store(line, bodies + [wire.webhook_of(messages=[message]) for message in messages])
    for message in messages:
        item = orjson.loads(message)
        entry = {"id": item["id"], "side": "customer", "kind": item["kind"], "body": item["body"], "at": int(item["at"] * 1000)}
        network.write_down(line, item["from"], orjson.dumps(entry))
