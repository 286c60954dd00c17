"""Checks of one JSON object against what Meta documents of it: required keys, types, lengths, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.emulators.cloud.refusals import Refusal, invalid

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    most: int = 0  # 0: any length
    least: int = 1
    is_required: bool = False
    one_of: tuple[str, ...] = ()
    code: int = 100

    def check(self, value: Any, where: str) -> None:
        if not isinstance(value, str):
            raise invalid(f"Param {where} must be a string.")
        if self.one_of and value not in self.one_of:
            raise invalid(f"Param {where} must be one of {{{', '.join(self.one_of)}}} - got {value!r}.".replace("'", '"'))
        if len(value) < self.least or (self.most and len(value) > self.most):
            if self.code != 100:
                raise Refusal(self.code, f"{where} length invalid. Min length: {self.least}, Max length: {self.most}")
            short = f"at least {self.least} characters" if len(value) < self.least else f"at most {self.most} characters"
            raise invalid(f"Param {where} must be {short} long.")


@dataclass(frozen=True, slots=True)
class Flag:
    is_required: bool = False

    def check(self, value: Any, where: str) -> None:
        if not isinstance(value, bool):
            raise invalid(f"Param {where} must be a boolean.")


@dataclass(frozen=True, slots=True)
class Decimal:
    least: float
    most: float
    is_required: bool = True

    def check(self, value: Any, where: str) -> None:
        try:
            number = float(value) if not isinstance(value, bool) else None
        except (TypeError, ValueError):
            number = None
        if number is None:
            raise invalid(f"Param {where} must be a number.")
        if not self.least <= number <= self.most:
            raise invalid(f"Param {where} must be between {self.least:g} and {self.most:g}.")


@dataclass(frozen=True, slots=True)
class Part:
    """A nested object that has a check of its own."""

    is_required: bool = False

    def check(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise invalid(f"Param {where} must be a JSON object.")


@dataclass(frozen=True, slots=True)
class Parts:
    least: int = 1
    most: int = 0
    is_required: bool = False

    def check(self, value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise invalid(f"Param {where} must be an array.")
        if len(value) < self.least:
            raise invalid(f"Param {where} must have at least {self.least} elements.")
        if self.most and len(value) > self.most:
            raise Refusal(131009, f"{where}: at most {self.most} are allowed, {len(value)} were given.")
        if any(not isinstance(item, dict) for item in value):
            raise invalid(f"Param {where} must be an array of JSON objects.")


Rule = Text | Flag | Decimal | Part | Parts


def check(part: Json, rules: Mapping[str, Rule], where: str) -> None:
    """`where` names the object as Meta does: `text`, `interactive['action']`. Raises a Refusal."""
    for key in part:
        if key not in rules:
            raise invalid(f'Unexpected key "{key}" on param "{where}".')
    for key, rule in rules.items():
        if key in part:
            rule.check(part[key], f"{where}['{key}']")
        elif rule.is_required:
            raise invalid(f"The parameter {where}['{key}'] is required.")
