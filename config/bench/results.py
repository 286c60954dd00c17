"""What a benchmark answers: the number, what it was held against, and whether the goal is met."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """`against`: what the value is compared with, in words with its figure; `holds`: None when there was nothing to compare."""

    name: str
    value: float
    unit: str
    against: str
    goal: str
    holds: bool | None


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def write(results: Sequence[Result], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n")


def show(results: Sequence[Result]) -> None:
    rows = [("benchmark", "value", "", "against", "goal", "holds")]
    for result in results:
        verdict = {True: "yes", False: "NO", None: "-"}[result.holds]
        rows.append((result.name, f"{result.value:,.2f}", result.unit, result.against, result.goal, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
