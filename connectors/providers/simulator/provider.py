"""A gateway that is not there: for trying everything out, for demonstrations, tests and benchmarks. Chosen, never a fallback."""

import asyncio
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
from uuid import uuid4

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connectors.providers.simulator import files, network, wire
from connectors.providers.simulator.behaviour import Behaviour, behaviour_of
from connectors.providers.simulator.failures import Failure, Fate
from connectors.providers.simulator.network import Delivery, Due, Line
from connectors.types import (
    MEDIA_KINDS,
    Capabilities,
    ConnectionState,
    ContactCards,
    Event,
    Identity,
    Json,
    Link,
    LinkState,
    Location,
    Media,
    MediaRef,
    MessageKind,
    Outgoing,
    Policy,
    ProviderError,
    Reaction,
    Sent,
    TemplateCall,
    TemplateInfo,
    Text,
    Verdict,
)

SIGNATURE_HEADER = "x-simulator-signature"
# With a picture above, a line below and a link whose end is a variable.
CATALOGUES = (
    ("en", "Hello {{1}}! Our new catalogue is here, with shops in {{2}}.", "Reply STOP to get no more offers.", "See it"),
    ("pt_BR", "Olá {{1}}! Nosso novo catálogo chegou, com lojas em {{2}}.", "Responda SAIR para não receber ofertas.", "Ver agora"),
)
TEMPLATES = (
    ("welcome", "en", "UTILITY", "Hello {{1}}, welcome!"),
    ("welcome", "pt_BR", "UTILITY", "Olá {{1}}, boas-vindas!"),
    ("offer", "en", "MARKETING", "{{1}}, this week everything is 10% off."),
    ("offer", "pt_BR", "MARKETING", "{{1}}, esta semana tudo com 10% de desconto."),
)


class Simulator:
    """Accepts at once; receipts and replies follow by the connection's settings (see `Behaviour`). No credentials are needed;
    `secret` opens the webhook door over HTTP for signed calls, which `manage.py simulate --url` uses."""

    name = "simulator"
    label = gettext_lazy("Simulator")
    capabilities = Capabilities(
        kinds=MEDIA_KINDS | {MessageKind.TEXT, MessageKind.TEMPLATE, MessageKind.LOCATION, MessageKind.CONTACTS, MessageKind.REACTION},
        has_templates=True,
        has_service_window=False,
        takes_our_id=False,
        echoes_our_id=True,
        parallel_sends=128,
        messages_per_second=2000.0,
        tells_typing=True,
        rests_below=30,
        max_text_length=4096,
    )
    credential_fields = ("secret",)
    secret_fields = ("secret",)

    def verify(
        self, *, method: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]
    ) -> Verdict:
        """The simulator's own webhooks are stored without this door; over HTTP only signed ones are taken."""
        if method == "GET":
            return Verdict(False, "handshake_unsupported")
        if not secrets.get("secret"):
            return Verdict(False, "secret_missing")
        given = next((value for name, value in headers.items() if name.lower() == SIGNATURE_HEADER), "")
        if not given:
            return Verdict(False, "signature_missing")
        if not hmac.compare_digest(given.encode(), signature_of(body, secrets["secret"]).encode()):
            return Verdict(False, "signature_wrong")
        return Verdict(True)

    def parse(self, body: bytes, link: Link | None = None) -> list[Event]:
        return wire.parse(body)

    def portions(self, body: bytes) -> dict[str, bytes]:
        return {}

    def identity(self, credentials: Mapping[str, Any]) -> Identity:
        return Identity()

    def error_page(self, code: str) -> str:
        return ""

    def rate(self, facts: Json) -> float:
        return self.capabilities.messages_per_second

    async def send(self, link: Link, outgoing: Outgoing) -> Sent:
        behaviour = behaviour_of(link.settings)
        if behaviour.latency_ms:
            await asyncio.sleep(behaviour.latency_ms / 1000)
        number = outgoing.to.value
        failure = behaviour.failure_for(number)
        if failure is not None and failure.fate is Fate.REFUSED:
            raise failure.error()
        external_id = f"sim.{uuid4().hex}"
        line = Line(link.company_id, link.connection_id)
        ordered = await network.deliver(line, _delivery(behaviour, outgoing, external_id, failure))
        failure = ordered or failure
        if failure is not None and failure.fate is not Fate.FAILS_LATER:
            raise failure.error()
        if ordered is not None:
            await asyncio.to_thread(network.plan, line, [_failed(ordered, outgoing, external_id, network.now_ms())])
        return Sent(external_id, addresses=(outgoing.to,))

    async def mark_read(self, link: Link, external_id: str, *, is_typing: bool = False) -> None:
        raise ProviderError("read_unsupported", _("Simulated phones do not show what was read."), Policy.PERMANENT)

    def connect(self, link: Link) -> ConnectionState:
        return self.status(link)

    def disconnect(self, link: Link) -> ConnectionState:
        return ConnectionState(LinkState.CLOSED, _("Disconnected."))

    def status(self, link: Link) -> ConnectionState:
        return ConnectionState(LinkState.CONNECTED, facts={"quality": "GREEN", "verified_name": "Simulator"})

    def templates(self, link: Link) -> list[TemplateInfo]:
        plain = [
            TemplateInfo(f"{name}.{language}", name, language, "APPROVED", category, ({"type": "BODY", "text": text},))
            for name, language, category, text in TEMPLATES
        ]
        return plain + [_catalogue(*parts) for parts in CATALOGUES]

    def media(self, link: Link, ref: MediaRef) -> Iterator[bytes]:
        return files.read(link, ref)

    def upload(self, link: Link, file: BinaryIO, *, filename: str, mime_type: str, size_bytes: int) -> str:
        raise NotImplementedError("Simulated phones take media by their link.")


