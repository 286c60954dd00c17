"""What leaves by one socket, in order, and never more than it can hold: a client that does not keep up is closed, and resumes."""

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from accounts.presence import AWAY, ONLINE
from config.viewers import Viewer
from tenants.lib.realtime import NumberedFrame

REFUSED, SUSPENDED, SLOW = 4401, 4403, 4408
BROKEN, TRY_AGAIN = 1011, 1013
LONGEST_OUTBOX = 2_000
LONGEST_REPLAY = 1_000


def encode(frame: NumberedFrame) -> str:
    """The part that is the same on every socket: all but `prev`, which `Outlet` writes before it."""
    return orjson.dumps({"seq": frame.seq, "event": frame.event, "data": frame.data})[1:].decode()


class Outlet:
    """`position` is the last number considered for this socket, `last_sent` the last one that its person was allowed to see."""

    def __init__(self, send: Callable[[dict[str, Any]], Awaitable[None]], *, session_id: int, viewer: Viewer, position: int) -> None:
        self.id = secrets.token_hex(6)
        self.session_id = session_id
        self.viewer = viewer
        self.status = ONLINE
        self.looks_at: set[int] = set()
        self.position = self.last_sent = position
        self.turn = 0
        self.is_replaying = False
        self.is_shut = False
        self._send = send
        self._outbox: deque[str] = deque()
        self._has_mail = asyncio.Event()
        self._writer = asyncio.create_task(self._write())
        self._closer: asyncio.Task[None] | None = None

    @property
    def presence(self) -> str:
        """What this socket says of its person; who called themselves away is not called back by a device."""
        return AWAY if self.viewer.is_away and self.status == ONLINE else self.status

    def tell(self, frame: dict[str, Any]) -> None:
        self.put(orjson.dumps(frame).decode())

    def offer(self, frame: NumberedFrame, encoded: str) -> None:
        """The hub's next frame. While missed ones are replayed nothing passes: the replay goes on until it has caught up."""
        if self.is_replaying or frame.seq <= self.position:
            return
        self.position = frame.seq
        self._put_numbered(frame, encoded)

    def replay(self, frames: list[NumberedFrame], *, since: int) -> bool:
        """Everything after `since`, all of it known by now. False, and nothing sent, when that is too much: then reload."""
        visible = [frame for frame in frames if self.viewer.sees(frame.audience)]
        if len(visible) > LONGEST_REPLAY:
            return False
        self.is_replaying = False
        self.last_sent = since
        for frame in visible:
            self._put_numbered(frame, encode(frame))
        self.position = frames[-1].seq if frames else since
        return True

    def begin_again(self, seq: int, epoch: str) -> None:
        """What was numbered before cannot be continued: the client reloads, and counts from `seq`."""
        self.turn += 1
        self.is_replaying = False
        self.position = self.last_sent = seq
        self.tell({"event": "reload", "seq": seq, "epoch": epoch})

    def put(self, text: str) -> None:
        if self.is_shut:
            return
        if len(self._outbox) >= LONGEST_OUTBOX:
            self.shut(SLOW)
            return
        self._outbox.append(text)
        self._has_mail.set()

    def shut(self, code: int) -> None:
        """Close, without what still waits to be sent."""
        if self.is_shut:
            return
        self.stop()
        self._closer = asyncio.create_task(self._close(code))

    def stop(self) -> None:
        self.is_shut = True
        self._outbox.clear()
        self._writer.cancel()

    def _put_numbered(self, frame: NumberedFrame, encoded: str) -> None:
        if self.viewer.sees(frame.audience):
            self.put(f'{{"prev":{self.last_sent},{encoded}')
            self.last_sent = frame.seq

    async def _write(self) -> None:
        # The server raises its own kind of error when the client is gone; its `websocket.disconnect` tells the consumer.
        with contextlib.suppress(Exception):
            while True:
                await self._has_mail.wait()
                self._has_mail.clear()
                while self._outbox:
                    await self._send({"type": "websocket.send", "text": self._outbox.popleft()})

    async def _close(self, code: int) -> None:
        with contextlib.suppress(Exception):
            await self._send({"type": "websocket.close", "code": code})
