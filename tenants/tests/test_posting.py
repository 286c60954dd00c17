"""POST over kept connections: against servers that answer as servers do, and as they should not."""

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tenants.lib import posting
from tenants.lib.posting import Answer, NoAnswer, NotSent, Patience, door_to, post
from tenants.lib.posting_by_proxy import post_by_proxy

PATIENCE = Patience(connect_seconds=2, answer_seconds=2)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Way: there\r\n\r\nhi"

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """What arrived: (head, body) of each request, and how many connections."""

    def __init__(self, answers: list[bytes | Talk]) -> None:
        self.answers = answers
        self.requests: list[tuple[str, bytes]] = []
        self.connections = 0
        self.url = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = int(head.lower().partition("content-length: ")[2].split("\r\n")[0])
                self.requests.append((head, await reader.readexactly(length)))
                answer = self.answers.pop(0) if self.answers else OK
                if not isinstance(answer, bytes):
                    await answer(reader, writer)
                    break
                writer.write(answer)
        writer.close()


@asynccontextmanager
async def serving(*answers: bytes | Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server(list(answers))
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0, ssl=tls)
    scheme = "http" if tls is None else "https"
    server.url = f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1/messages"
    yield server
    listening.close()


async def say(server: Server, body: bytes = b"{}", *, patience: Patience = PATIENCE) -> Answer:
    return await post(door_to(server.url, {"Authorization": "Bearer x"}), body, patience)


async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


def test_a_request_and_its_answer():
    async def story():
        async with serving() as server:
            return await say(server, "olá".encode()), server

    answer, server = uvloop.run(story())

    [(head, body)] = server.requests
    assert head.startswith("POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:")
    assert ("Authorization: Bearer x\r\n" in head, body.decode()) == (True, "olá")
    assert answer == Answer(200, {"content-length": "2", "x-way": "there"}, b"hi")


@pytest.mark.parametrize(
    ("said", "status", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 200, b"abcde"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 200, b"hi"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 503, b""),
    ],
)
def test_answers_of_every_kind_and_what_is_asked_after_them(said, status, body):
    async def story():
        async with serving(said) as server:
            return await say(server), await say(server)

    first, second = uvloop.run(story())

    assert (first.status, first.body, second.body) == (status, body, b"hi")


def test_connections_are_kept_for_who_comes_next_and_shared_by_nobody():
    async def story():
        async with serving() as server:
            for _ in range(5):
                await asyncio.gather(*[say(server, b"%d" % number) for number in range(4)])
            return server

    server = uvloop.run(story())

    assert (server.connections, len(server.requests), len({body for _head, body in server.requests})) == (4, 20, 4)


def test_a_connection_that_the_server_closed_meanwhile_is_not_used_again():
    async def answer_and_leave(reader, writer):
        writer.write(OK)

    async def story():
        async with serving(answer_and_leave) as server:
            await say(server)
            await asyncio.sleep(0.1)
            await say(server)
            return server

    assert uvloop.run(story()).connections == 2


def test_what_has_been_idle_for_long_is_closed(monkeypatch):
    monkeypatch.setattr(posting, "IDLE_SECONDS", 0.05)

    async def story():
        async with serving() as server:
            await asyncio.gather(say(server), say(server))
            await asyncio.sleep(0.1)
            await say(server)
            return server

    assert uvloop.run(story()).connections == 3


@pytest.mark.parametrize(
    "trouble",
    [
        cut,
        b"SMTP 220 hello\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"x" * (posting.MOST_BYTES + 1),
    ],
    ids=["cut", "not HTTP", "another protocol", "too long"],
)
def test_trouble_after_the_request_is_no_answer_and_the_connection_is_gone(trouble):
    async def story():
        async with serving(trouble) as server:
            with pytest.raises(NoAnswer):
                await say(server)
            await say(server)
            return server

    server = uvloop.run(story())

    assert (server.connections, len(server.requests)) == (2, 2)


