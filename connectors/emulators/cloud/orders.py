"""Failures on demand: what shall happen to the next calls, in the order of asking."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from connectors.emulators.cloud.calls import Answer
from connectors.emulators.cloud.refusals import Refusal


class Deed(StrEnum):
    ANSWER = "answer"  # this answer, and the call is not carried out
    GARBLE = "garble"  # carried out, then this answer
    CUT = "cut"  # carried out, then the line is cut
    SILENCE = "silence"  # carried out, then nothing for a minute
    SLOW = "slow"  # carried out and answered well, late


@dataclass(frozen=True)
class Order:
    deed: Deed
    answer: Answer | None = None
    seconds: float = 0.0
    path: str = ""  # only for calls whose path ends so

    @property
    def is_carried_out(self) -> bool:
        return self.deed is not Deed.ANSWER

    def fits(self, path: str) -> bool:
        return path.endswith(self.path)


@dataclass
class Orders:
    waiting: deque[Order] = field(default_factory=deque)

    def next_for(self, path: str) -> Order | None:
        for order in self.waiting:
            if order.fits(path):
                self.waiting.remove(order)
                return order
        return None

    def append(self, order: Order) -> None:
        self.waiting.append(order)

    def extend(self, orders: list[Order]) -> None:
        self.waiting.extend(orders)


def answer_with(status: int, body: Any = b"", headers: tuple[tuple[str, str], ...] = (), *, path: str = "") -> Order:
    return Order(Deed.ANSWER, Answer(status, body, headers), path=path)


def refuse(
    code: int, *, status: int = 0, details: str = "", is_transient: bool = False, headers: tuple[tuple[str, str], ...] = (), path: str = ""
) -> Order:
    """One of Meta's errors."""
    refusal = Refusal(code, details, status=status)
    body = refusal.body()
    if is_transient:
        body["error"]["is_transient"] = True
    return Order(Deed.ANSWER, Answer(refusal.status, body, headers), path=path)


def take_and_garble(status: int = 200, body: Any = b"<html>Bad Gateway</html>") -> Order:
    return Order(Deed.GARBLE, Answer(status, body, (("content-type", "text/html"),)))


def take_and_cut() -> Order:
    return Order(Deed.CUT)


def take_and_be_silent(seconds: float = 60.0) -> Order:
    return Order(Deed.SILENCE, seconds=seconds)


def be_slow(seconds: float) -> Order:
    return Order(Deed.SLOW, seconds=seconds)
