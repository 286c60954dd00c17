"""What reports answer. Frozen dataclasses; no Django."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

# Which of the workers' queues does which kind of work. The queues themselves are every company's: only one's own rows are ever counted.
QUEUES = {
    "webhook": "inbound",
    "message": "outbound",
    "recipient": "campaigns",
    "campaign": "campaigns",
    "import": "default",
    "file": "default",
    "letter": "default",
    "timer": "default",
    "announcement": "default",
    "schedule": "default",
}


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of background work of a company. `oldest_at`: since when the one waits that has waited longest."""

    kind: str
    waiting: int
    in_flight: int
    failed: int
    oldest_at: datetime | None = None

    @property
    def queue(self) -> str:
        return QUEUES[self.kind]


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of it, named `<kind>-<id>`. `state`: waiting, in_flight, done, failed, or unknown (it may have arrived).

    `subject`: whom or what it is about; `path`: the page that shows it; `reason`: why it failed, in words; `error_text`: what the gateway
    or the program said. `is_retryable`: trying again does nothing twice.
    """

    kind: str
    pk: int
    state: str
    attempts: int
    created_at: datetime | None
    finished_at: datetime | None = None
    error_code: str = ""
    error_text: str = ""
    detail: str = ""
    subject: str = ""
    path: str = ""
    reason: str = ""
    is_retryable: bool = False

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.pk}"

    @property
    def queue(self) -> str:
        return QUEUES[self.kind]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page of work of several kinds ended: newest first, by time, kind and number."""

    at: datetime
    kind: str
    pk: int

    @classmethod
    def parsed(cls, text: str) -> "Mark":
        """Raises ValueError for what `text` never gave."""
        at, kind, pk = urlsafe_b64decode(text.encode()).decode().split("|")
        mark = cls(datetime.fromisoformat(at), kind, int(pk))
        if mark.at.tzinfo is None or kind not in QUEUES or not 0 <= mark.pk < 2**63:
            raise ValueError(text)
        return mark

    @property
    def text(self) -> str:
        return urlsafe_b64encode(f"{self.at.isoformat()}|{self.kind}|{self.pk}".encode()).decode()
