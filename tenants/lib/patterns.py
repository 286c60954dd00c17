"""Texts with variables: `{{name|there}}`, `{{custom.plan|our plan}}`. After the bar stands what is said when there is no value.

Campaigns fill them for each receiver, agents' quick replies for one conversation; what a variable means is the caller's to say.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\{\{\s*([^{}|]+?)\s*(?:\|([^{}]*))?\}\}")


class MissingValue(LookupError):
    """A variable without a fallback has no value."""


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    fallback: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A text filled as far as it could be: what is `missing` (names, in the text's order) still stands in it as `{{name}}`."""

    text: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text taken apart once: literals and variables in turn."""

    parts: tuple[str | Variable, ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(part for part in self.parts if isinstance(part, Variable))

    @property
    def required(self) -> frozenset[str]:
        """The variables that have no fallback."""
        return frozenset(variable.name for variable in self.variables if variable.fallback is None)

    def filled(self, value_of: Callable[[str], str]) -> str:
        """`value_of` gives a variable's value, empty when there is none. Raises MissingValue."""
        return "".join([part if isinstance(part, str) else _said(part, value_of) for part in self.parts])

    def drafted(self, value_of: Callable[[str], str]) -> Draft:
        """For a person who looks at the text before it goes: nothing is raised."""
        missing: list[str] = []
        pieces = [part if isinstance(part, str) else _said_or_kept(part, value_of, missing) for part in self.parts]
        return Draft("".join(pieces), tuple(dict.fromkeys(missing)))


def pattern_of(text: str) -> Pattern:
    parts: list[str | Variable] = []
    end = 0
    for found in PLACEHOLDER.finditer(text):
        if found.start() > end:
            parts.append(text[end : found.start()])
        fallback = found[2]
        parts.append(Variable(found[1], None if fallback is None else fallback.strip()))
        end = found.end()
    if end < len(text):
        parts.append(text[end:])
    return Pattern(tuple(parts))


def _said(variable: Variable, value_of: Callable[[str], str]) -> str:
    value = value_of(variable.name)
    if value:
        return value
    if variable.fallback is None:
        raise MissingValue(variable.name)
    return variable.fallback


def _said_or_kept(variable: Variable, value_of: Callable[[str], str], missing: list[str]) -> str:
    try:
        return _said(variable, value_of)
    except MissingValue:
        missing.append(variable.name)
        return f"{{{{{variable.name}}}}}"