def test_a_server_that_says_nothing_is_waited_for_as_long_as_was_asked():
    async def story():
        async with serving(be_silent) as server:
            with pytest.raises(NoAnswer):
                await say(server, patience=Patience(2, 0.1))
            await say(server)
            return server

    assert uvloop.run(story()).connections == 2


def test_who_is_cancelled_leaves_no_answer_for_another():
    """The next one does not get the answer to a request that nobody waits for any more."""

    async def late(reader, writer):
        await asyncio.sleep(0.2)
        writer.write(OK.replace(b"hi", b"no"))

    async def story():
        async with serving(late) as server:
            first = asyncio.create_task(say(server))
            await asyncio.sleep(0.1)
            first.cancel()
            answers = [(await say(server)).body for _ in range(3)]
            await asyncio.sleep(0.2)
            return answers, first.cancelled()

    assert uvloop.run(story()) == ([b"hi", b"hi", b"hi"], True)


@pytest.mark.parametrize("length", [len(OK), 20, 1])
def test_an_answer_that_nobody_asked_for_is_given_to_nobody(length):
    async def story():
        async with serving(OK + OK.replace(b"hi", b"no")[:length]) as server:
            first = await say(server)
            await asyncio.sleep(0.05)
            return first.body, (await say(server)).body

    assert uvloop.run(story()) == (b"hi", b"hi")


@pytest.mark.parametrize("answers_to", ["nobody", "somebody without a known certificate"])
def test_without_a_connection_nothing_is_sent(answers_to, tmp_path):
    async def story():
        async with serving(tls=certificate(tmp_path) if "certificate" in answers_to else None) as server:
            if answers_to == "nobody":
                server.url = "http://127.0.0.1:1/"
            with pytest.raises(NotSent):
                await say(server)
            return server

    assert uvloop.run(story()).requests == []


def test_an_encrypted_exchange(tmp_path, monkeypatch):
    trusting = ssl.create_default_context(cafile=None)
    tls = certificate(tmp_path)
    trusting.load_verify_locations(tmp_path / "certificate.pem")
    monkeypatch.setattr(posting, "_tls", lambda: trusting)

    async def story():
        async with serving(tls=tls) as server:
            return [(await say(server)).body for _ in range(2)], server.connections

    assert uvloop.run(story()) == ([b"hi", b"hi"], 1)


@pytest.mark.parametrize(
    ("url", "headers"),
    [("ftp://x/", {}), ("https:///path", {}), ("http://x/", {"A": "b\r\nContent-Length: 0"}), ("http://x/ção–", {"A": "–"})],
)
def test_what_would_not_be_one_request_is_refused(url, headers):
    with pytest.raises(ValueError):
        door_to(url, headers)


def test_who_has_a_proxy_goes_through_it(monkeypatch):
    """It gets the whole address, and its failure is ours."""
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    async def story():
        async with serving(OK, cut) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1/messages"))
            monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/v1/messages"))
            door = door_to("http://gateway.example/v1/messages", {"Authorization": "Bearer x"})
            answer = await post_by_proxy(door, b"{}", PATIENCE)
            with pytest.raises(NoAnswer):
                await post_by_proxy(door, b"{}", PATIENCE)
            return door, answer, proxy

    door, answer, proxy = uvloop.run(story())

    assert (door.has_proxy, answer.status, answer.body, answer.headers["x-way"]) == (True, 200, b"hi", "there")
    assert proxy.requests[0][0].startswith("POST http://gateway.example/v1/messages HTTP/1.1")


def test_a_proxy_that_is_not_there_lets_nothing_leave(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "elsewhere.example")

    door = door_to("http://gateway.example/", {})

    assert (door.has_proxy, door_to("http://elsewhere.example/", {}).has_proxy) == (True, False)
    with pytest.raises(NotSent):
        uvloop.run(post_by_proxy(door, b"{}", PATIENCE))


def certificate(folder: Path) -> ssl.SSLContext:
    """Of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    moment = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - datetime.timedelta(days=1))
        .not_valid_after(moment + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
