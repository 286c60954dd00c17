"""A load generator in a process of its own: some connections, each with one POST after the other, for some seconds.

`python -m config.bench.load PORT PATH SIGNATURE CONNECTIONS SECONDS < body` prints {"requests", "refused", "p99_ms"}.
"""

import asyncio
import json
import sys
import time

import uvloop

from config.bench.results import percentile


class Caller(asyncio.Protocol):
    """Sends its next request when the answer to the last one is complete."""

    def __init__(self, request: bytes, until: float) -> None:
        self.request = request
        self.until = until
        self.waiting = b""
        self.refused = 0
        self.times: list[float] = []
        self.is_over = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._call()

    def _call(self) -> None:
        self.began = time.perf_counter()
        self.transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        end = self.waiting.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.waiting[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self.waiting) < end + 4 + length:
            return
        now = time.perf_counter()
        self.times.append(now - self.began)
        self.refused += not self.waiting.startswith(b"HTTP/1.1 200")
        self.waiting = b""
        if now > self.until:
            self.transport.close()
            return
        self._call()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_over.done():
            self.is_over.set_result(None)


async def call(port: int, path: str, signature: str, connections: int, seconds: float, body: bytes) -> dict[str, float]:
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/json",
        f"X-Hub-Signature-256: {signature}",
        f"Content-Length: {len(body)}",
    ]
    request = "\r\n".join([*lines, "", ""]).encode() + body
    loop = asyncio.get_running_loop()
    until = time.perf_counter() + seconds
    callers = [(await loop.create_connection(lambda: Caller(request, until), "127.0.0.1", port))[1] for _ in range(connections)]
    await asyncio.gather(*[caller.is_over for caller in callers])
    times = [each for caller in callers for each in caller.times]
    return {"requests": len(times), "refused": sum(caller.refused for caller in callers), "p99_ms": percentile(times, 0.99) * 1000}


if __name__ == "__main__":
    port, path, signature, connections, seconds = sys.argv[1:]
    said = uvloop.run(call(int(port), path, signature, int(connections), float(seconds), sys.stdin.buffer.read()))
    print(json.dumps(said))
