"""A browser's side of the socket, without a network: what it says, what it hears, and how slowly it reads."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from asgiref.sync import async_to_sync, sync_to_async

from accounts.models import User
from accounts.services.sessions import open_session
from accounts.services.socket_tickets import issue_socket_ticket
from accounts.types import Device
from config.consumers import CompanySocket
from tenants.lib.realtime import Frame, publish_now
from tenants.lib.tenancy import enter
from tenants.models import Company

PATIENCE_SECONDS = 5
Story = Callable[[], Awaitable[None]]


def played(story: Story) -> None:
    """Runs it; the database is used from the test's own thread, inside its transaction."""
    async_to_sync(_played)(story)


async def _played(story: Story) -> None:
    """What goes on in the background ends while this thread still answers its questions to the database."""
    try:
        await story()
    finally:
        # More than once: redis-py swallows a cancellation that comes while it looks for a connection.
        async with asyncio.timeout(PATIENCE_SECONDS):
            while others := asyncio.all_tasks() - {asyncio.current_task()}:
                for task in others:
                    task.cancel()
                await asyncio.wait(others, timeout=0.1)


def ticket_of(user: User) -> str:
    with enter(user.company):
        return issue_socket_ticket(session=open_session(user, device=Device()))


async def tell(company: Company, *frames: Frame) -> int:
    """Publishes; the last number."""

    def published() -> int:
        with enter(company):
            return publish_now(list(frames))

    return await sync_to_async(published)()


class Browser:
    """`async with Browser(ticket) as page: frame = await page.hears()`. With `reads_at_most` it stops reading after so many."""

    def __init__(self, ticket: str, *, host: str = "acme.localhost:8000", reads_at_most: int = 0) -> None:
        scope = {"type": "websocket", "path": "/ws/", "query_string": f"ticket={ticket}".encode(), "headers": [(b"host", host.encode())]}
        self._says: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._hears: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=reads_at_most)
        self._says.put_nowait({"type": "websocket.connect"})
        self._socket = asyncio.ensure_future(CompanySocket.as_asgi()(scope, self._says.get, self._hears.put))

    async def __aenter__(self) -> "Browser":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._says.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self._socket, PATIENCE_SECONDS)

    def says(self, **frame: Any) -> None:
        self.says_text(orjson.dumps(frame).decode())

    def says_text(self, text: str) -> None:
        self._says.put_nowait({"type": "websocket.receive", "text": text})

    def says_bytes(self, raw: bytes) -> None:
        self._says.put_nowait({"type": "websocket.receive", "bytes": raw})

    async def hears(self) -> dict[str, Any]:
        """The next frame, or `{"closed": code}`. Who comes, goes and looks is passed over: `notices` listens to that."""
        while True:
            heard = await self._next()
            if not _is_of_attendance(heard):
                return heard

    async def notices(self) -> dict[str, Any]:
        """What the next frame about who is here or looks at what has to say."""
        while True:
            heard = await self._next()
            if _is_of_attendance(heard):
                return heard["data"]

    async def notices_that(self, name: str, presence: str) -> None:
        """Until the person is told to be so."""
        while True:
            user = (await self.notices()).get("user", {})
            if (user.get("name"), user.get("presence")) == (name, presence):
                return

    async def _next(self) -> dict[str, Any]:
        while True:
            message = await asyncio.wait_for(self._hears.get(), PATIENCE_SECONDS)
            if message["type"] == "websocket.close":
                return {"closed": message["code"]}
            if message["type"] == "websocket.send":
                return orjson.loads(message["text"])

    async def hears_until(self, seq: int) -> list[dict[str, Any]]:
        """Every frame up to the one with this number."""
        frames = [await self.hears()]
        while frames[-1].get("seq") != seq:
            frames.append(await self.hears())
        return frames


def _is_of_attendance(heard: dict[str, Any]) -> bool:
    data = heard.get("data", {})
    return "seq" not in heard and (data.get("action") == "viewers" or "presence" in data.get("user", {}))
