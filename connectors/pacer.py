"""How fast a number may send: one token bucket per connection, in Valkey, shared by all workers.

Agents go first: a part of the bucket is kept from campaigns, and while an agent's message waits campaigns get nothing.
Caps per hour and day are counted from the database; here is only what changes within a minute.
"""

import asyncio
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import redis.asyncio
import structlog
from redis.exceptions import RedisError

from tenants.lib import valkey
from tenants.lib.pacing import FAST, filling
from tenants.lib.tenancy import current_company

AGENTS_SHARE = 0.1
KEPT_SECONDS = 90_000  # longer than the longest rest: what a number owes is not forgotten

# What is saved up and what comes in during a second are together just under the rate, with room for sends that arrive bunched: so no
# second has more than the rate, wherever it begins. Slow numbers save up one message.
SAVED_UP = 0.06

RECOVERY = 0.02  # of the rate, a second: what a throttle halved is whole again within half a minute
SLOWEST = 0.05
HALVED_AT_MOST_EVERY = 1.0

log = structlog.get_logger(__name__)

# KEYS: bucket. ARGV: wanted, rate, burst, 1 when an agent asks, the agents' share, seconds to keep, a gap, messages between rests, a
# rest (seconds; as they were drawn), recovery, and where the bucket is new: messages sent before, when the last one went (seconds since
# 1970; 0: none). Answers {granted, microseconds to wait}.
_PERMITS = """
local wanted, rate, burst, first = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local gap, rest_every, rest = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'agent_waits_until', 'factor', 'factor_at', 'next_at', 'sent')
local factor = 1
if kept[4] then factor = math.min(1, tonumber(kept[4]) + math.max(0, now - tonumber(kept[5])) * tonumber(ARGV[10])) end
rate = rate * factor
burst = math.max(1, burst * factor)
local tokens = tonumber(kept[1]) or burst
local waits_until = tonumber(kept[3]) or 0
tokens = math.min(burst, tokens + math.max(0, now - (tonumber(kept[2]) or now)) * rate)
local floor = 0
if not first and burst >= 2 then floor = math.max(1, burst * tonumber(ARGV[5])) end
local granted = math.max(0, math.min(wanted, math.floor(tokens - floor + 0.000001)))
local wait = 0
if not first and waits_until > now then granted, wait = 0, waits_until - now end
if not first and (gap > 0 or rest_every > 0) then
  local next_at, sent = tonumber(kept[6]) or 0, tonumber(kept[7])
  if not sent then
    sent = tonumber(ARGV[11])
    if sent > 0 then next_at = tonumber(ARGV[12]) + gap end
    if sent > 0 and rest_every > 0 and sent % rest_every == 0 then next_at = next_at + rest end
  end
  if next_at > now then
    granted, wait = 0, math.max(wait, next_at - now)
  elseif granted > 0 then
    granted, sent = 1, sent + 1
    local pause = gap
    if rest_every > 0 and sent % rest_every == 0 then pause = pause + rest end
    redis.call('HSET', KEYS[1], 'next_at', string.format('%.6f', now + pause), 'sent', sent)
  end
end
tokens = tokens - granted
if granted == 0 then wait = math.max(wait, (floor + 1 - tokens) / rate) end
if first then
  waits_until = 0
  if granted < wanted then waits_until = now + (wanted - granted - tokens) / rate end
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.6f', now),
  'agent_waits_until', string.format('%.6f', waits_until))
redis.call('EXPIRE', KEYS[1], ARGV[6])
return {granted, math.ceil(wait * 1000000)}
"""
# KEYS: bucket. ARGV: recovery, the slowest factor, seconds between two halvings, seconds to keep.
_SLOW_DOWN = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'factor', 'factor_at')
local factor = 1
if kept[1] then
  if now - tonumber(kept[2]) < tonumber(ARGV[3]) then return 0 end
  factor = math.min(1, tonumber(kept[1]) + (now - tonumber(kept[2])) * tonumber(ARGV[1]))
