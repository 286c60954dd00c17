"""The API's JSON bodies. What no database and no other program could hold is refused at the door."""

import math
import re
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 50
NO_TEXT = re.compile("[\0\ud800-\udfff]")


class PlainJSONParser(JSONParser):
    """400 `parse_error` for NUL characters and halves of characters (in keys too), endless numbers, and a maze of brackets."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            said = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        _check(said)
        return said


def _check(said: Any) -> None:
    waiting = [(said, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise ParseError(_("The JSON is nested too deeply."))
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for entry in value.items() for part in entry]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, str) and NO_TEXT.search(value):
            raise ParseError(_("The JSON contains characters that are no text."))
        elif isinstance(value, float) and not math.isfinite(value):
            raise ParseError(_("The JSON contains a number without end."))
