"""The pump: one slice of one campaign on the event loop (house §5, journey B 2-4).

At most `parallel` recipients are between their stamp and their record, so a crash leaves no more than that unknown. A wave is
claimed, leased and stamped by one committed statement right before its sends begin; recording takes whatever has come back since.
"""

import asyncio
import sys
import time
from collections import Counter
from contextlib import suppress

import structlog

from campaigns.sending.database import Wire, two_wires
from campaigns.sending.recording import Job, Recorder, outcome_of
from campaigns.sending.verdicts import Verdict, verdict_of
from campaigns.statements.sending import CLAIM_WAVE
from campaigns.types import Outcome, Receiver, Return, SliceEnd
from connectors import pacer, tallies
from connectors.types import Delivery, Outgoing, Policy, ProviderError
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.faultpoints import Point, reach
from tenants.lib.patterns import MissingValue

WAVE = 64  # at most: while these are sent, the next are claimed and the last recorded
SHORTEST_NAP_SECONDS = 0.03  # a few permits at once, not one statement for each
ROOM_SECONDS = 0.02
GATHER_SECONDS = 0.005  # recording costs as much as twenty rows, however few there are
PERMITS_AHEAD_SECONDS = 0.05
QUIET = "quiet_hours"
THROTTLES = frozenset({Policy.BACK_OFF_NUMBER, Policy.BACK_OFF_ACCOUNT})
LONGEST_NAP_SECONDS = 1.0  # a longer pause is a Timer, not a sleeping worker

log = structlog.get_logger(__name__)


