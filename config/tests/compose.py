"""docker-compose.yml without Docker: its services as they would be run here, each beside the others on this machine."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from config.ground.testing import ROOT

VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
BIN = Path(sys.executable).parent
# What a container has from Docker and not from the compose file.
KEPT = ("PATH", "HOME", "LANG", "TZ")


@dataclass(frozen=True)
class Service:
    name: str
    argv: tuple[str, ...]
    env: dict[str, str]
    health: tuple[str, ...]
    document: Mapping[str, Any]

    @property
    def is_ours(self) -> bool:
        return self.document.get("image") == "recado"


def services(variables: Mapping[str, str], *, file: Path = ROOT / "docker-compose.yml") -> dict[str, Service]:
    """Every service, with `variables` (the .env) filled in. KeyError with the file's own words for one that must be set."""
    document = yaml.safe_load(file.read_text())
    return {name: _service(name, part, variables) for name, part in document["services"].items()}


def _service(name: str, part: Mapping[str, Any], variables: Mapping[str, str]) -> Service:
    part = _filled(part, variables)
    from_file = variables if "env_file" in part else {}
    env = {key: os.environ[key] for key in KEPT if key in os.environ} | from_file | part.get("environment", {})
    health = part.get("healthcheck", {}).get("test", ["CMD"])[1:]
    return Service(name, _here(part.get("command", [])), env, _here(health), part)


def _here(command: list[str]) -> tuple[str, ...]:
    """The program as it is called in this virtualenv."""
    if not command:
        return ()
    program = sys.executable if command[0] == "python" else str(BIN / command[0])
    return (program, *command[1:])


def _filled(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(part, variables) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, variables) for part in value]
    if isinstance(value, str):
        return VARIABLE.sub(lambda found: _variable(found, variables), value)
    return value


def _variable(found: re.Match[str], variables: Mapping[str, str]) -> str:
    name, kind, words = found.groups()
    if variables.get(name):
        return variables[name]
    if kind == "-":
        return words
    raise KeyError(f"{name}: {words or 'not set'}")
