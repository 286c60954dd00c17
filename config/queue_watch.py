"""`/ops/queues/` where one port answers everything: passed on to Flower, which asks for its own password. (Elsewhere a proxy does this.)"""

import os
from typing import Any

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError

PREFIX = "/ops/queues"
LARGEST_BODY = 1024 * 1024
# What is about one leg of the way only, or counts bytes that were unpacked meanwhile.
NOT_PASSED_ON = {
    b"connection",
    b"keep-alive",
    b"transfer-encoding",
    b"upgrade",
    b"host",
    b"content-length",
    b"content-encoding",
    b"accept-encoding",
}


class QueueWatch:
    def __init__(self) -> None:
        self.address = f"http://127.0.0.1:{os.environ.get('FLOWER_PORT', '')}"
        self.is_there = bool(os.environ.get("FLOWER_PORT"))
        self._client: Client | None = None

    def answers(self, path: str) -> bool:
        return self.is_there and (path == PREFIX or path.startswith(f"{PREFIX}/"))

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["path"] == PREFIX:
            await _answer(send, 301, b"", [(b"location", f"{PREFIX}/".encode())])
            return
        body = await _body(receive)
        if body is None:
            await _answer(send, 413, b"Too large.\n", [])
            return
        try:
            status, content, headers = await self._ask(scope, body)
        except PyreqwestError:
            await _answer(send, 503, b"Flower does not answer. Its log: flower.log.\n", [(b"content-type", b"text/plain")])
            return
        await _answer(send, status, content, headers)

    async def _ask(self, scope: dict[str, Any], body: bytes) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
        if self._client is None:
            self._client = ClientBuilder().follow_redirects(False).no_proxy().build()
        query = f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
        headers = [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"] if name.lower() not in NOT_PASSED_ON]
        request = self._client.request(scope["method"], f"{self.address}{scope['path']}{query}").headers(headers).body_bytes(body)
        response = await request.build().send()
        passed = [(name.encode(), value.encode("latin-1")) for name, value in response.headers.items()]
        content = bytes(await response.bytes())
        return response.status, content, [pair for pair in passed if pair[0].lower() not in NOT_PASSED_ON]


async def _body(receive: Any) -> bytes | None:
    """All of it; None when it is too large."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return body


async def _answer(send: Any, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
