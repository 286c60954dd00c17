"""The doors for gateways: `/webhooks/<token>/` of each connection, and `/webhooks/<app>/` of a vendor's app that serves many companies
(`settings.SHARED_WEBHOOKS`), whose calls are divided by number. Bare ASGI: Django's middleware costs more than all the rest here.

A call is verified over its raw bytes, put on disk, and only then answered: gateways repeat what they get no 200 for.
What it says is read later, by the inbox.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
import psycopg
import structlog
from django.conf import settings

from connectors.registry import provider_named
from connectors.storing import Database, GroupCommit, Unavailable
from connectors.types import Verdict
from connectors.waking import Waker
from connectors.webhook_routes import NO_SECRETS, Numbers, Refused, Routes, SharedDoor
from tenants.lib.clock import now
from tenants.lib.faultpoints import Point, reach

log = structlog.get_logger(__name__)

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PREFIX = "/webhooks/"
MOST_BYTES: int = settings.WEBHOOK_MAX_SIZE  # asked for at each call, and settings are slow to ask
BODY_SECONDS = 20.0
DISCARDED_AT_MOST = 32 * 1024 * 1024
FLUSH_SECONDS = 1.0

_STORED = b"ok"
_STORED_BODY = {"type": "http.response.body", "body": _STORED}
_HEADERS = ((b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff"))
_STORED_START = {"type": "http.response.start", "status": 200, "headers": [*_HEADERS, (b"content-length", b"2")]}

_COUNT_REJECTIONS = """
INSERT INTO public.tenants_rejection AS kept (token, reason, day, count)
SELECT token, reason, %s, count FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS fresh (token, reason, count)
ON CONFLICT (token, reason, day) DO UPDATE SET count = kept.count + excluded.count
"""


SHARED = {name: SharedDoor(**door) for name, door in settings.SHARED_WEBHOOKS.items()}


class Headers(Mapping[str, str]):
    """The call's headers by their names in small letters. Decoded when asked for: of a dozen, one is."""

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        self._raw = raw

    def __getitem__(self, name: str) -> str:
        wanted = name.lower().encode("latin-1")
        for given, value in self._raw:
            if given == wanted:
                return value.decode("latin-1")
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name.decode("latin-1") for name, _ in self._raw)

    def __len__(self) -> int:
        return len(self._raw)


