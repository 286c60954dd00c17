"""How webhooks behave: when statuses come, and how badly everything is delivered."""

import random
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

MOST_IN_A_BATCH = 1000


@dataclass
class Weather:
    """Milliseconds count from the send. `lateness_ms`: up to so much later, each on its own, so that order is lost."""

    sent_after_ms: float = 50.0
    delivered_after_ms: float = 400.0
    read_after_ms: float = 1500.0
    played_after_ms: float = 2500.0
    failed_after_ms: float = 300.0
    lateness_ms: float = 0.0
    duplicate_rate: float = 0.0
    shuffles: bool = False
    batch_most: int = 1
    retry_after_ms: float = 1000.0
    longest_pause_ms: float = 600_000.0
    patience_ms: float = 10_000.0

    def after_ms(self, status: str) -> float:
        return float(getattr(self, f"{status}_after_ms"))

    def lateness(self, dice: random.Random) -> float:
        return dice.random() * self.lateness_ms if self.lateness_ms else 0.0

    @property
    def patience(self) -> timedelta:
        return timedelta(milliseconds=self.patience_ms)


FINE = Weather()
AT_ONCE = Weather(sent_after_ms=0, delivered_after_ms=0, read_after_ms=0, played_after_ms=0, failed_after_ms=0, retry_after_ms=50)
# Everything that a receiver must bear, at the same time.
NASTY = Weather(
    sent_after_ms=20,
    delivered_after_ms=40,
    read_after_ms=60,
    played_after_ms=80,
    failed_after_ms=20,
    lateness_ms=400,
    duplicate_rate=0.4,
    shuffles=True,
    batch_most=50,
    retry_after_ms=100,
)
NAMED = {"fine": FINE, "at_once": AT_ONCE, "nasty": NASTY}


def weather_from(given: dict[str, Any], *, based_on: Weather) -> Weather:
    """ValueError for a name or a value that means nothing."""
    known = {field.name: type(getattr(FINE, field.name)) for field in fields(Weather)}
    changed = {name: getattr(based_on, name) for name in known}
    for name, value in given.items():
        if name not in known:
            raise ValueError(f"There is no weather setting {name!r}; there are {', '.join(known)}.")
        changed[name] = known[name](value)
    changed["batch_most"] = min(max(int(changed["batch_most"]), 1), MOST_IN_A_BATCH)
    return Weather(**changed)
