"""One hub for each company in this process: it hears every numbered frame once, in order, and hands it to the sockets whose
people may see it. A Channels group would parse and send the frame once for every socket (measured: 330 us each against 20)."""

import asyncio
import weakref

import redis.asyncio
import structlog
from django.db import DatabaseError
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from config.asking import ask
from config.attendance import HINT, Attendance, see_off
from config.outlets import REFUSED, SUSPENDED, Outlet, encode
from config.viewers import viewers_in
from config.whispers import is_whisper, read_whisper
from tenants.lib import realtime, valkey
from tenants.lib.directory import company_by_id
from tenants.lib.realtime import NumberedFrame
from tenants.models import Company

HEAD_SECONDS = 15.0
RECONNECT_SECONDS = 0.5
SUBSCRIBE_SECONDS = 5.0
# After one of these, what a person may see can be another: roles, memberships, ended logins.
CHANGES_OF_SIGHT = ("-user", "-queue")

log = structlog.get_logger(__name__)


class Hub:
    """`position` is the number of the last frame that was handed round; nothing is handed round twice or out of order.

    `looks` counts how often the viewers were asked anew, so that a socket that is just coming in can tell.
    """

    def __init__(self, company: Company, commands: redis.asyncio.Redis) -> None:
        self.company = company
        self.commands = commands
        self.position = 0
        self.epoch = ""
        self.looks = 0
        self.guests = 0
        self.outlets: set[Outlet] = set()
        self.is_ready = asyncio.Event()
        self.is_stopped = False
        self.attendance = Attendance(self)
        self._task = asyncio.create_task(self._run())

    async def missed(self, since: int) -> list[NumberedFrame] | None:
        """Straight from the company's log; None when it does not reach back that far. Raises redis.RedisError."""
        return await realtime.missed_async(self.commands, self.company, since)

    def stop(self) -> None:
        # Both: redis-py may swallow a cancellation.
        self.is_stopped = True
        self._task.cancel()

    async def _run(self) -> None:
        client = valkey.async_client(read_timeout_seconds=None)
        # redis-py must not reconnect by itself: what was published meanwhile would be lost without a word.
        client.set_retry(Retry(NoBackoff(), 0))
        try:
            while not self.is_stopped:
                try:
                    async with client.pubsub() as pubsub:
                        await self._subscribe(pubsub)
                        await self._listen(pubsub)
                except (RedisError, OSError, TimeoutError) as error:
                    log.warning("hub_lost_valkey", company=self.company.slug, error=str(error))
                except Exception:
                    log.exception("hub_failed", company=self.company.slug)
                await asyncio.sleep(RECONNECT_SECONDS)
        finally:
            await client.aclose()

    async def _subscribe(self, pubsub: PubSub) -> None:
        """Confirmed when this returns: whatever is published from here on either arrives or is in the log that is read next."""
        await asyncio.wait_for(pubsub.subscribe(realtime.channel_of(self.company.pk)), SUBSCRIBE_SECONDS)
        if await pubsub.get_message(timeout=SUBSCRIBE_SECONDS) is None:
            raise TimeoutError("Valkey did not confirm the subscription.")

    async def _listen(self, pubsub: PubSub) -> None:
        await self._catch_up()
        self.is_ready.set()
        clock = asyncio.get_running_loop().time
        next_beat = clock() + HEAD_SECONDS
        while not self.is_stopped:
            next_deed = min(next_beat, self.attendance.next_at)
            message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=max(next_deed - clock(), 0.01))
            if message is not None:
                await self._take(message["data"])
            if clock() >= self.attendance.next_at:
                await self.attendance.tend()
            if clock() >= next_beat:
                next_beat = clock() + HEAD_SECONDS
                await self._beat()

    async def _beat(self) -> None:
        """Also notices a subscription that died without a word, and a company that was suspended."""
        await self._catch_up()
        company = await ask(company_by_id, self.company.pk)
        for outlet in tuple(self.outlets):
            if company is None or not company.is_active:
                outlet.shut(SUSPENDED)
            outlet.tell({"event": "head", "seq": self.position})

    async def _catch_up(self) -> None:
        if await realtime.epoch_async(self.commands) != self.epoch:
            await self._begin_again()
            return
        await self._fill()

    async def _take(self, text: bytes) -> None:
        if text == HINT:
            self.attendance.hint()
            return
        if is_whisper(text):
            said = read_whisper(text)
            for outlet in tuple(self.outlets):
                if outlet.viewer.sees(said.audience):
                    outlet.put(said.text)
            return
        frame = realtime.parse_frame(text)
        if frame.seq == self.position + 1:
            await self._hand_round(frame)
        if frame.seq > self.position:
            await self._fill()

    async def _fill(self) -> None:
        """Whatever the log has beyond our position."""
        frames = await self.missed(self.position)
        if frames is None:
            await self._begin_again()
            return
        for frame in frames:
            await self._hand_round(frame)

    async def _hand_round(self, frame: NumberedFrame) -> None:
        if frame.event.endswith(CHANGES_OF_SIGHT):
            await self._look_again()
        encoded = encode(frame)
        self.position = frame.seq
        lost = frame.data.get("ticketId") if frame.event.endswith("-ticket") and frame.data.get("action") == "delete" else None
        for outlet in tuple(self.outlets):
            outlet.offer(frame, encoded)
            if lost and outlet.viewer.sees(frame.audience):
                outlet.looks_at.discard(lost)

    async def _begin_again(self) -> None:
        epoch = await realtime.epoch_async(self.commands)
        position = await realtime.head_async(self.commands, self.company)
        await self._look_again()
        if self.epoch:
            self.attendance.begin_again()
        self.position, self.epoch = position, epoch
        for outlet in tuple(self.outlets):
            outlet.begin_again(position, epoch)

    async def _look_again(self) -> None:
        """Ask for everybody at once, and close who may not listen any more."""
        self.looks += 1
        self.attendance.forget_faces()
        if not self.outlets:
            return
        asked = {outlet.session_id for outlet in self.outlets}
        viewers = await viewers_in(self.company, asked)
        for outlet in tuple(self.outlets):
            viewer = viewers.get(outlet.session_id)
            if viewer is not None:
                outlet.viewer = viewer
            elif outlet.session_id in asked:
                outlet.shut(REFUSED)


