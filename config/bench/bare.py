"""What the webhook door is held against: the same server and the same signature check, and nothing stored."""

import hashlib
import hmac
from typing import Any

SECRET = b"bench-app-secret"
_HEADERS = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"2")]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    given = next((value for name, value in scope["headers"] if name == b"x-hub-signature-256"), b"")
    is_signed = hmac.compare_digest(given, b"sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest().encode())
    await send({"type": "http.response.start", "status": 200 if is_signed else 403, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": b"OK"})
