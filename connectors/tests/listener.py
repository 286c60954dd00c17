"""A webhook address on loopback: keeps what was posted, answers the handshake, and refuses as often as it is told to."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

VERIFY_TOKEN = "vt"


@dataclass
class Heard:
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    refused: list[Heard] = field(default_factory=list)
    next_statuses: deque[int] = field(default_factory=deque)


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            is_right = query.get("hub.verify_token") == VERIFY_TOKEN and query.get("hub.mode") == "subscribe"
            self._answer(200 if is_right else 403, query.get("hub.challenge", "").encode() if is_right else b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status = listener.next_statuses.popleft() if listener.next_statuses else 200
            (listener.heard if status == 200 else listener.refused).append(Heard(dict(self.headers), body))
            self._answer(status, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Tests say what they need to."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    listener.url = f"http://127.0.0.1:{server.server_port}/webhooks/x/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