def _catalogue(language: str, body: str, footer: str, button: str) -> TemplateInfo:
    components: tuple[dict[str, Any], ...] = (
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": body},
        {"type": "FOOTER", "text": footer},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": button, "url": "https://shop.example/catalogue/{{1}}"}]},
    )
    return TemplateInfo(f"catalogue.{language}", "catalogue", language, "APPROVED", "MARKETING", components)


def signature_of(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _delivery(behaviour: Behaviour, outgoing: Outgoing, external_id: str, failure: Failure | None) -> Delivery:
    now = network.now_ms()
    entry = orjson.dumps({"id": external_id, "side": "company", "at": now, **_shown(outgoing)})
    if failure is not None and failure.fate is Fate.FAILS_LATER:
        return Delivery(outgoing.to.value, entry, (_failed(failure, outgoing, external_id, now),))
    return Delivery(outgoing.to.value, entry, _events(behaviour, outgoing, external_id, now))


def _shown(outgoing: Outgoing) -> dict[str, Any]:
    content = outgoing.content
    if isinstance(content, Text):
        shown: dict[str, Any] = {"kind": "text", "body": content.body}
    elif isinstance(content, TemplateCall):
        shown = {"kind": "template", "body": content.body or content.name, "template": content.name, **_header_of(content)}
    elif isinstance(content, Location):
        place = {"latitude": content.latitude, "longitude": content.longitude, "name": content.name, "address": content.address}
        shown = {"kind": "location", "body": content.name or content.address, "payload": {"location": place}}
    elif isinstance(content, ContactCards):
        cards = [{"name": {"formatted_name": card.name}, "phones": [{"phone": phone} for phone in card.phones]} for card in content.cards]
        shown = {"kind": "contacts", "body": ", ".join(card.name for card in content.cards), "payload": {"contacts": cards}}
    elif isinstance(content, Reaction):
        shown = {"kind": "reaction", "body": content.emoji, "target": content.target_id}
    elif isinstance(content, Media) and content.kind in MEDIA_KINDS:
        shown = {"kind": content.kind, "body": content.caption, "link": files.as_shown(content.link), "filename": content.filename}
    else:
        raise ProviderError("content_unsupported", _("This connection cannot send this kind of message."), Policy.PERMANENT)
    return shown | {"reply_to": outgoing.reply_to} if outgoing.reply_to else shown


def _header_of(call: TemplateCall) -> dict[str, str]:
    """The file above a template's text, of whichever kind."""
    parameters = (part for component in call.components if component.get("type") == "header" for part in component.get("parameters", ()))
    for parameter in parameters:
        kind = str(parameter.get("type", ""))
        file = parameter.get(kind)
        if isinstance(file, dict) and file.get("link"):
            return {"file_kind": kind, "link": files.as_shown(str(file["link"])), "filename": str(file.get("filename", ""))}
    return {}


def _events(behaviour: Behaviour, outgoing: Outgoing, external_id: str, now: int) -> tuple[Due, ...]:
    dice = external_id[4:]  # as good as any dice, and costs nothing
    events = [
        _status("sent", outgoing, external_id, now + behaviour.sent_after_ms),
        _status("delivered", outgoing, external_id, now + behaviour.delivered_after_ms),
    ]
    if _share(dice[:6]) < behaviour.read_rate:
        events.append(_status("read", outgoing, external_id, now + behaviour.read_after_ms))
    if _share(dice[-6:]) < behaviour.reply_rate:
        events.append(_reply(behaviour, outgoing, external_id, now + behaviour.reply_after_ms))
    return tuple(events)


def _share(digits: str) -> float:
    return int(digits, 16) / 16**6


def _status(status: str, outgoing: Outgoing, external_id: str, at_ms: int, error: dict[str, str] | None = None) -> Due:
    item = {"id": external_id, "our_id": outgoing.our_id, "status": status, "at": at_ms / 1000, "to": outgoing.to.value}
    if error:
        item["error"] = error
    return Due(at_ms, b"s" + orjson.dumps(item))


def _failed(failure: Failure, outgoing: Outgoing, external_id: str, now: int) -> Due:
    return _status("failed", outgoing, external_id, now + 200, {"code": failure.code, "title": str(failure.sentence)})


def _reply(behaviour: Behaviour, outgoing: Outgoing, external_id: str, at_ms: int) -> Due:
    item = {
        "id": f"{external_id}.reply",
        "from": outgoing.to.value,
        "kind": "text",
        "body": behaviour.reply_text,
        "at": at_ms / 1000,
        "reply_to": external_id,
    }
    return Due(at_ms, b"m" + orjson.dumps(item))
