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
    async_to_sync(story)()


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
        """The next frame, or `{"closed": code}`."""
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
