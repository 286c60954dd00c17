"""A gateway that answers every send at once, or after a while, so that a dispatcher is measured and not the gateway:
`python -m config.bench.provider PORT [LATENCY_MS]`.

It speaks just enough HTTP/1.1: keep-alive, one request after the other on a connection, a body of Content-Length bytes.
`GET /arrivals` answers when (monotonic seconds) each send arrived since it was last asked, where there is a latency; `GET /texts` the
same of texts alone, which agents write and campaigns of templates do not.
"""

import asyncio
import itertools
import json
import re
import sys
import time

import uvloop

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_BODY = (
    b'{"messaging_product":"whatsapp","contacts":[{"input":"5511999999999","wa_id":"5511999999999"}],'
    b'"messages":[{"id":"wamid.bench%012d"}]}'
)
_TEXT = re.compile(rb'"type": ?"text"[,}]')
_SENT_HEAD = _HEAD % len(_BODY % 0)
_numbers = itertools.count(1)
_arrivals: list[float] = []
_texts: list[float] = []


class Door(asyncio.Protocol):
    def __init__(self, latency_seconds: float = 0.0) -> None:
        self.waiting = b""
        self.latency_seconds = latency_seconds

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while True:
            end = self.waiting.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.waiting[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.waiting) < end + 4 + length:
                return
            body, self.waiting = self.waiting[end + 4 : end + 4 + length], self.waiting[end + 4 + length :]
            if head.startswith(b"get /"):
                self._tell(_arrivals if head.startswith(b"get /arrivals") else _texts)
                continue
            if _TEXT.search(body):
                _texts.append(time.monotonic())
            if not self.latency_seconds:
                self._answer()
                continue
            _arrivals.append(time.monotonic())
            asyncio.get_running_loop().call_later(self.latency_seconds, self._answer)

    def _answer(self) -> None:
        self.transport.write(_SENT_HEAD + _BODY % next(_numbers))  # type: ignore[attr-defined]

    def _tell(self, times: list[float]) -> None:
        body = json.dumps(times).encode()
        times.clear()
        self.transport.write(_HEAD % len(body) + body)  # type: ignore[attr-defined]


async def serve(port: int, latency_seconds: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Door(latency_seconds), "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000 if len(sys.argv) > 2 else 0.0))
