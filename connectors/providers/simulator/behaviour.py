"""How a simulated number behaves: the knobs in `Connection.settings`, read on every send."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.providers.simulator.failures import FAILURES, Failure


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Delays count from the send. Rates are shares of 1. `fail_endings`: the last digits of a number → a failure's code."""

    sent_after_ms: int = 0
    delivered_after_ms: int = 500
    read_after_ms: int = 1500
    read_rate: float = 1.0
    failure_rate: float = 0.0
    failure_code: str = "undeliverable"
    reply_rate: float = 0.0
    reply_after_ms: int = 3000
    reply_text: str = "👍"
    latency_ms: int = 0
    fail_endings: Mapping[str, str] = field(default_factory=dict)

    def failure_for(self, number: str) -> Failure | None:
        for ending, code in self.fail_endings.items():
            if number.endswith(ending):
                return FAILURES.get(code)
        if self.failure_rate and random.random() < self.failure_rate:
            return FAILURES.get(self.failure_code)
        return None


DEFAULT = Behaviour()
_READERS = {name: type(getattr(DEFAULT, name)) for name in Behaviour.__dataclass_fields__}


def behaviour_of(settings: Mapping[str, Any]) -> Behaviour:
    """A setting of the wrong type counts as not set: a simulator must not stop because of a typing mistake."""
    given: dict[str, Any] = {}
    for name, kind in _READERS.items():
        if name in settings:
            try:
                given[name] = kind(settings[name])
            except (TypeError, ValueError):
                continue
    return Behaviour(**given) if given else DEFAULT
