"""Knocking at the webhook door as a gateway does: ASGI calls against a real PostgreSQL."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import psycopg

from connectors.ingress import Ingress
from connectors.providers.cloud_api.signing import HEADER, signature_of
from tenants.models import Company


@dataclass(frozen=True)
class Answer:
    status: int
    body: str


@dataclass
class Door:
    token: ClassVar[str] = "acme-token-" + "a" * 32
    app_secret: ClassVar[str] = "shh"
    verify_token: ClassVar[str] = "let me in"

    company: Company
    url: str
    server_url: str
    ingress: Ingress = field(default_factory=Ingress)

    async def post(self, body: bytes, *, token: str | None = None, headers: dict[str, str] | None = None, parts: int = 1) -> Answer:
        """A signed call, unless other headers are given; the body in so many parts."""
        given = {"content-length": str(len(body)), HEADER: signature_of(body, self.app_secret)} if headers is None else headers
        size = max(1, -(-len(body) // parts))
        chunks = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
        messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": chunk, "more_body": place < len(chunks) - 1} for place, chunk in enumerate(chunks)
        ]
        return await self.call("POST", f"/webhooks/{token or self.token}/", headers=given, messages=messages)

    async def call(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        headers: dict[str, str] | None = None,
        messages: list[dict[str, Any]] | None = None,
    ) -> Answer:
        waiting = iter(messages or [{"type": "http.request", "body": b"", "more_body": False}])
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return next(waiting)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
        }
        await self.ingress(scope, receive, send)
        return Answer(sent[0]["status"], sent[1]["body"].decode())

    def play(self, story: Callable[[], Awaitable[Any]]) -> Any:
        """Run the story on a loop of its own, with a door of its own."""
        self.ingress = Ingress()

        async def whole() -> Any:
            try:
                return await story()
            finally:
                await self.ingress.close()

        return asyncio.run(whole())

    def stored(self) -> list[bytes]:
        return [body for (body,) in self.rows("SELECT body FROM tenants_webhook ORDER BY id")]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as database:
            cursor = database.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """As if PostgreSQL were down: its connections are cut, and no new one is let in."""
        name = psycopg.conninfo.conninfo_to_dict(self.url)["dbname"]
        with psycopg.connect(self.server_url, autocommit=True) as server:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            try:
                yield
            finally:
                server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


async def eventually(condition: Callable[[], Any], *, seconds: float = 5) -> Any:
    """The first true answer, on a loop that goes on meanwhile."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = await asyncio.to_thread(condition)
        if answer:
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError("It did not happen in time.")
