"""What a dashboard is made of: figures, small charts of days, and tables. The templates draw them (config/templates/dashboards/)."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import formats

BAR_HEIGHT = 100
BAR_STEP = 10


class Tone(StrEnum):
    PLAIN = ""
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Tile:
    """One figure. `value` is a number, or words; `url` leads to what it is about."""

    label: Any
    value: Any
    note: Any = ""
    tone: Tone = Tone.PLAIN
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """One day: two stacked parts, each with its height and its top in a picture of 100 units."""

    label: str
    left: int
    first: int
    second: int
    first_height: float
    second_height: float

    @property
    def first_top(self) -> float:
        return BAR_HEIGHT - self.first_height

    @property
    def second_top(self) -> float:
        return BAR_HEIGHT - self.first_height - self.second_height

    @property
    def total(self) -> int:
        return self.first + self.second


@dataclass(frozen=True)
class Chart:
    """Two kinds of things, day by day."""

    title: Any
    first_label: Any
    second_label: Any
    bars: list[Bar]

    @property
    def is_empty(self) -> bool:
        return not any(bar.total for bar in self.bars)

    @property
    def width(self) -> int:
        return BAR_STEP * len(self.bars) - 2

    @property
    def highest(self) -> int:
        return max((bar.total for bar in self.bars), default=0)

    @property
    def last(self) -> Bar:
        return self.bars[-1]


@dataclass(frozen=True)
class Link:
    words: Any
    url: str


@dataclass(frozen=True)
class Table:
    """`rows` of numbers, words or links."""

    title: Any
    headers: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    empty: Any


@dataclass(frozen=True)
class Meter:
    """How much of something is used. Without a limit there is nothing to fill."""

    label: Any
    used: int
    limit: int | None = None
    shown: Any = ""

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.used / self.limit)) if self.limit else (100 if self.limit == 0 and self.used else 0)

    @property
    def tone(self) -> Tone:
        if self.limit is None:
            return Tone.PLAIN
        return Tone.BAD if self.used >= self.limit else Tone.WARN if self.percent >= 80 else Tone.GOOD


def chart_of_days(title: Any, days: Mapping[datetime.date, tuple[int, int]], *, first_label: Any, second_label: Any) -> Chart:
    highest = max((first + second for first, second in days.values()), default=0) or 1
    bars = [
        Bar(
            formats.date_format(day, "SHORT_DATE_FORMAT"),
            BAR_STEP * place,
            first,
            second,
            BAR_HEIGHT * first / highest,
            BAR_HEIGHT * second / highest,
        )
        for place, (day, (first, second)) in enumerate(sorted(days.items()))
    ]
    return Chart(title, first_label, second_label, bars)
