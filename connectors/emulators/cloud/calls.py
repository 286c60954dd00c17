"""One Graph call as the handlers see it, and one answer."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import orjson

from connectors.emulators.cloud.refusals import invalid
from connectors.emulators.cloud.world import Token

Json = dict[str, Any]


@dataclass
class Call:
    """`node`: the id after the version, `edge`: what comes after it."""

    method: str
    node: str
    edge: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    token: Token | None = None
    base_url: str = ""

    @cached_property
    def document(self) -> Json:
        """The body's JSON object or form; empty for none."""
        kind = self.headers.get("content-type", "")
        if not self.body or kind.startswith("multipart/"):
            return {}
        if kind.startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(self.body.decode(errors="replace")))
        try:
            document = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise invalid("The request body is not valid JSON.") from None
        if not isinstance(document, dict):
            raise invalid("The request body must be a JSON object.")
        return document

    @property
    def parameters(self) -> Json:
        """Query and body together: Graph takes a parameter from either."""
        return {**self.query, **self.document}

    def required(self, name: str) -> Any:
        value = self.parameters.get(name)
        if value in (None, ""):
            raise invalid(f"The parameter {name} is required.")
        return value


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: Any = None  # bytes as they are, anything else as JSON
    headers: tuple[tuple[str, str], ...] = ()

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)


@dataclass
class Seen:
    """What the emulator was asked, for tests and people: (method, path, parameters)."""

    calls: list[tuple[str, str, Json]] = field(default_factory=list)
    connections: int = 0
