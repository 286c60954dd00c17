"""Every route of the API, read from the URL conf, and bodies for them, read from the OpenAPI schema."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

VERBS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """`path` is written like in OpenAPI: `/api/v1/tickets/{pk}/close/`."""

    path: str
    methods: frozenset[str]

    @property
    def place(self) -> str:
        """The first word after the version: which resource it is about."""
        return self.path.removeprefix("/api/v1/").split("/")[0]

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    def at(self, **values: object) -> str:
        return self.path.format(**values)


def api_routes() -> list[Route]:
    routes = [Route(path, _methods(pattern.callback)) for path, pattern in _walk(get_resolver().url_patterns, "/")]
    return sorted((route for route in routes if route.path.startswith("/api/")), key=lambda route: route.path)


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        here = before + _readable(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        else:
            yield here, pattern


def _readable(pattern: str) -> str:
    pattern = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", pattern)
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern).lstrip("^").rstrip("$").replace("\\Z", "")


def _methods(view: Callable) -> frozenset[str]:
    if hasattr(view, "actions"):
        return frozenset(view.actions)
    cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return frozenset(verb for verb in VERBS if hasattr(cls, verb)) if cls else frozenset({"get"})


class Bodies:
    """What to send to a route so that it has every field it knows, each id taken from `ids` (by the field's name)."""

    def __init__(self, ids: Callable[[str], int]) -> None:
        self.ids = ids
        self.said = count()
        self.schema = SchemaGenerator().get_schema(request=None, public=True)

    def body(self, route: Route, method: str) -> dict[str, Any]:
        for path, operations in self.schema["paths"].items():
            if re.sub(r"{\w+}", "{}", path) == re.sub(r"{\w+}", "{}", route.path) and "requestBody" in operations.get(method, {}):
                content = operations[method]["requestBody"]["content"]
                return self._value(next(iter(content.values()))["schema"], "") or {}
        return {}

    def _value(self, schema: dict[str, Any], name: str) -> Any:
        if "$ref" in schema:
            return self._value(self.schema["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], name)
        for choice in ("allOf", "oneOf", "anyOf"):
            if choice in schema:
                return self._value(schema[choice][0], name)
        if "enum" in schema:
            return next(value for value in schema["enum"] if value not in (None, ""))
        kind = schema.get("type", "object")
        kind = next(each for each in kind if each != "null") if isinstance(kind, list) else kind
        simple = {"integer": lambda: self.ids(name), "number": lambda: 1, "boolean": lambda: True, "string": lambda: self._text(schema)}
        if kind in simple:
            return simple[kind]()
        if kind == "array":
            return [self._value(schema.get("items", {}), name)]
        return {key: self._value(field, key) for key, field in schema.get("properties", {}).items() if not field.get("readOnly")}

    def _text(self, schema: dict[str, Any]) -> str:
        formats = {
            "date-time": "2999-01-01T00:00:00Z",
            "date": "2999-01-01",
            "email": "somebody@example.test",
            "uri": "https://example.test/",
        }
        return formats.get(schema.get("format", ""), f"hello {next(self.said)}")
