"""The door for gateways: `/webhooks/<token>/`. Bare ASGI, because Django's middleware costs more than all the rest here.

A call is verified over its raw bytes, put on disk, and only then answered: gateways repeat what they get no 200 for.
What it says is read later, by the inbox.
"""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
import psycopg
import structlog
from django.conf import settings

from connectors.registry import provider_named
from connectors.storing import Database, GroupCommit, Lane, Unavailable
from connectors.types import Verdict
from connectors.waking import Waker
from tenants.lib.clock import now
from tenants.lib.fields import cipher

log = structlog.get_logger(__name__)

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PREFIX = "/webhooks/"
TOKEN = re.compile(r"\A[\w-]{32,64}\Z", re.ASCII)
ROUTE_SECONDS = 5.0
MOST_BYTES: int = settings.WEBHOOK_MAX_SIZE  # asked for at each call, and settings are slow to ask
UNKNOWN_ROUTE_SECONDS = 1.0
MOST_ROUTES = 20_000
BODY_SECONDS = 20.0
DISCARDED_AT_MOST = 32 * 1024 * 1024
FLUSH_SECONDS = 1.0

_STORED = b"ok"
_STORED_BODY = {"type": "http.response.body", "body": _STORED}
_NOTHING: Mapping[str, str] = {}
_HEADERS = ((b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff"))
_STORED_START = {"type": "http.response.start", "status": 200, "headers": [*_HEADERS, (b"content-length", b"2")]}

_ROUTE = """
SELECT route.company_id, route.connection_id, route.provider, route.secrets, company.state
  FROM public.tenants_webhookroute route JOIN public.tenants_company company ON company.id = route.company_id
 WHERE route.token = %s AND route.is_enabled AND company.state <> 'deleted'
"""
_COUNT_REJECTIONS = """
INSERT INTO public.tenants_rejection AS kept (token, reason, day, count)
SELECT token, reason, %s, count FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS fresh (token, reason, count)
ON CONFLICT (token, reason, day) DO UPDATE SET count = kept.count + excluded.count
"""


class Refused(Exception):
    """The call is turned away with this status. `reason` is counted for the route, and shown to admins."""

    def __init__(self, status: int, reason: str, *, token: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.token = token


@dataclass(frozen=True, slots=True)
class Route:
    """What a token stands for."""

    token: str
    lane: Lane
    secrets: Mapping[str, str]
    is_awake: bool  # a suspended company's calls are stored, and wait


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


class Routes:
    """Tokens and what they stand for, remembered for a few seconds so that a rotation or suspension is soon felt."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[float, Route | None]] = {}
        self._asked: dict[str, asyncio.Task[Route | None]] = {}

    async def route(self, token: str) -> Route:
        until, route = self._known.get(token, (0.0, None))
        if until < time.monotonic():
            route = await self._ask_once(token)
        if route is None:
            raise Refused(404, "unknown_token")
        return route

    async def _ask_once(self, token: str) -> Route | None:
        """Many calls that need the same answer wait for one question."""
        if not TOKEN.match(token):
            return None
        task = self._asked.get(token)
        if task is None:
            task = self._asked[token] = asyncio.create_task(self._ask(token))
            task.add_done_callback(lambda _: self._asked.pop(token, None))
        return await asyncio.shield(task)

    async def _ask(self, token: str) -> Route | None:
        rows = await self._database.execute(_ROUTE, (token,))
        route = _route(token, rows[0]) if rows else None
        if len(self._known) >= MOST_ROUTES:
            self._known.clear()
        self._known[token] = (time.monotonic() + (ROUTE_SECONDS if route else UNKNOWN_ROUTE_SECONDS), route)
        return route


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
        self._rejections = Rejections(self._questions)
        self._calls = GroupCommit(self._databases)
        self._waker = Waker()
        self._is_open = True

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        route = await self._routes.route(scope["path"].removeprefix(PREFIX).rstrip("/"))
        token = route.token
        if scope["method"] == "GET":
            verdict = self._verdict(route, scope, b"")
            return verdict.answer.encode()
        if scope["method"] != "POST":
            raise Refused(405, "method", token=token)
        body = await _read(scope, receive, token)
        if not _is_json_object(body):
            raise Refused(400, "not_json", token=token)
        verdict = self._verdict(route, scope, body)
        if verdict.answer:
            return verdict.answer.encode()
        await self._calls.store(route.lane, body)
        if route.is_awake:
            self._waker.wake(route.lane.company_id)
        return _STORED

    def _verdict(self, route: Route, scope: Scope, body: bytes) -> Verdict:
        verdict = provider_named(route.lane.provider).verify(
            method=scope["method"],
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"))) if scope["query_string"] else _NOTHING,
            headers=Headers(scope["headers"]),
            body=body,
            secrets=route.secrets,
        )
        if not verdict.is_accepted:
            raise Refused(403, verdict.reason or "refused", token=route.token)
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


def _route(token: str, row: tuple[Any, ...]) -> Route:
    company_id, connection_id, provider, secrets, state = row
    return Route(
        token=token,
        lane=Lane(company_id=company_id, connection_id=connection_id, provider=provider),
        secrets=json.loads(cipher().decrypt(secrets.encode())),
        is_awake=state == "active",
    )


async def _respond(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*_HEADERS, (b"content-length", b"%d" % len(body)), *headers]})
    await send({"type": "http.response.body", "body": body})