class Pump:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.started = time.monotonic()
        self.free = job.parallel
        self.permits = 0
        self.budget = job.budget if job.budget is not None else sys.maxsize
        self.after = 0
        self.outcomes: list[Outcome] = []
        self.returns: list[Return] = []
        self.sends: set[asyncio.Task[None]] = set()
        self.news = asyncio.Event()
        self.plenty = asyncio.Event()
        self.room = asyncio.Event()
        self.end: SliceEnd | None = None
        self.is_claiming = True
        self.said_no: set[int] = set()  # contacts whom the gateway protects from marketing
        self.tally: Counter[str] = Counter()  # what became of the sends, for the number's health

    async def run(self) -> SliceEnd:
        """Raises what the database raises: then leases end, and the sweep settles what was in flight."""
        try:
            async with two_wires(dict(self.job.database), self.job.schema) as (claims, records):
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._claim_waves(claims))
                    group.create_task(self._record_all(Recorder(records, self.job)))
        finally:
            for send in self.sends:
                send.cancel()
        return self.end or SliceEnd()

    # --- claiming ------------------------------------------------------------------------------------------------------------------

    async def _claim_waves(self, wire: Wire) -> None:
        while self.end is None and self._elapsed() < self.job.seconds:
            if not await self._has_room():
                continue
            if not self.budget:
                self.end = SliceEnd()  # the next slice counts anew, and says what it waits for
                continue
            if not self.permits:
                await self._ask_for_permits()
                continue
            await self._claim_wave(wire, min(WAVE, self.free, self.permits, self.budget))
        self.is_claiming = False
        self.news.set()
        await self._see_off()

    async def _has_room(self) -> bool:
        """For a wave, or whatever is free after a moment: a slow gateway gives its places back one by one."""
        wanted = min(WAVE, (self.job.parallel + 1) // 2)
        if self.free < wanted:
            self.room.clear()
            try:
                async with asyncio.timeout(ROOM_SECONDS):
                    await self.room.wait()
                return self.free >= wanted
            except TimeoutError:
                return self.free > 0
        return True

    async def _ask_for_permits(self) -> None:
        """For the wave, or a few of them where the number is fast: asking costs as much as sending ten messages."""
        wanted = min(self.budget, max(self.free, int(self.job.rate * PERMITS_AHEAD_SECONDS)))
        permits = await pacer.permits_async(
            self.job.schema, self.job.connection_id, wanted=wanted, rate=self.job.rate, burst=self.job.burst, breath=self.job.breath()
        )
        self.permits = permits.granted
        if not permits.granted:
            await self._nap(permits.wait_seconds)

    async def _claim_wave(self, wire: Wire, count: int) -> None:
        from_the_start = self.after == 0
        ours_until = time.monotonic() + self.job.lease_seconds
        rows = await wire.rows(CLAIM_WAVE, self.job.known | {"after": self.after, "count": count})
        reach(Point.CLAIMED)
        for *columns, refusal in rows:
            if not refusal:
                self.free -= 1
                self._send_soon_or_later(Receiver(*columns), ours_until)
        self.after = rows[-1][0] if len(rows) == count else 0
        if len(rows) < count and from_the_start:
            self.end = self.end or SliceEnd(is_exhausted=True)

    async def _nap(self, seconds: float) -> None:
        if seconds > LONGEST_NAP_SECONDS:
            self.end = SliceEnd(wait_seconds=seconds)
            return
        if self._elapsed() + seconds > self.job.seconds:
            self.end = SliceEnd()  # the next slice naps: a Timer would be later than that
            return
        await asyncio.sleep(max(seconds, SHORTEST_NAP_SECONDS))

    async def _see_off(self) -> None:
        """What is in flight has a while to come back; what has not by then is unknown, before its lease ends."""
        if self.sends:
            _, late = await asyncio.wait(self.sends, timeout=max(0.1, self.job.patience_seconds - self._elapsed()))
            for send in late:
                send.cancel()

    # --- sending -------------------------------------------------------------------------------------------------------------------

    def _send_soon_or_later(self, receiver: Receiver, ours_until: float) -> None:
        """Whoever is not to be disturbed now waits until their quiet hours are over, by their own clock."""
        left = self.job.quiet.seconds_left(receiver.address) if self.job.quiet is not None else 0.0
        if left > 0:
            self.returns.append(Return(receiver.id, receiver.attempt - 1, left, QUIET, ""))
            self.news.set()
            return
        self.permits -= 1
        self.budget -= 1
        self._send_soon(receiver, ours_until)

    def _send_soon(self, receiver: Receiver, ours_until: float) -> None:
        send = asyncio.create_task(self._send(receiver, ours_until))
        self.sends.add(send)
        send.add_done_callback(self._sent)

    def _sent(self, send: asyncio.Task[None]) -> None:
        self.sends.discard(send)
        self.news.set()
        if self._has_plenty():
            self.plenty.set()

    async def _send(self, receiver: Receiver, ours_until: float) -> None:
        """A process that stood still for longer than its lease sends nothing: somebody else has settled what it had."""
        body = ""
        try:
            content, body = self.job.messages[receiver.variant].filled(receiver)
            reach(Point.SENDING)
            if time.monotonic() > ours_until:
                log.warning("campaign_lease_lost", campaign_id=self.job.campaign_id, recipient_id=receiver.id)
                self.returns.append(Return(receiver.id, receiver.attempt - 1, 0.0, "", ""))
                return
            sent = await self.job.provider.send(
                self.job.link, Outgoing(receiver.key, Address(AddressKind(receiver.address_kind), receiver.address), content)
            )
        except MissingValue as missing:
            self.outcomes.append(outcome_of(receiver, "", Delivery.FAILED, code="missing_value", text=f"“{missing}” has no value."))
        except ProviderError as error:
            self._judge(receiver, body, error)
            if error.policy in THROTTLES:
                await pacer.slow_down_async(self.job.schema, self.job.connection_id)
        except asyncio.CancelledError:
            self.tally[tallies.UNKNOWN] += 1
            self.outcomes.append(outcome_of(receiver, body, Delivery.UNKNOWN, code="no_answer", text="The gateway did not answer in time."))
        except Exception:
            log.exception("campaign_send_failed", campaign_id=self.job.campaign_id, recipient_id=receiver.id)
            self.outcomes.append(outcome_of(receiver, body, Delivery.UNKNOWN, code="internal", text="Something failed while sending."))
        else:
            self.tally[tallies.OK] += 1
            self.outcomes.append(outcome_of(receiver, body, sent.status, external_id=sent.external_id))

    def _judge(self, receiver: Receiver, body: str, error: ProviderError) -> None:
        verdict: Verdict = verdict_of(
            error,
            attempt=receiver.attempt - receiver.forgiven,
            max_attempts=self.job.max_attempts,
            backoff_seconds=self.job.backoff_seconds,
        )
        self.tally[tallies.kind_of(error.policy)] += 1
        if error.is_opt_out:
            self.said_no.add(receiver.contact_id)
        if verdict.end is not None:
            self.end = verdict.end
        if verdict.status is None:
            self.returns.append(
                Return(receiver.id, receiver.forgiven + verdict.attempts, verdict.seconds, error.code[:40], error.message[:500])
            )
            return
        self.outcomes.append(outcome_of(receiver, body, verdict.status, code=error.code, text=error.message))

    # --- recording -----------------------------------------------------------------------------------------------------------------

    async def _record_all(self, recorder: Recorder) -> None:
        while self.is_claiming or self.sends or self.outcomes or self.returns:
            await self.news.wait()
            await self._gather()
            self.news.clear()
            outcomes, self.outcomes = self.outcomes, []
            returns, self.returns = self.returns, []
            reach(Point.SENT)
            await recorder.put_back(returns)
            await recorder.record(outcomes)
            reach(Point.RECORDED)
            self.free += len(outcomes) + len(returns)
            self.room.set()

    async def _gather(self) -> None:
        """The first to come back wait a moment for others."""
        self.plenty.clear()
        if self._has_plenty():
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER_SECONDS):
                await self.plenty.wait()

    def _has_plenty(self) -> bool:
        return not self.sends or len(self.outcomes) >= min(WAVE // 2, self.job.parallel // 4)

    def _elapsed(self) -> float:
        return time.monotonic() - self.started
