"""Addresses that a company typed, against real servers on the loopback address."""

import http.server
import socket
import threading
from collections.abc import Iterator

import pytest
import requests

from tenants.lib.outbound import OutboundRefused, TooMuch, outbound_session, pieces_of


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Host"]))  # type: ignore[attr-defined]
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        self.send_response(200)
        if self.path == "/announced":
            self.send_header("Content-Length", str(10**9))
        self.end_headers()
        self.wfile.write(b"x" * 200_000 if self.path == "/long" else b"hello")

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def resolves_to(monkeypatch, **names: list[str]) -> None:
    """As if a name server answered so: one address after the other, each time it is asked."""
    real, answers = socket.getaddrinfo, {name.replace("_", "."): iter(addresses) for name, addresses in names.items()}

    def answer(host, port, *rest, **more):
        return real(next(answers[host]) if host in answers else host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)


INNER = "127.0.0.1 localhost [::1] 0.0.0.0 2130706433 0x7f.1 [::ffff:127.0.0.1] 169.254.169.254 10.1.2.3 100.64.0.1"


@pytest.mark.parametrize("address", INNER.split())
def test_no_address_of_the_operator_s_network_is_called(server, address):
    with pytest.raises(OutboundRefused):
        outbound_session().get(f"http://{address}:{server.server_port}/", timeout=2)

    assert server.asked == []


def test_a_name_that_stands_for_one_is_refused(server, monkeypatch):
    resolves_to(monkeypatch, inner_example=["127.0.0.1"])

    with pytest.raises(OutboundRefused):
        outbound_session().get(f"http://inner.example:{server.server_port}/", timeout=2)

    assert server.asked == []


def test_what_was_looked_at_is_what_is_connected_to(server, settings, monkeypatch):
    """A name server that answers with a good address first and a bad one then (rebinding): it is asked once."""
    settings.OUTBOUND_ALLOWED = ["127.0.0.2"]
    resolves_to(monkeypatch, rebound_example=["127.0.0.2", "127.0.0.1"])

    with pytest.raises(requests.ConnectionError) as refused:
        outbound_session().get(f"http://rebound.example:{server.server_port}/", timeout=2)

    assert ("127.0.0.2" in str(refused.value), server.asked) == (True, [])


def test_the_operator_may_allow_networks_and_names(server, settings, monkeypatch):
    resolves_to(monkeypatch, gateway_internal=["127.0.0.1"] * 9, other_internal=["127.0.0.1"] * 9)
    base = f":{server.server_port}/"

    settings.OUTBOUND_ALLOWED = ["gateway.internal"]
    by_name = outbound_session().get(f"http://gateway.internal{base}", timeout=2).text
    with pytest.raises(OutboundRefused):
        outbound_session().get(f"http://other.internal{base}", timeout=2)
    settings.OUTBOUND_ALLOWED = ["127.0.0.0/8"]
    by_network = outbound_session().get(f"http://other.internal{base}", timeout=2).text

    assert (by_name, by_network) == ("hello", "hello")
    assert [host.split(":")[0] for _, host in server.asked] == ["gateway.internal", "other.internal"]


def test_each_redirect_is_looked_at(server, settings, monkeypatch):
    resolves_to(monkeypatch, gateway_internal=["127.0.0.1"] * 9)
    settings.OUTBOUND_ALLOWED = ["gateway.internal"]
    home = f"http://gateway.internal:{server.server_port}"

    followed = outbound_session().get(f"{home}/to//end", timeout=2)
    with pytest.raises(OutboundRefused):
        outbound_session().get(f"{home}/to/http://127.0.0.1:{server.server_port}/secret", timeout=2)
    with pytest.raises(requests.exceptions.InvalidSchema):
        outbound_session().get(f"{home}/to/file:///etc/passwd", timeout=2)

    assert followed.text == "hello"
    assert [path for path, _ in server.asked if "secret" in path and not path.startswith("/to/")] == []


def test_an_answer_is_bounded(server, settings):
    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]
    home = f"http://127.0.0.1:{server.server_port}"

    with outbound_session() as session:
        short = b"".join(pieces_of(session.get(home, stream=True, timeout=2), most_bytes=5, seconds=5))
        with pytest.raises(TooMuch):
            list(pieces_of(session.get(f"{home}/announced", stream=True, timeout=2), most_bytes=1000, seconds=5))
        with pytest.raises(TooMuch):
            list(pieces_of(session.get(f"{home}/long", stream=True, timeout=2), most_bytes=100_000, seconds=5))
        with pytest.raises(TooMuch):
            list(pieces_of(session.get(f"{home}/long", stream=True, timeout=2), most_bytes=10**6, seconds=0))

    assert short == b"hello"
