"""A gateway that answers every send at once, so that a dispatcher is measured and not the gateway: `python -m config.bench.provider PORT`.

It speaks just enough HTTP/1.1: keep-alive, one request after the other on a connection, a body of Content-Length bytes.
"""

import asyncio
import itertools
import sys

import uvloop

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_BODY = (
    b'{"messaging_product":"whatsapp","contacts":[{"input":"5511999999999","wa_id":"5511999999999"}],'
    b'"messages":[{"id":"wamid.bench%012d"}]}'
)
_HEAD = _HEAD % len(_BODY % 0)
_numbers = itertools.count(1)


class Door(asyncio.Protocol):
    def __init__(self) -> None:
        self.waiting = b""

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
            self.waiting = self.waiting[end + 4 + length :]
            self.transport.write(_HEAD + _BODY % next(_numbers))  # type: ignore[attr-defined]


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Door, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
