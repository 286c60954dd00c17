"""The simulated telephone network, in Valkey: what every customer's phone shows, and which receipts and replies are due when.

Sends of one event loop that come at the same moment share one script call: that is what carries campaigns of thousands a
second. Nothing here touches the database; `connectors.simulating` turns what is due into webhooks.
"""

import asyncio
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import redis
import redis.asyncio
from django.utils.translation import gettext as _

from connectors.providers.simulator.failures import FAILURES, Failure, Fate
from connectors.types import Policy, ProviderError
from tenants.lib import valkey

LOG_LENGTH = 200
SILENT_CUSTOMERS_KEPT = 2000
LARGEST_BATCH = 500
ACTIVE = "sim:active"

# KEYS: due, customers, talkers, orders, active, batch. ARGV: log prefix, "company:connection", now, log length, customers kept; then
# for each message: number, entry, how many events, and each event's time and text. Answers {place, order, ...} for ordered failures.
# A batch runs once: the client repeats a call whose answer it did not get.
_DELIVER = """
if not redis.call('SET', KEYS[6], 1, 'NX', 'PX', 60000) then return {} end
local orders, answers, place, i = redis.call('LLEN', KEYS[4]), {}, 0, 6
while i <= #ARGV do
  local number, entry, events = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  i = i + 3
  local order = false
  if orders > 0 then
    order, orders = redis.call('LPOP', KEYS[4]), orders - 1
    answers[#answers + 1] = place
    answers[#answers + 1] = order
  end
  if not order or string.sub(order, 1, 8) == 'arrived:' then
    local log = ARGV[1] .. number
    if redis.call('RPUSH', log, entry) > tonumber(ARGV[4]) then redis.call('LTRIM', log, 1, -1) end
    redis.call('ZADD', KEYS[2], ARGV[3], number)
    for event = 0, events - 1 do
      redis.call('ZADD', KEYS[1], ARGV[i + 2 * event], ARGV[i + 2 * event + 1])
    end
  end
  i, place = i + 2 * events, place + 1
end
local extra = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[5])
if extra > 0 then
  local oldest = redis.call('ZPOPMIN', KEYS[2], extra)
  for n = 1, #oldest, 2 do
    if not redis.call('ZSCORE', KEYS[3], oldest[n]) then redis.call('DEL', ARGV[1] .. oldest[n]) end
  end
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if first[2] then redis.call('ZADD', KEYS[5], first[2], ARGV[2]) end
return answers
"""

# KEYS: due, active. ARGV: "company:connection", then the events that are done.
_SETTLE = """
for i = 2, #ARGV do redis.call('ZREM', KEYS[1], ARGV[i]) end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if first[2] then redis.call('ZADD', KEYS[2], first[2], ARGV[1]) else redis.call('ZREM', KEYS[2], ARGV[1]) end
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One simulated number: its company and connection."""

    company_id: int
    connection_id: int

    def key(self, name: str) -> str:
        return f"sim:{self.company_id}:{self.connection_id}:{name}"

    @property
    def member(self) -> str:
        return f"{self.company_id}:{self.connection_id}"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that happens at a time (milliseconds): `s` and a status, or `m` and a customer's message, as JSON for the webhook."""

    at_ms: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    number: str
    entry: bytes
    events: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    number: str
    name: str
    last_at_ms: int
    has_written: bool


def now_ms() -> int:
    return int(time.time() * 1000)


# --- sending: on an event loop ----------------------------------------------------------------------------------------------------


class _Exchange:
    """The network as one event loop sees it. One script call at a time; whoever comes meanwhile shares the next."""

    def __init__(self) -> None:
        self._client = valkey.async_client()
        self._script = self._client.register_script(_DELIVER)
        self._waiting: dict[Line, list[tuple[Delivery, asyncio.Future[str]]]] = defaultdict(list)
        self._worker: asyncio.Task[None] | None = None

    async def deliver(self, line: Line, delivery: Delivery) -> str:
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[line].append((delivery, answered))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return await answered

    async def _work(self) -> None:
        try:
            while self._waiting:
                line = next(iter(self._waiting))
                waiting = self._waiting.pop(line)
                for start in range(0, len(waiting), LARGEST_BATCH):
                    await self._call(line, waiting[start : start + LARGEST_BATCH])
        finally:
            self._worker = None

    async def _call(self, line: Line, batch: list[tuple[Delivery, asyncio.Future[str]]]) -> None:
        try:
            orders = await self._script(*_deliver_arguments(line, [delivery for delivery, _answered in batch]), client=self._client)
        except Exception as error:
            for _delivery, answered in batch:
                if not answered.done():
                    answered.set_exception(_outcome_of(error))
            return
        ordered = dict(zip(orders[::2], orders[1::2], strict=True))
        for place, (_delivery, answered) in enumerate(batch):
            if not answered.done():
                answered.set_result(ordered[place].decode() if place in ordered else "")


_exchanges: WeakKeyDictionary[asyncio.AbstractEventLoop, _Exchange] = WeakKeyDictionary()


async def deliver(line: Line, delivery: Delivery) -> Failure | None:
    """The message is on the customer's phone and its events are planned, unless a failure was ordered that keeps it away."""
    loop = asyncio.get_running_loop()
    exchange = _exchanges.get(loop)
    if exchange is None:
        exchange = _exchanges[loop] = _Exchange()
    order = await exchange.deliver(line, delivery)
    return FAILURES[order.partition(":")[2]] if order else None


