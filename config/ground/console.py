"""Where a child's lines go: all of them into its own file, those worth a look onto the console."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

MAX_LOG_BYTES = 20 * 1024 * 1024
# structlog's console and JSON forms, Celery's, uvicorn's, PostgreSQL's, Python's own.
WORTH_A_LOOK = re.compile(
    r"\[(warning|error|critical)"
    r"|\"level\": ?\"(warning|error|critical)\""
    r"|\b(WARNING|ERROR|CRITICAL|FATAL|PANIC|Traceback)\b|Error:|Warning:"
)
# Said at every start: we knock too early; overcommit, and who runs us, is the choice of the machine's owner.
NOT_WORTH_A_LOOK = re.compile(
    r"the database system is (starting up|shutting down)|Memory overcommit must be enabled|with superuser privileges"
)
COLOURS = (36, 33, 35, 32, 34, 31)


class Journal:
    """One child's log file. A file that has grown large is kept once, as `<name>.log.1`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.file = path.open("ab")

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.file.flush()
        if self.file.tell() > MAX_LOG_BYTES:
            self.file.close()
            self.path.replace(self.path.with_name(self.path.name + ".1"))
            self.file = self.path.open("ab")

    def last_lines(self, count: int) -> list[str]:
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - 20_000))
            return file.read().decode(errors="replace").splitlines()[-count:]


class Console:
    """Warnings and worse of every child, with its name in front; the lines that belong to one (a traceback) follow it."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self.out = out
        self.colour_of: dict[str, int] = {}
        self.is_showing: dict[str, bool] = {}

    def say(self, sentence: str) -> None:
        self._print(sentence)

    def show(self, name: str, lines: Iterable[str]) -> None:
        for line in lines:
            continues = line[:1] in (" ", "\t", "") and self.is_showing.get(name, False)
            self.is_showing[name] = continues or _is_worth_a_look(line)
            if self.is_showing[name]:
                self._print(f"{self._label(name)} {line}")

    def _label(self, name: str) -> str:
        if not self.out.isatty():
            return f"{name:<16} |"
        colour = self.colour_of.setdefault(name, COLOURS[len(self.colour_of) % len(COLOURS)])
        return f"\033[{colour}m{name:<16} |\033[0m"

    def _print(self, line: str) -> None:
        """A closed terminal or a full pipe must not bring the supervisor down."""
        try:
            print(line, file=self.out, flush=True)
        except (OSError, ValueError):
            return


def _is_worth_a_look(line: str) -> bool:
    return bool(WORTH_A_LOOK.search(line)) and not NOT_WORTH_A_LOOK.search(line)