class Switchboard:
    """The hubs of one event loop, each there for as long as somebody listens."""

    def __init__(self) -> None:
        self.commands = valkey.async_client()
        self._hubs: dict[int, Hub] = {}
        self._farewells: set[asyncio.Task[None]] = set()

    def visit(self, company: Company) -> Hub:
        """The company's hub, kept until as many `leave`."""
        hub = self._hubs.get(company.pk)
        if hub is None:
            hub = self._hubs[company.pk] = Hub(company, self.commands)
        hub.guests += 1
        return hub

    def leave(self, hub: Hub) -> None:
        """The last one switches off the light."""
        hub.guests -= 1
        if not hub.guests:
            del self._hubs[hub.company.pk]
            hub.stop()

    def see_off(self, hub: Hub, outlet: Outlet) -> None:
        """In the background: it takes as long as somebody may need to reload a page."""
        task = asyncio.get_running_loop().create_task(self._see_off(hub.company, outlet))
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    async def _see_off(self, company: Company, outlet: Outlet) -> None:
        try:
            await see_off(self.commands, company, outlet)
        except (RedisError, DatabaseError, OSError) as error:
            log.warning("farewell_failed", company=company.slug, error=str(error))  # the lease ends by itself


_switchboards: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Switchboard] = weakref.WeakKeyDictionary()


def switchboard() -> Switchboard:
    loop = asyncio.get_running_loop()
    if loop not in _switchboards:
        _switchboards[loop] = Switchboard()
    return _switchboards[loop]
