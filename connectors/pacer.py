"""How fast a number may send: one token bucket per connection, in Valkey, shared by all workers.

Agents go first: a part of the bucket is kept from campaigns, and while an agent's message waits campaigns get nothing.
Caps per hour and day are counted from the database; here is only what changes within a minute.
"""

import asyncio
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import redis.asyncio

from tenants.lib import valkey
from tenants.lib.tenancy import current_company

AGENTS_SHARE = 0.1
KEPT_SECONDS = 120

# KEYS: bucket. ARGV: wanted, rate, burst, 1 when an agent asks, the agents' share, seconds to keep.
# Answers {granted, microseconds to wait}.
_PERMITS = """
local wanted, rate, burst, first = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'agent_waits_until')
local tokens = tonumber(kept[1]) or burst
local waits_until = tonumber(kept[3]) or 0
tokens = math.min(burst, tokens + math.max(0, now - (tonumber(kept[2]) or now)) * rate)
local floor = 0
if not first and burst >= 2 then floor = math.max(1, burst * tonumber(ARGV[5])) end
local granted = math.max(0, math.min(wanted, math.floor(tokens - floor + 0.000001)))
local wait = 0
if not first and waits_until > now then granted, wait = 0, waits_until - now end
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


@dataclass(frozen=True, slots=True)
class Permits:
    """`granted` messages may be sent now; when none, ask again after `wait_seconds`."""

    granted: int
    wait_seconds: float


def permits(connection_id: int, *, wanted: int, rate: float, burst: float, first: bool = False) -> Permits:
    """At most `wanted` permits at `rate` messages a second, `burst` saved up at most. `first`: an agent asks. Raises redis.RedisError."""
    client = valkey.client()
    return _answer(client.register_script(_PERMITS)(*_question(current_company().schema_name, connection_id, wanted, rate, burst, first)))


async def permits_async(schema_name: str, connection_id: int, *, wanted: int, rate: float, burst: float, first: bool = False) -> Permits:
    """The same for event loops, where no company is entered."""
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        client = _clients[loop] = valkey.async_client()
    return _answer(await client.register_script(_PERMITS)(*_question(schema_name, connection_id, wanted, rate, burst, first)))


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = WeakKeyDictionary()


def _question(schema_name: str, connection_id: int, wanted: int, rate: float, burst: float, first: bool) -> tuple[list[str], list[Any]]:
    assert rate > 0 and burst >= 1 and wanted >= 0, "A bucket that never fills lets nobody through."
    return [f"{schema_name}:pace:{connection_id}"], [wanted, rate, burst, int(first), AGENTS_SHARE, KEPT_SECONDS]


def _answer(raw: list[int]) -> Permits:
    granted, wait_microseconds = raw
    return Permits(granted=granted, wait_seconds=wait_microseconds / 1_000_000)
