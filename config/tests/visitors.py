"""Those who come to the installation from outside: people at their browsers, and WhatsApp with what customers say."""

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import psycopg
import requests
from websockets.sync.client import ClientConnection, connect

from config.ground.stack import Stack
from config.tests.office import APP_SECRET
from connectors.emulators.cloud.asgi import Emulator
from connectors.providers.cloud_api.signing import HEADER, signature_of
from connectors.tests import calls

PATIENCE_SECONDS = 60  # what a killed Valkey or worker may cost, and a test before this one may have killed it
HOSTS = {"mallory": "globex.localhost"}


class Api(requests.Session):
    """REST as one person, at their company's host. Paths are those below /api/v1/."""

    def __init__(self, url: str, host: str) -> None:
        super().__init__()
        self.base = f"{url}/api/v1/"
        self.headers["Host"] = host

    def log_in(self, email: str, password: str) -> None:
        answer = self.post("auth/login/", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        self.headers["Authorization"] = f"Bearer {answer.json()['access']}"

    def request(self, method: str, path: str, *args: Any, **options: Any) -> requests.Response:  # type: ignore[override]
        return super().request(method, urljoin(self.base, path), *args, timeout=PATIENCE_SECONDS, **options)

    def make(self, path: str, **body: Any) -> dict[str, Any]:
        """POST something that must succeed."""
        answer = self.post(path, json=body)
        assert answer.ok, f"{answer.status_code} {path}: {answer.text[:500]}"
        return answer.json()

    def read(self, path: str) -> dict[str, Any]:
        answer = self.get(path)
        assert answer.ok, f"{answer.status_code} {path}: {answer.text[:500]}"
        return answer.json()

    def all(self, path: str) -> list[dict[str, Any]]:
        """Every page of a list."""
        page = self.read(f"{path}{'&' if '?' in path else '?'}page_size=200")
        found = page["results"]
        while page["next"]:
            page = self.get(page["next"].replace("acme.localhost", self.base.split("/")[2])).json()
            found += page["results"]
        return found

    def refusal(self, path: str, **body: Any) -> tuple[int, str, str | None]:
        """Status, code and field of the first error that a POST is answered with."""
        return refusal_of(self.post(path, json=body))


class Browser:
    """One person's socket, and every numbered frame it heard since `ready`."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []
        self.ready = self.next_frame()

    def next_frame(self, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        frame = json.loads(self.socket.recv(timeout=seconds))
        if "prev" in frame:
            self.frames.append(frame)
        return frame

    def hears(self, event: str, is_it: Callable[[dict[str, Any]], bool] = lambda data: True, *, seconds: float = PATIENCE_SECONDS) -> dict:
        """The data of the first frame of this event that fits, heard already or to come."""
        end = time.monotonic() + seconds
        heard = 0
        while True:
            for frame in self.frames[heard:]:
                if frame["event"].split("-", 2)[2] == event and is_it(frame["data"]):
                    return frame["data"]
            heard = len(self.frames)
            left = end - time.monotonic()
            assert left > 0, f"no {event} frame came; heard: {[(frame['event'], frame['data'].get('action')) for frame in self.frames]}"
            self.next_frame(left)

    def datas(self, event: str) -> list[dict[str, Any]]:
        return [frame["data"] for frame in self.frames if frame["event"].split("-", 2)[2] == event]


@dataclass
class Line:
    """A Cloud API number, as WhatsApp calls it."""

    id: int
    webhook: str
    phone_number_id: str

    def post(self, body: bytes, **headers: str) -> requests.Response:
        signed = {HEADER: signature_of(body, APP_SECRET), "Content-Type": "application/json"} | headers
        return requests.post(self.webhook, data=body, headers=signed, timeout=PATIENCE_SECONDS)

    def says(self, wamid: str, text: str, *, sender: str, **parts: Any) -> requests.Response:
        return self.post(self.spoken(wamid, text, sender=sender, **parts))

    def tells(self, *receipts: dict[str, Any]) -> requests.Response:
        return self.post(calls.call(calls.change("messages", number=self.phone_number_id, statuses=list(receipts))))

    def spoken(self, wamid: str, text: str, *, sender: str, **parts: Any) -> bytes:
        """The webhook of a text that was written just now."""
        digits = sender.lstrip("+")
        stamp = {"from": digits, "timestamp": str(int(time.time()))}
        item = calls.message(id=wamid, text={"body": text}) | stamp | parts
        people = [{"profile": {"name": f"Customer {digits[-4:]}"}, "wa_id": digits}]
        return calls.messages(item, contacts=people, number=self.phone_number_id)


@dataclass
class Office:
    """The furnished installation. `api` and `socket` are a person's, by their first name in small letters."""

    stack: Stack
    graph: Emulator
    facts: dict[str, Any]
    apis: dict[str, Api] = field(default_factory=dict)

    @property
    def sales(self) -> Line:
        return Line(**self.facts["lines"]["sales"])

    @property
    def recorded(self) -> Line:
        return Line(**self.facts["lines"]["recorded"])

    def host(self, name: str) -> str:
        return f"{HOSTS.get(name, 'acme.localhost')}:{self.stack.port}"

    def person(self, name: str) -> dict[str, Any]:
        return self.facts["people"][name]

    def api(self, name: str) -> Api:
        if name not in self.apis:
            api = Api(self.stack.url, self.host(name))
            api.log_in(self.person(name)["email"], self.person(name)["password"])
            self.apis[name] = api
        return self.apis[name]

    def nobody(self, host: str = "acme.localhost") -> Api:
        return Api(self.stack.url, f"{host}:{self.stack.port}")

    @contextmanager
    def socket(self, name: str) -> Iterator[Browser]:
        ticket = self.api(name).make("auth/socket-ticket/")["ticket"]
        with self.dial(ticket, self.host(name)) as socket:
            yield Browser(socket)

    def dial(self, ticket: str, host: str) -> ClientConnection:
        return connect(f"ws://{host}/ws/?ticket={ticket}", address=("127.0.0.1", self.stack.port), proxy=None, compression=None)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.stack.database_url, autocommit=True) as database:
            cursor = database.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def wait(self, condition: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
        return self.stack.wait_until(condition, seconds=seconds, what=what)

    def ticket_of(self, number: str) -> dict[str, Any] | None:
        """The newest ticket of the person with this number on the line of Sales."""
        found = self.api("alice").read(f"tickets/?connection={self.sales.id}&search={number.lstrip('+')}")["results"]
        return found[0] if found else None

    def heard_from(self, number: str, text: str = "Good morning") -> dict[str, Any]:
        """The person writes, and this is their ticket."""
        assert self.sales.says(fresh_wamid(), text, sender=number).status_code == 200
        return self.wait(lambda: self.ticket_of(number), "the ticket")

    def taken_for(self, number: str) -> list[dict[str, Any]]:
        """What the gateway was given for this number."""
        return [document for document in list(self.graph.taken) if document.get("to") == number.lstrip("+")]

    def message(self, pk: int, name: str = "alice") -> dict[str, Any]:
        return self.api(name).read(f"messages/{pk}/")

    def waiting_webhooks(self, line: Line) -> int:
        return self.rows("SELECT count(*) FROM tenants_webhook WHERE connection_id = %s AND state = 0", line.id)[0][0]


_numbers = iter(range(1, 999_999))
_wamids = iter(range(1, 999_999))


def fresh_number() -> str:
    """A phone number that nobody had before."""
    return f"+5511977{next(_numbers):06d}"


def fresh_numbers(count: int) -> list[str]:
    return [fresh_number() for _ in range(count)]


def fresh_wamid() -> str:
    return f"wamid.OFFICE{next(_wamids)}"


def receipt(wamid: str, state: str, **parts: Any) -> dict[str, Any]:
    return calls.status(state, id=wamid, timestamp=str(int(time.time()))) | parts


def shuffled(items: Iterable[Any], seed: int) -> list[Any]:
    mixed = list(items)
    random.Random(seed).shuffle(mixed)
    return mixed


def refusal_of(answer: requests.Response) -> tuple[int, str, str | None]:
    first = answer.json()["errors"][0]
    return answer.status_code, first["code"], first["attr"]
