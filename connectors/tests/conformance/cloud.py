"""The Cloud API, against its emulator over real HTTP; webhooks come to a listener and are proved by their signature."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from connectors.emulators.cloud import customers, orders
from connectors.emulators.cloud.asgi import Emulator
from connectors.emulators.cloud.weather import AT_ONCE
from connectors.emulators.cloud.world import Customer, Number, Record
from connectors.services.connections import create_connection
from connectors.tests.conformance.gateway import Gateway, Said, Shown, Trouble
from connectors.tests.listener import VERIFY_TOKEN, Listener, listening
from connectors.tests.meta import APP_SECRET, TOKEN, emulated_meta
from connectors.types import MessageKind

SECONDS = 20
NUMBER_ID, ACCOUNT_ID, APP_ID = "1055", "2055", "4001"
CREDENTIALS = {
    "phone_number_id": NUMBER_ID,
    "waba_id": ACCOUNT_ID,
    "access_token": TOKEN,
    "app_secret": APP_SECRET,
    "verify_token": VERIFY_TOKEN,
}
PARTS = {MessageKind.LOCATION: "location", MessageKind.CONTACTS: "contacts", MessageKind.ORDER: "order"}


class CloudGateway(Gateway):
    has_taps = True

    def __init__(self, emulator: Emulator, listener: Listener) -> None:
        self.connection = create_connection(name="Cloud", provider="cloud_api", credentials=CREDENTIALS, by=None)
        self.emulator, self.listener = emulator, listener
        self.taken = 0
        emulator.world.apps[APP_ID].callback_url = listener.url

    @property
    def line(self) -> Number:
        return self.emulator.world.numbers[NUMBER_ID]

    @property
    def customer(self) -> Customer:
        customer = self.emulator.world.customer(self.number.lstrip("+"))
        customer.name = "Ana Souza"
        return customer

    def says(self, said: Said) -> str:
        who = (self.emulator.world, self.emulator.courier, self.line)
        match said.kind:
            case MessageKind.REACTION:
                return customers.reacts(*who, said.target, said.body)
            case MessageKind.EDIT:
                return customers.edits(*who, said.target, said.body)
            case MessageKind.REVOKE:
                return customers.takes_back(*who, said.target)
        if said.file is not None:
            file = said.file
            return customers.sends_file(
                *who,
                self.customer,
                said.kind.value,
                file.content,
                mime_type=file.mime_type,
                caption=said.body,
                filename=file.filename,
                is_voice=file.is_voice,
                reply_to=said.reply_to,
            )
        kind, part = self._part(said)
        return customers.says(*who, self.customer, kind, part, reply_to=said.reply_to)

    def _part(self, said: Said) -> tuple[str, Any]:
        match said.kind:
            case MessageKind.TEXT:
                return "text", {"body": said.body}
            case MessageKind.BUTTON:
                return "button", {"text": said.body, "payload": said.payload.get("id", "")}
            case MessageKind.INTERACTIVE:
                reply = {"id": said.payload["id"], "title": said.body}
                return "interactive", {"type": "button_reply", "button_reply": reply}
            case MessageKind.SYSTEM:
                return "system", {"body": said.body, "type": "customer_identity_changed"}
            case MessageKind.UNKNOWN:
                return "hologram", {"depth": 3}
        return PARTS[said.kind], said.payload[PARTS[said.kind]]

    def taps(self, external_id: str, choice_id: str) -> str:
        return customers.answers(self.emulator.world, self.emulator.courier, self.line, external_id, choice_id)

    def reads(self, external_id: str) -> bool:
        return "read" in self.emulator.world.messages[external_id].statuses

    def phone(self) -> list[Shown]:
        records = list(self.emulator.world.messages.values())
        return [self._shown(record) for record in records if record.is_ours and record.who == self.customer.wa_id]

    def _shown(self, record: Record) -> Shown:
        document = record.document
        kind = document["type"]
        part = document[kind]
        reply_to = document.get("context", {}).get("message_id", "")
        if kind == "interactive":
            return Shown(MessageKind.INTERACTIVE, part["body"]["text"], choices=_choices(part["action"]), reply_to=reply_to)
        if kind == "reaction":
            return Shown(MessageKind.REACTION, part["emoji"], target=part["message_id"])
        if kind == "contacts":
            return Shown(MessageKind.CONTACTS, ", ".join(card["name"]["formatted_name"] for card in part), reply_to=reply_to)
        if kind == "template":
            texts = [one["text"] for component in part["components"] for one in component["parameters"]]
            return Shown(MessageKind.TEMPLATE, ", ".join(texts), reply_to=reply_to)
        words = part.get("body") or part.get("caption") or part.get("name") or ""
        content = self.emulator.world.files[part["id"]].content if "id" in part else None
        return Shown(MessageKind(kind), words, content, reply_to=reply_to)

    def collect(self) -> list[bytes]:
        until = time.monotonic() + SECONDS
        while self.emulator.courier.waiting:
            assert time.monotonic() < until, "The webhooks did not come."
            time.sleep(0.01)
        fresh = self.listener.heard[self.taken :]
        self.taken += len(fresh)
        verdicts = [
            self.provider.verify(method="POST", query={}, headers=heard.headers, body=heard.body, secrets={"app_secret": APP_SECRET})
            for heard in fresh
        ]
        assert all(verdict.is_accepted for verdict in verdicts)
        return [heard.body for heard in fresh]

    def trouble(self, kind: Trouble) -> None:
        match kind:
            case Trouble.THROTTLED:
                self.line.problem = 130429
            case Trouble.PAIR_THROTTLED:
                self.line.problem = 131056
            case Trouble.TOKEN_REVOKED:
                self.emulator.world.tokens[TOKEN].is_revoked = True
            case Trouble.NUMBER_GONE:
                del self.emulator.world.numbers[NUMBER_ID]
            case Trouble.SERVER_DOWN:
                self.emulator.orders.append(orders.answer_with(503, b"<html>Service Unavailable</html>"))
            case Trouble.GARBLED:
                self.emulator.orders.append(orders.take_and_garble())
            case Trouble.TIMEOUT:
                self.emulator.orders.append(orders.take_and_cut())
            case Trouble.UNREACHABLE:
                self.customer.is_reachable = False

    def calm(self) -> None:
        """The number that was deleted stays so."""
        if NUMBER_ID in self.emulator.world.numbers:
            self.line.problem = 0
        self.emulator.world.tokens[TOKEN].is_revoked = False
        self.emulator.orders.waiting.clear()
        self.customer.is_reachable = True


def _choices(action: dict[str, Any]) -> tuple[str, ...]:
    buttons = [button["reply"]["title"] for button in action.get("buttons", [])]
    rows = [row["title"] for section in action.get("sections", []) for row in section["rows"]]
    return (*buttons, *rows)


@contextmanager
def cloud_gateway(settings: Any) -> Iterator[Gateway]:
    with emulated_meta() as emulator, listening() as listener:
        emulator.courier.weather = AT_ONCE
        settings.GRAPH_URL = emulator.url
        yield CloudGateway(emulator, listener)
