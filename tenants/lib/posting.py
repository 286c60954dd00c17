"""POST over kept HTTP/1.1 connections, for the one path where half the CPU of a message was the HTTP client's.

Straight on uvloop's transports and llhttp (httptools, which uvicorn reads requests with): no thread of its own to hand results over from.
What it leaves to others: proxies (tenants/lib/posting_by_proxy.py), redirects, compression. What it tells better: whether a request may
have left.
"""

import asyncio
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
import httptools

# Gateways close idle connections; a shorter wait of ours keeps a request from racing with that close.
IDLE_SECONDS = 20.0
MOST_BYTES = 1 << 20  # of an answer


class NotSent(Exception):
    """Nothing has left: there was no connection."""


class NoAnswer(Exception):
    """The request may have arrived, and what came of it is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Headers by their name in lower case; of those that come twice, the last."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Door:
    """Where requests go, and how each begins: all of it up to the body's length. `has_proxy`: by HTTPS_PROXY, HTTP_PROXY, NO_PROXY."""

    url: str
    headers: Mapping[str, str]
    host: str
    port: int
    is_encrypted: bool
    has_proxy: bool
    head: bytes


@dataclass(frozen=True, slots=True)
class Patience:
    connect_seconds: float
    answer_seconds: float


def door_to(url: str, headers: Mapping[str, str]) -> Door:
    """Raises ValueError for what would not be one request: another scheme, no host, or a line break."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"“{url}” is not an address of http or https.")
    is_encrypted = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items()), "Content-Length: "]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("A header or the address has a line break.")
    port = parts.port or (443 if is_encrypted else 80)
    has_proxy = parts.scheme in getproxies() and not proxy_bypass(parts.hostname)
    return Door(url, headers, parts.hostname, port, is_encrypted, has_proxy, "\r\n".join(lines).encode("latin-1"))


async def post(door: Door, body: bytes, patience: Patience) -> Answer:
    """One request, never repeated here. Raises NotSent or NoAnswer."""
    kept = _kept_here().setdefault((door.host, door.port, door.is_encrypted), [])
    line = _take(kept) or await _open(door, patience.connect_seconds)
    try:
        return await line.ask(door.head + b"%d\r\n\r\n" % len(body) + body, patience.answer_seconds)
    finally:
        if line.is_free:
            line.free_since = time.monotonic()
            kept.append(line)
        else:
            line.close()


@dataclass(eq=False)
class Line(asyncio.Protocol):
    """One connection, and the one answer that it waits for."""

    transport: asyncio.Transport | None = None
    awaited: asyncio.Future[Answer] | None = None
    is_free: bool = False
    free_since: float = 0.0
    size: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)

    async def ask(self, request: bytes, seconds: float) -> Answer:
        """Raises NoAnswer, after so many seconds as well."""
        loop = asyncio.get_running_loop()
        self.is_free = False
        self.awaited = awaited = loop.create_future()
        patience = loop.call_later(seconds, self._give_up)  # a third of what asyncio.timeout costs
        try:
            if self.transport is None:
                self._give_up()
            else:
                self.transport.write(request)
            return await awaited
        finally:
            patience.cancel()

    def close(self) -> None:
        self.is_free = False
        if self.transport is not None:
            self.transport.abort()

    # --- asyncio.Protocol --------------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self.parser = httptools.HttpResponseParser(self)
        self.is_free = True

    def data_received(self, data: bytes) -> None:
        self.size += len(data)
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._give_up()
        if self.awaited is not None and self.size > MOST_BYTES:
            self._give_up()

    def connection_lost(self, error: Exception | None) -> None:
        self.transport, self.is_free = None, False
        self._give_up()

    # --- httptools' parser ---------------------------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        if self.awaited is None:  # nobody asked: the next one is not to take it for an answer
            self.is_free = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def on_message_complete(self) -> None:
        status = self.parser.get_status_code()
        headers, pieces, self.headers, self.pieces = self.headers, self.pieces, {}, []
        if status < 200:  # "continue" and the like: the answer is yet to come
            return
        awaited, self.awaited, self.size = self.awaited, None, 0
        self.is_free = awaited is not None and self.parser.should_keep_alive()
        if awaited is not None and not awaited.done():
            awaited.set_result(Answer(status, headers, b"".join(pieces)))

    def _give_up(self) -> None:
        awaited, self.awaited = self.awaited, None
        if awaited is not None and not awaited.done():
            awaited.set_exception(NoAnswer())
        self.close()


Kept = dict[tuple[str, int, bool], list[Line]]


class _Here(threading.local):
    """A connection belongs to its event loop, and a thread has one at a time."""

    loop: asyncio.AbstractEventLoop | None = None
    kept: Kept


_here = _Here()


def _kept_here() -> Kept:
    loop = asyncio.get_running_loop()
    if _here.loop is not loop:
        _here.loop, _here.kept = loop, {}
    return _here.kept


def _take(kept: list[Line]) -> Line | None:
    """The one that was used last; those that have waited for too long are closed."""
    oldest = time.monotonic() - IDLE_SECONDS
    while kept and kept[0].free_since < oldest:
        kept.pop(0).close()
    while kept:
        line = kept.pop()
        if line.is_free:
            return line
        line.close()
    return None


async def _open(door: Door, seconds: float) -> Line:
    context = _tls() if door.is_encrypted else None
    try:
        async with asyncio.timeout(seconds):
            _transport, line = await asyncio.get_running_loop().create_connection(Line, door.host, door.port, ssl=context)
    except (OSError, TimeoutError) as error:
        raise NotSent(str(error)) from None
    return line


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
