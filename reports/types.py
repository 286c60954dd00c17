"""What reports answer. Frozen dataclasses; no Django."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of background work of a company. `oldest_at`: since when the one waits that has waited longest."""

    kind: str
    waiting: int
    in_flight: int
    failed: int
    oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of it, named `<kind>-<id>`. `state`: waiting, in_flight, done, failed, or unknown (it may have arrived)."""

    kind: str
    pk: int
    state: str
    attempts: int
    created_at: datetime | None
    finished_at: datetime | None = None
    error_code: str = ""
    error_text: str = ""
    detail: str = ""

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.pk}"