def _deliver_arguments(line: Line, deliveries: list[Delivery]) -> tuple[list[str], list[Any]]:
    keys = [*(line.key(name) for name in ("due", "customers", "talkers", "orders")), ACTIVE, line.key(f"batch:{uuid.uuid4().hex}")]
    arguments: list[Any] = [line.key("log:"), line.member, now_ms(), LOG_LENGTH, SILENT_CUSTOMERS_KEPT]
    for delivery in deliveries:
        arguments += (delivery.number, delivery.entry, len(delivery.events))
        for event in delivery.events:
            arguments += (event.at_ms, event.text)
    return keys, arguments


def _outcome_of(error: Exception) -> ProviderError:
    if isinstance(error, redis.ConnectionError) and "connecting to" in str(error):
        return ProviderError("gateway_unreachable", _("The simulated network cannot be reached."), Policy.RETRY)
    return ProviderError("no_answer", _("The simulated network did not answer."), Policy.UNKNOWN)


# --- the customers' side, and what is due: in any thread -----------------------------------------------------------------------------


def _valkey() -> Any:
    """redis-py types its answers for decoding and not decoding clients at once; ours answers bytes."""
    return valkey.client()


def order_failure(line: Line, code: str, *, times: int = 1) -> None:
    """The next `times` sends on this number fail this way. KeyError for a code that does not exist."""
    fate = FAILURES[code].fate
    _valkey().rpush(line.key("orders"), *[f"{fate}:{code}" if fate is Fate.ARRIVED else f"kept:{code}"] * times)


def cancel_failures(line: Line) -> None:
    """What was ordered and has not happened yet will not."""
    _valkey().delete(line.key("orders"))


def plan(line: Line, events: Iterable[Due]) -> None:
    """Let these happen at their times."""
    times = {event.text: event.at_ms for event in events}
    pipeline = _valkey().pipeline()
    pipeline.zadd(line.key("due"), times)
    pipeline.zadd(ACTIVE, {line.member: min(times.values())}, lt=True)
    pipeline.execute()


def write_down(line: Line, number: str, entry: bytes, *, name: str = "") -> None:
    """A customer wrote: their phone shows it, and they are kept among those who talk."""
    pipeline = _valkey().pipeline()
    pipeline.rpush(line.key(f"log:{number}"), entry)
    pipeline.ltrim(line.key(f"log:{number}"), -LOG_LENGTH, -1)
    pipeline.zadd(line.key("talkers"), {number: now_ms()})
    if name:
        pipeline.hset(line.key("names"), number, name)
    pipeline.execute()


def add_customer(line: Line, number: str, *, name: str = "") -> Customer:
    """Somebody has a phone, and has not said anything yet."""
    at = now_ms()
    pipeline = _valkey().pipeline()
    pipeline.zadd(line.key("talkers"), {number: at})
    if name:
        pipeline.hset(line.key("names"), number, name)
    pipeline.execute()
    return Customer(number, name or name_of(line, number), at, False)


def name_of(line: Line, number: str) -> str:
    name = _valkey().hget(line.key("names"), number)
    return name.decode() if name else ""


def customers(line: Line, *, limit: int = 100) -> list[Customer]:
    """Who has a phone here: those who have written, newest first, then those who only received."""
    client = _valkey()
    talkers = client.zrevrange(line.key("talkers"), 0, limit - 1, withscores=True)
    silent = client.zrevrange(line.key("customers"), 0, limit - 1, withscores=True)
    last_at = dict(silent)
    found = {number: max(at, last_at.get(number, 0)) for number, at in talkers}
    talking = set(found)
    for number, at in silent:
        if len(found) < limit:
            found.setdefault(number, at)
    names = client.hmget(line.key("names"), list(found)) if found else []
    return [
        Customer(number.decode(), name.decode() if name else "", int(at), number in talking)
        for (number, at), name in zip(found.items(), names, strict=True)
    ]


def conversation(line: Line, number: str, *, limit: int = LOG_LENGTH) -> list[dict[str, Any]]:
    """What the phone shows, oldest first: `id side kind body at` (side: company or customer; at: milliseconds), and more by kind."""
    return [orjson.loads(entry) for entry in _valkey().lrange(line.key(f"log:{number}"), -limit, -1)]


def lines_due(at_ms: int) -> list[Line]:
    members = _valkey().zrangebyscore(ACTIVE, "-inf", at_ms)
    return [Line(*map(int, member.decode().split(":"))) for member in members]


def due(line: Line, at_ms: int, *, limit: int) -> list[bytes]:
    """What should have happened by now, oldest first. It stays until `settle`: a worker that dies in between repeats it."""
    return _valkey().zrangebyscore(line.key("due"), "-inf", at_ms, start=0, num=limit)


def settle(line: Line, texts: Iterable[bytes]) -> None:
    client = _valkey()
    client.register_script(_SETTLE)(keys=[line.key("due"), ACTIVE], args=[line.member, *texts])


def forget(line: Line) -> None:
    """The connection is gone, and its phones with it."""
    client = _valkey()
    keys = list(client.scan_iter(match=line.key("*"), count=1000))
    for start in range(0, len(keys), LARGEST_BATCH):
        client.delete(*keys[start : start + LARGEST_BATCH])
    client.zrem(ACTIVE, line.member)
