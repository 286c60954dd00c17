"""Writing down what came of sends: messages, recipients and counters in one statement."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import psycopg
import structlog

from campaigns.rendering import Message
from campaigns.sending.database import Wire
from campaigns.statements.counting import BEHIND, MOVE
from campaigns.statements.sending import RECORD, RETURN
from campaigns.types import Outcome, Receiver, Return
from connectors.pacer import NONE, Breath
from connectors.types import Delivery, Link, Provider
from tenants.lib.clock import now
from tenants.lib.pacing import Pacing, Sent
from tenants.lib.quiet_hours import QuietHours, next_allowed
from tenants.lib.regions import region_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The company's quiet hours, and its zone, for numbers that do not say theirs."""

    hours: QuietHours
    zone: ZoneInfo

    def seconds_left(self, number: str) -> float:
        """How long whoever has this number is not to be disturbed; 0: write now."""
        moment = now()
        return (next_allowed(self.hours, region_of(number), moment, zone=self.zone) - moment).total_seconds()


@dataclass(frozen=True, slots=True)
class Job:
    """All that a slice needs, looked up once. `seconds` of claiming; what is in flight then has until `patience_seconds`."""

    schema: str
    database: Mapping[str, Any]
    campaign_id: int
    connection_id: int
    provider: Provider
    link: Link
    messages: tuple[Message, ...]  # one for each variant
    lease: str
    lease_seconds: float
    seconds: float
    patience_seconds: float
    parallel: int
    rate: float
    burst: float
    max_attempts: int
    backoff_seconds: float
    most_marketing: int | None
    marketing_days: int
    quiet: Quiet | None  # None where nobody has quiet hours
    budget: int | None  # how many the caps leave for now; None: as many as the rate lets through
    pacing: Pacing
    sent: Sent  # of late, before this slice

    def breath(self) -> Breath:
        """What lies before the next message, where the number writes as a person does."""
        pacing = self.pacing
        if not pacing.is_slow:
            return NONE
        gap, rest = random.uniform(*pacing.gap), random.uniform(*pacing.rest)
        last_at = self.sent.last_at.timestamp() if self.sent.last_at is not None else 0.0
        return Breath(gap, pacing.rest_every, rest, self.sent.day, last_at)

    @property
    def known(self) -> dict[str, Any]:
        """The parameters that most statements share."""
        return {
            "company": self.link.company_id,
            "campaign": self.campaign_id,
            "connection": self.connection_id,
            "lease": self.lease,
            "lease_seconds": self.lease_seconds,
            "most_marketing": self.most_marketing,
            "marketing_days": self.marketing_days,
        }


class Recorder:
    def __init__(self, wire: Wire, job: Job) -> None:
        self.wire = wire
        self.job = job
        self.parameters = job.known | {
            "kinds": [message.kind for message in job.messages],
            "media": [message.media_id for message in job.messages],
            "payload": orjson.dumps(dict(job.messages[0].payload)).decode(),
        }

    async def record(self, outcomes: Sequence[Outcome]) -> None:
        """All of them, or (database down) none and an exception."""
        if not outcomes:
            return
        try:
            moved = await self._record(outcomes)
        except psycopg.IntegrityError:
            await self._record_one_by_one(outcomes)
            return
        if len(moved) < len(outcomes):
            await self._catch_up(outcomes)

    async def put_back(self, returns: Sequence[Return]) -> None:
        if returns:
            await self.wire.rows(RETURN, {"returns": _json(returns), "lease": self.job.lease})

    async def _record(self, outcomes: Sequence[Outcome]) -> list[tuple[Any, ...]]:
        return await self.wire.rows(RECORD, self.parameters | {"outcomes": _json(outcomes)})

    async def _record_one_by_one(self, outcomes: Sequence[Outcome]) -> None:
        """The gateway gave an id that another message has (an echo that was quicker than the answer): ours goes without it. A contact
        that was merged in this very moment has its new one on the second look."""
        for outcome in outcomes:
            try:
                await self._record([outcome])
            except psycopg.errors.ForeignKeyViolation:
                await self._record([outcome])
            except psycopg.errors.UniqueViolation:
                log.warning("external_id_taken", external_id=outcome.external_id, key=outcome.key)
                await self._record([outcome._replace(external_id="")])

    async def _catch_up(self, outcomes: Sequence[Outcome]) -> None:
        """Leases ended before their answers came: the sweep has called them unknown, and the message now knows better."""
        behind = await self.wire.rows(BEHIND, {"keys": [outcome.key for outcome in outcomes]})
        moves = [{"message_id": row[0], "new": row[1], "error_code": row[2], "error_text": row[3]} for row in behind]
        await self.wire.rows(MOVE, {"moves": orjson.dumps(moves).decode()})


def outcome_of(receiver: Receiver, body: str, status: Delivery, *, external_id: str = "", code: str = "", text: str = "") -> Outcome:
    return Outcome(
        receiver.id, receiver.key, receiver.attempt, body, external_id, int(status), code[:40], text[:500],
        receiver.variant,
    )  # fmt: skip


def _json(rows: Sequence[Outcome] | Sequence[Return]) -> str:
    fields = rows[0]._fields
    return orjson.dumps([dict(zip(fields, row, strict=True)) for row in rows]).decode()
