"""The emulator over HTTP, as a bare ASGI application: `/v23.0/…` is Graph, `/files/…` its files, `/emulator/…` is for tests and people."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import structlog

from connectors.emulators.cloud import control, media
from connectors.emulators.cloud.accounts import is_good
from connectors.emulators.cloud.calls import Answer, Call, Seen
from connectors.emulators.cloud.courier import Courier
from connectors.emulators.cloud.graph import Graph
from connectors.emulators.cloud.orders import Deed, Order, Orders
from connectors.emulators.cloud.page import PAGE
from connectors.emulators.cloud.refusals import Refusal
from connectors.emulators.cloud.world import StoredFile, World

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
JSON_TYPE = (b"content-type", b"application/json; charset=UTF-8")
LARGEST_BODY = 110 * 1024 * 1024
KEPT_CALLS = 100_000

log = structlog.get_logger(__name__)


class Emulator:
    """The ASGI application, and the handle that tests hold: `world`, `orders`, `seen`, `courier`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.orders = Orders()
        self.seen = Seen()
        self.courier = Courier(world)
        self.graph = Graph(world, self.courier)
        self.url = ""
        # Cleared, calls are carried out and answered only when it is set again.
        self.is_answering = True

    @property
    def taken(self) -> deque[dict[str, Any]]:
        """Every message that was taken, as it was sent."""
        return self.world.taken

    @property
    def calls(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Every Graph call: method, path, parameters."""
        return self.seen.calls

    @property
    def uploaded(self) -> list[StoredFile]:
        return [file for file in self.world.files.values() if file.uploaded_by]

    def wamid_of(self, document: dict[str, Any]) -> str:
        """What a message that was taken is called."""
        return next(record.wamid for record in reversed(self.world.messages.values()) if record.document is document)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        call = await _read(scope, receive)
        call.base_url = self.url or f"http://{call.headers.get('host', 'localhost')}"
        path = scope["path"].lstrip("/")
        if path.startswith("emulator/"):
            await _reply(send, await control.answer(self, path.removeprefix("emulator/"), call))
        elif not path:
            await _reply(send, Answer(200, PAGE, (("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store"))))
        else:
            await self._as_meta(path, call, send, scope)

    async def _as_meta(self, path: str, call: Call, send: Send, scope: Scope) -> None:
        version, _slash, rest = path.partition("/")
        order = self.orders.next_for("files" if version == "files" else rest)
        answer = await self._carried_out(version, rest, call, order)
        while not self.is_answering:
            await asyncio.sleep(0.01)
        if order is not None and order.deed is Deed.CUT:
            scope["state"]["transport"].abort()
            await asyncio.sleep(0)
            return
        if order is not None and order.seconds:
            await asyncio.sleep(order.seconds)
            if order.deed is Deed.SILENCE:
                scope["state"]["transport"].abort()
                return
        await _reply(send, answer)

    async def _carried_out(self, version: str, rest: str, call: Call, order: Order | None) -> Answer:
        try:
            self._note("files" if version == "files" else rest, call)
            if order is not None and not order.is_carried_out and order.answer is not None:
                return order.answer
            if version == "files":
                return self._file(rest, call)
            answer = Answer(200, await self.graph.answer(version, rest, call))
        except Refusal as refusal:
            return Answer(refusal.status, refusal.body(), refusal.headers)
        except Exception:
            # Whatever a stranger sent: the emulator answers as Meta does when it breaks, and says why on its own side.
            log.exception("emulator_failed", path=rest)
            return Answer(500, Refusal(1, status=500).body())
        return order.answer if order is not None and order.deed is Deed.GARBLE and order.answer is not None else answer

    def _note(self, path: str, call: Call) -> None:
        calls = self.seen.calls
        try:
            parameters = call.document or call.query
        except Refusal:
            parameters = call.query
        calls.append((call.method, path, parameters))
        if len(calls) > KEPT_CALLS:
            del calls[: KEPT_CALLS // 2]

    def _file(self, address: str, call: Call) -> Answer:
        _scheme, _space, value = call.headers.get("authorization", "").partition(" ")
        token = self.world.tokens.get(value)
        if token is None or not is_good(self.world, token):
            return Answer(401, b"", (("content-type", "text/plain"),))
        return media.content_at(self.world, address)

    async def _live(self, receive: Receive, send: Send) -> None:
        carrying: asyncio.Task[None] | None = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                carrying = asyncio.create_task(self.courier.run())
                await send({"type": "lifespan.startup.complete"})
            else:
                if carrying is not None:
                    carrying.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _read(scope: Scope, receive: Receive) -> Call:
    pieces, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        piece = message.get("body", b"")
        size += len(piece)
        if size <= LARGEST_BODY:
            pieces.append(piece)
        more = message.get("more_body", False)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)) if scope["query_string"] else {}
    return Call(scope["method"], "", "", query, headers, pieces[0] if len(pieces) == 1 else b"".join(pieces))


async def _reply(send: Send, answer: Answer) -> None:
    content = answer.content()
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if not any(name == b"content-type" for name, _value in headers):
        headers.append(JSON_TYPE if not isinstance(answer.body, bytes) else (b"content-type", b"text/html"))
    headers.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
