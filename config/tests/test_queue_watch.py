"""`/ops/queues/` on the one port of `make run`: passed on to Flower, password and all; not there where Flower is not."""

import asyncio
import http.server
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from config.ground.ports import free_port
from config.queue_watch import LARGEST_BODY, QueueWatch


class Watcher(http.server.BaseHTTPRequestHandler):
    """Says what it was asked, as Flower would: only to who knows the password."""

    def do_GET(self) -> None:
        is_known = self.headers.get("Authorization") == "Basic b3BzOnNlY3JldA=="
        body = self.path.encode() if is_known else b"who?"
        self.send_response(200 if is_known else 401)
        self.send_header("WWW-Authenticate", 'Basic realm="flower"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def door(monkeypatch) -> Iterator[QueueWatch]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Watcher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("FLOWER_PORT", str(server.server_port))
    yield QueueWatch()
    server.shutdown()
    server.server_close()


def asked(
    door: QueueWatch, path: str, *, headers: Sequence[tuple[bytes, bytes]] = (), body: bytes = b""
) -> tuple[int, bytes, dict[bytes, bytes]]:
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"sort=name", "headers": list(headers)}
    asyncio.run(door(scope, receive, send))
    return said[0]["status"], said[1]["body"], dict(said[0]["headers"])


def test_who_knows_the_password_sees_what_flower_shows(door):
    status, body, _headers = asked(door, "/ops/queues/workers", headers=[(b"authorization", b"Basic b3BzOnNlY3JldA==")])

    assert (status, body) == (200, b"/ops/queues/workers?sort=name")


def test_a_stranger_is_asked_for_it(door):
    status, body, headers = asked(door, "/ops/queues/")

    assert (status, body, headers[b"www-authenticate"]) == (401, b"who?", b'Basic realm="flower"')


def test_the_address_without_its_slash_leads_on(door):
    assert asked(door, "/ops/queues")[0::2] == (301, {b"location": b"/ops/queues/", b"content-length": b"0"})


def test_a_flood_is_refused(door):
    assert asked(door, "/ops/queues/", body=b"x" * (LARGEST_BODY + 1))[0] == 413


def test_a_flower_that_is_down_is_said_to_be(monkeypatch):
    monkeypatch.setenv("FLOWER_PORT", str(free_port()))

    assert asked(QueueWatch(), "/ops/queues/")[0] == 503


def test_nothing_else_is_taken(door, monkeypatch):
    monkeypatch.delenv("FLOWER_PORT")

    assert [door.answers(path) for path in ("/ops/queues", "/ops/queues/tasks", "/ops/queuesx", "/ops/host/", "/app/")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert not QueueWatch().answers("/ops/queues/")