end
factor = math.max(tonumber(ARGV[2]), factor / 2)
redis.call('HSET', KEYS[1], 'factor', string.format('%.6f', factor), 'factor_at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""


@dataclass(frozen=True, slots=True)
class Breath:
    """What lies between two messages of a number that writes as a person does: drawn anew for each. Seconds; 0: nothing.

    `sent` before, the last one at `last_at` (seconds since 1970): for a Valkey that has lost what it knew.
    """

    gap: float = 0.0
    rest_every: int = 0
    rest: float = 0.0
    sent: int = 0
    last_at: float = 0.0


NONE = Breath()


@dataclass(frozen=True, slots=True)
class Permits:
    """`granted` messages may be sent now; when none, ask again after `wait_seconds`."""

    granted: int
    wait_seconds: float


def bucket_of(rate: float) -> tuple[float, float]:
    """At what rate a number's bucket fills, and its burst, so that about `rate` messages go in a second and never more in any."""
    return filling(rate), max(1.0, rate * SAVED_UP) if rate >= FAST else 1.0


def permits(connection_id: int, *, wanted: int, rate: float, burst: float, first: bool = False) -> Permits:
    """At most `wanted` permits at `rate` messages a second, `burst` saved up at most. `first`: an agent asks. Raises redis.RedisError."""
    client = valkey.client()
    return _answer(client.register_script(_PERMITS)(*_question(current_company().schema_name, connection_id, wanted, rate, burst, first)))


async def permits_async(
    schema_name: str, connection_id: int, *, wanted: int, rate: float, burst: float, first: bool = False, breath: Breath = NONE
) -> Permits:
    """The same for event loops, where no company is entered."""
    client = _client_here()
    return _answer(await client.register_script(_PERMITS)(*_question(schema_name, connection_id, wanted, rate, burst, first, breath)))


async def slow_down_async(schema_name: str, connection_id: int) -> None:
    """The gateway said that it is too fast: half the rate from now on, and back to the whole a little every second."""
    await _client_here().register_script(_SLOW_DOWN)(*_slowing(schema_name, connection_id))


def slow_down(connection_id: int) -> None:
    """The same where a company is entered."""
    valkey.client().register_script(_SLOW_DOWN)(*_slowing(current_company().schema_name, connection_id))


def forget_breath(connection_id: int) -> None:
    """The next message need not wait for what was drawn by other rules. How many went since the last rest stays known."""
    try:
        valkey.client().hdel(f"{current_company().schema_name}:pace:{connection_id}", "next_at")
    except RedisError as error:
        log.warning("breath_not_forgotten", connection_id=connection_id, error=str(error))


def _slowing(schema_name: str, connection_id: int) -> tuple[list[str], list[Any]]:
    return [f"{schema_name}:pace:{connection_id}"], [RECOVERY, SLOWEST, HALVED_AT_MOST_EVERY, KEPT_SECONDS]


def _client_here() -> redis.asyncio.Redis:
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        client = _clients[loop] = valkey.async_client()
    return client


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = WeakKeyDictionary()


def _question(
    schema_name: str, connection_id: int, wanted: int, rate: float, burst: float, first: bool, breath: Breath = NONE
) -> tuple[list[str], list[Any]]:
    assert rate > 0 and burst >= 1 and wanted >= 0, "A bucket that never fills lets nobody through."
    breathing, before = [breath.gap, breath.rest_every, breath.rest], [breath.sent, breath.last_at]
    bucket = [wanted, rate, burst, int(first), AGENTS_SHARE, KEPT_SECONDS]
    return [f"{schema_name}:pace:{connection_id}"], [*bucket, *breathing, RECOVERY, *before]


def _answer(raw: list[int]) -> Permits:
    granted, wait_microseconds = raw
    return Permits(granted=granted, wait_seconds=wait_microseconds / 1_000_000)
