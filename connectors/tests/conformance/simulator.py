"""The simulator: its network in Valkey, its webhooks stored by its own tick."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from connectors import simulating
from connectors.providers.simulator import files, network, wire
from connectors.providers.simulator.network import Line
from connectors.services.connections import create_connection
from connectors.simulating import Saying
from connectors.tests.conformance.gateway import Gateway, Said, Shown, Trouble
from connectors.types import MediaRef, MessageKind
from tenants.lib.tenancy import current_company
from tenants.models import Webhook

AT_ONCE = {"sent_after_ms": 0, "delivered_after_ms": 0, "read_after_ms": 0}
MANY = 50
SOON_MS = 1000
FAILURES = {
    Trouble.THROTTLED: "throttled",
    Trouble.PAIR_THROTTLED: "pair_rate",
    Trouble.TOKEN_REVOKED: "token_expired",
    Trouble.NUMBER_GONE: "token_expired",
    Trouble.SERVER_DOWN: "lost",
    Trouble.GARBLED: "timeout",
    Trouble.TIMEOUT: "timeout",
    Trouble.UNREACHABLE: "undeliverable",
}


class SimulatorGateway(Gateway):
    def __init__(self) -> None:
        self.connection = create_connection(name="Simulator", provider="simulator", settings=AT_ONCE, by=None)
        self.line = Line(current_company().pk, self.connection.pk)

    def says(self, said: Said) -> str:
        media = _media(said) if said.file else None
        saying = Saying(said.body, said.kind.value, "Ana Souza", said.reply_to, said.target, media, said.payload or None)
        if said.kind == MessageKind.UNKNOWN:
            saying = Saying("", "hologram", "Ana Souza", payload={"depth": 3})
        item = simulating.message_item(self.number, saying, name="Ana Souza")
        simulating.store(self.line, [wire.webhook_of(messages=[orjson.dumps(item)])])
        return str(item["id"])

    def phone(self) -> list[Shown]:
        return [self._shown(entry) for entry in network.conversation(self.line, self.number) if entry["side"] == "company"]

    def _shown(self, entry: dict[str, Any]) -> Shown:
        content = b"".join(files.read(self.link, MediaRef(url=entry["link"]))) if entry.get("link") else None
        kind = MessageKind(entry["kind"])
        return Shown(kind, entry["body"], content, reply_to=entry.get("reply_to", ""), target=entry.get("target", ""))

    def collect(self) -> list[bytes]:
        while network.due(self.line, network.now_ms() + SOON_MS, limit=1):
            if not simulating.tick():
                time.sleep(0.01)
        rows = Webhook.objects.filter(company_id=self.line.company_id, connection_id=self.line.connection_id, state=Webhook.State.NEW)
        bodies = [bytes(row.body) for row in rows.order_by("id")]
        rows.delete()
        return bodies

    def trouble(self, kind: Trouble) -> None:
        network.order_failure(self.line, FAILURES[kind], times=MANY)

    def calm(self) -> None:
        network.cancel_failures(self.line)


def _media(said: Said) -> dict[str, Any]:
    file = said.file
    assert file is not None
    return {
        "url": f"data:{file.mime_type};base64," + base64.b64encode(file.content).decode(),
        "mime_type": file.mime_type,
        "filename": file.filename,
        "is_voice": file.is_voice,
    }


@contextmanager
def simulator_gateway(settings: Any) -> Iterator[Gateway]:
    yield SimulatorGateway()
