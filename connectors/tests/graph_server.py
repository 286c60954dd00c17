"""Meta's Graph API on loopback, strict about what it is sent, and misbehaving on demand.

`python -m connectors.tests.graph_server 9300` runs it alone, for trying things by hand: it then always answers well.
"""

import asyncio
import email
import email.policy
import json
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "graph-test-token"
MEDIA = ("image", "video", "audio", "document", "sticker")
COMMON = {"messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"}


@dataclass(frozen=True)
class Answer:
    """One answer of the server. `is_closed`: the request is read (and counted as taken, if it is good), and the line is cut."""

    status: int = 200
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    is_closed: bool = False
    is_silent: bool = False


def graph_error(
    status: int, code: int, *, details: str = "", is_transient: bool = False, headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    error: dict[str, Any] = {"message": f"(#{code}) Something", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    if details:
        error["error_data"] = {"messaging_product": "whatsapp", "details": details}
    if is_transient:
        error["is_transient"] = True
    return Answer(status, {"error": error}, headers)


@dataclass(frozen=True)
class StoredFile:
    """A file that a customer sent: what Meta says of it. `told_sha256` may be a lie."""

    content: bytes
    mime_type: str = "image/jpeg"
    told_sha256: str = ""


@dataclass(frozen=True)
class UploadedFile:
    filename: str
    mime_type: str
    content: bytes


@dataclass
class Graph:
    """What the server was told to do next, and what it has seen."""

    url: str = ""
    next_answers: deque[Answer] = field(default_factory=deque)
    taken: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    connections: int = 0
    # Cleared, the server takes what it gets and answers nobody until it is set again.
    may_answer: threading.Event = field(default_factory=threading.Event)
    number: dict[str, Any] = field(default_factory=lambda: {"id": "1055", "display_phone_number": "+1 555-0100", "verified_name": "Acme"})
    files: dict[str, StoredFile] = field(default_factory=dict)
    uploaded: list[UploadedFile] = field(default_factory=list)
    # How many of the next addresses of files have run out by the time they are asked for.
    expired_addresses: int = 0
    template_pages: list[list[dict[str, Any]]] = field(default_factory=lambda: [[]])

    def __post_init__(self) -> None:
        self.may_answer.set()

    def handle(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        address = urlsplit(target)
        version, _, path = address.path.lstrip("/").partition("/")
        is_form = headers.get("content-type", "").startswith("multipart/")
        document = {} if is_form else json.loads(body) if body else {}
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.calls.append((method, path, document or query))
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return graph_error(401, 190)
        if not version.startswith("v"):
            return graph_error(400, 100, details="Invalid version format")
        if method == "POST" and path.endswith("/messages"):
            return self._take(document)
        if self.next_answers:
            return self.next_answers.popleft()
        if method == "POST" and path.endswith("/media"):
            return self._keep(headers["content-type"], body)
        if path.partition("/")[0] in self.files:
            return self._file(path)
        if path.endswith("/subscribed_apps"):
            return Answer(body={"success": True})
        if path.endswith("/message_templates"):
            return self._templates(int(query.get("after") or 0))
        return Answer(body=self.number)

    def _take(self, document: dict[str, Any]) -> Answer:
        answer = self.next_answers.popleft() if self.next_answers else None
        mistake = mistake_in(document)
        if mistake:
            return graph_error(400, 100, details=mistake)
        if answer is not None and not (answer.is_closed or answer.is_silent):
            return answer
        self.taken.append(document)
        contact = (
            {"input": document["to"], "wa_id": document["to"]}
            if "to" in document
            else {"input": document["recipient"], "user_id": document["recipient"]}
        )
        ok = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": f"wamid.{len(self.taken)}"}]}
        return answer or Answer(body=ok)

    def _file(self, path: str) -> Answer:
        """`<id>` tells the address, `<id>/content` is the address."""
        file_id, _, part = path.partition("/")
        file = self.files[file_id]
        if not part:
            told = {"url": f"{self.url}/v1/{file_id}/content", "mime_type": file.mime_type, "file_size": str(len(file.content))}
            return Answer(body=told | {"sha256": file.told_sha256, "id": file_id, "messaging_product": "whatsapp"})
        if self.expired_addresses:
            self.expired_addresses -= 1
            return Answer(404, b"URL signature expired")
        return Answer(body=file.content, headers=(("content-type", file.mime_type),))

    def _keep(self, content_type: str, body: bytes) -> Answer:
        form = email.message_from_bytes(b"content-type: " + content_type.encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP)
        parts = {part.get_param("name", header="content-disposition"): part for part in form.iter_parts()}
        if set(parts) != {"messaging_product", "type", "file"} or parts["messaging_product"].get_content().strip() != "whatsapp":
            return graph_error(400, 100, details="media")
        file = parts["file"]
        content = file.get_payload(decode=True)
        if parts["type"].get_content().strip() != file.get_content_type() or not content:
            return graph_error(400, 131053, details="media")
        self.uploaded.append(UploadedFile(file.get_filename(), file.get_content_type(), content))
        return Answer(body={"id": f"77{len(self.uploaded)}"})

    def _templates(self, page: int) -> Answer:
        more = page + 1 < len(self.template_pages)
        paging = {"cursors": {"before": str(page), "after": str(page + 1)}} | ({"next": "https://graph.test/next"} if more else {})
        return Answer(body={"data": self.template_pages[page], "paging": paging})


def mistake_in(document: dict[str, Any]) -> str:
    """The first way in which a message differs from the documented shape; empty when it is right."""
    kind = document.get("type")
    checks = {
        "messaging_product": document.get("messaging_product") == "whatsapp",
        "recipient_type": document.get("recipient_type") == "individual",
        "to or recipient": ("to" in document) != ("recipient" in document),
        "to": "to" not in document or (document["to"].isdecimal() and 5 <= len(document["to"]) <= 15),
        "recipient": "recipient" not in document or "." in document["recipient"],
        "biz_opaque_callback_data": 0 < len(document.get("biz_opaque_callback_data", "")) <= 512,
        "type": kind in ("text", "template", "location", "contacts", "reaction", *MEDIA),
        "fields": set(document) <= COMMON | {str(kind)} and str(kind) in document,
        "context": "context" not in document or list(document["context"]) == ["message_id"],
    }
    wrong = [name for name, is_right in checks.items() if not is_right]
    return wrong[0] if wrong else _mistake_in_part(str(kind), document[kind])


def _mistake_in_part(kind: str, part: dict[str, Any]) -> str:
    if kind == "text":
        is_right = set(part) <= {"body", "preview_url"} and 0 < len(part["body"]) <= 4096
        return "" if is_right else "text"
    if kind == "template":
        is_right = set(part) <= {"name", "language", "components"} and part["name"] and part["language"]["code"]
        is_right = is_right and all(component["type"] in ("header", "body", "button") for component in part.get("components", []))
        return "" if is_right else "template"
    if kind == "location":
        is_right = {"latitude", "longitude"} <= set(part) <= {"latitude", "longitude", "name", "address"}
        return "" if is_right and abs(part["latitude"]) <= 90 and abs(part["longitude"]) <= 180 else "location"
    if kind == "contacts":
        is_right = all(card["name"]["formatted_name"] and card["name"]["first_name"] and card["phones"] for card in part)
        return "" if part and is_right else "contacts"
    if kind == "reaction":
        return "" if set(part) == {"message_id", "emoji"} and part["message_id"] else "reaction"
    captioned = () if kind in ("audio", "sticker") else ("caption",)
    own = {"audio": ("voice",), "document": ("filename",)}.get(kind, ())
    allowed = {"id", "link", *captioned, *own}
    is_right = set(part) <= allowed and ("id" in part) != ("link" in part) and len(part.get("caption", "")) <= 1024
    return "" if is_right else kind


@contextmanager
def graph_server(port: int = 0) -> Iterator[Graph]:
    """A running server in a thread of its own, on loopback."""
    graph = Graph()
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(lambda reader, writer: _serve(graph, reader, writer), "127.0.0.1", port))
    graph.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield graph
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    connections = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in connections:
        task.cancel()
    await asyncio.gather(*connections, return_exceptions=True)


async def _serve(graph: Graph, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    graph.connections += 1
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            answer = graph.handle(method, target, headers, body)
            if answer.is_closed:
                return
            while not graph.may_answer.is_set():
                await asyncio.sleep(0.01)
            if answer.is_silent:
                await asyncio.sleep(60)
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            lines = [
                f"HTTP/1.1 {answer.status} X",
                f"content-length: {len(content)}",
                *(f"{name}: {value}" for name, value in answer.headers),
            ]
            writer.write("\r\n".join([*lines, "", ""]).encode() + content)
            await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
        return
    finally:
        writer.close()


if __name__ == "__main__":
    with graph_server(int(sys.argv[1])) as running:
        sys.stdout.write(f"{running.url} token {TOKEN}\n")
        threading.Event().wait()