class Rejections:
    """How often calls were turned away, and why: counted in memory, added to the day's row each second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: Counter[tuple[str, str]] = Counter()
        self._flusher: asyncio.Task[None] | None = None

    def count(self, refused: Refused) -> None:
        self._counts[refused.token, refused.reason] += 1
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        while self._counts:
            await asyncio.sleep(FLUSH_SECONDS)
            counts, self._counts = self._counts, Counter()
            keys = list(counts)
            try:
                await self._database.execute(
                    _COUNT_REJECTIONS, (now().date(), [token for token, _ in keys], [reason for _, reason in keys], list(counts.values()))
                )
            except Exception as error:
                self._counts.update(counts)
                log.warning("rejections_not_counted", error=str(error))
        self._flusher = None


class Ingress:
    """`GET` answers the gateway's handshake, `POST` stores a call. One instance serves one event loop."""

    def __init__(self) -> None:
        self._is_open = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_open:
            self._open()
        try:
            answer = await self._answer(scope, receive)
        except Refused as refused:
            self._rejections.count(refused)
            await _respond(send, refused.status, refused.reason.encode())
            return
        except (Unavailable, psycopg.Error) as error:
            log.warning("webhook_not_stored", error=str(error))
            await _respond(send, 503, b"unavailable", (b"retry-after", b"1"))
            return
        if answer is _STORED:
            await send(_STORED_START)
            await send(_STORED_BODY)
            return
        await _respond(send, 200, answer)

    async def close(self) -> None:
        """Lets go of the database. What was not counted yet is lost; no call is."""
        if self._is_open:
            for database in (*self._databases, self._questions):
                await database.close()

    def _open(self) -> None:
        """The first call brings the loop that everything here belongs to."""
        self._databases, self._questions = (Database(), Database()), Database()
        self._routes = Routes(self._questions)
        self._numbers = Numbers(self._questions)
        self._rejections = Rejections(self._questions)
        self._calls = GroupCommit(self._databases)
        self._waker = Waker()
        self._is_open = True

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        name = scope["path"].removeprefix(PREFIX).rstrip("/")
        shared = SHARED.get(name)
        if shared is not None and shared.is_open:
            return await self._answer_shared(name, shared, scope, receive)
        route = await self._routes.route(name)
        token = route.token
        if scope["method"] == "GET":
            return self._verdict(route.lane.provider, route.secrets, token, scope, b"").answer.encode()
        if scope["method"] != "POST":
            raise Refused(405, "method", token=token)
        body = await _read(scope, receive, token)
        if not _is_json_object(body):
            raise Refused(400, "not_json", token=token)
        verdict = self._verdict(route.lane.provider, route.secrets, token, scope, body)
        if verdict.answer:
            return verdict.answer.encode()
        await self._calls.store(route.lane, body)
        reach(Point.WEBHOOK_STORED)
        if route.is_awake:
            self._waker.wake(route.lane.company_id)
        return _STORED

    async def _answer_shared(self, name: str, door: SharedDoor, scope: Scope, receive: Receive) -> bytes:
        """Each connection gets its own portion and no other's. A call that is about nobody here is not found: the vendor comes again
        with it, and the number may be linked by then."""
        if scope["method"] == "GET":
            return self._verdict(door.provider, door.secrets, name, scope, b"").answer.encode()
        if scope["method"] != "POST":
            raise Refused(405, "method", token=name)
        body = await _read(scope, receive, name)
        if not _is_json_object(body):
            raise Refused(400, "not_json", token=name)
        self._verdict(door.provider, door.secrets, name, scope, body)
        portions = provider_named(door.provider).portions(body)
        owned = [(route, portion, key) for key, portion in portions.items() for route in await self._numbers.routes(door.provider, key)]
        if not owned:
            raise Refused(404, "unknown_number", token=name)
        for key in portions.keys() - {key for _, _, key in owned}:
            self._rejections.count(Refused(200, "unknown_number", token=name))
            log.warning("webhook_for_nobody", door=name, number=key)
        await asyncio.gather(*(self._calls.store(route.lane, portion) for route, portion, _ in owned))
        for route, _, _ in owned:
            if route.is_awake:
                self._waker.wake(route.lane.company_id)
        return _STORED

    def _verdict(self, provider: str, secrets: Mapping[str, str], token: str, scope: Scope, body: bytes) -> Verdict:
        verdict = provider_named(provider).verify(
            method=scope["method"],
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"))) if scope["query_string"] else NO_SECRETS,
            headers=Headers(scope["headers"]),
            body=body,
            secrets=secrets,
        )
        if not verdict.is_accepted:
            raise Refused(403, verdict.reason or "refused", token=token)
        return verdict


async def _read(scope: Scope, receive: Receive, token: str) -> bytes:
    """The whole body, at most WEBHOOK_MAX_SIZE of it. Usually it came with the first message."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            _check_announced(scope, value, token)
            break
    message = await receive()
    body = message.get("body", b"")
    if message.get("more_body"):
        body = await _read_the_rest(body, receive, token)
    if len(body) > MOST_BYTES:
        raise Refused(413, "too_large", token=token)
    return body


def _check_announced(scope: Scope, length: bytes, token: str) -> None:
    """Who announces far too much, or asks first, is refused before anything is read."""
    if not length.isdigit() or int(length) <= MOST_BYTES:
        return
    if int(length) > DISCARDED_AT_MOST or any(name == b"expect" for name, _ in scope["headers"]):
        raise Refused(413, "too_large", token=token)


async def _read_the_rest(first: bytes, receive: Receive, token: str) -> bytes:
    parts, size = [first], len(first)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused(400, "cut_off", token=token)
                part = message.get("body", b"")
                size += len(part)
                if size <= MOST_BYTES:
                    parts.append(part)
                if not message.get("more_body"):
                    break
                if size > DISCARDED_AT_MOST:
                    raise Refused(413, "too_large", token=token)
    except TimeoutError:
        raise Refused(408, "too_slow", token=token) from None
    if size > MOST_BYTES:
        # Read to its end, and thrown away: who is answered in the middle of sending often sees a broken pipe instead of the answer.
        raise Refused(413, "too_large", token=token)
    return b"".join(parts)


def _is_json_object(body: bytes) -> bool:
    try:
        return isinstance(orjson.loads(body), dict)
    except orjson.JSONDecodeError:
        return _is_lenient_json_object(body)


def _is_lenient_json_object(body: bytes) -> bool:
    """orjson refuses half an emoji (a lone surrogate), which gateways pass on; the standard library and the providers read it."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


async def _respond(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*_HEADERS, (b"content-length", b"%d" % len(body)), *headers]})
    await send({"type": "http.response.body", "body": body})
