"""Telling browsers. One script numbers each frame, appends it to the company's log and publishes it, so that the order of
numbers is the order of delivery and a client that missed some can ask for exactly those."""

import json
from dataclasses import dataclass, field
from typing import Any

import orjson
import redis
import redis.asyncio
import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from tenants.lib import valkey
from tenants.lib.tenancy import current_company
from tenants.models import Company

LOG_LENGTH = 20_000

log = structlog.get_logger(__name__)

# KEYS: sequence, log. ARGV: channel, log length, then frames as JSON objects without their number.
_PUBLISH = """
local last = 0
for i = 3, #ARGV do
  last = redis.call('INCR', KEYS[1])
  local frame = '{"seq":' .. last .. ',' .. string.sub(ARGV[i], 2)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], last .. '-0', 'frame', frame)
  redis.call('PUBLISH', ARGV[1], frame)
end
return last
"""


@dataclass(frozen=True)
class Audience:
    """Who may see a frame: everyone, or who matches any of the sets. `ticket_id` says whom it concerns, and opens nothing."""

    everyone: bool = False
    queue_ids: frozenset[int] = frozenset()
    user_ids: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    ticket_id: int | None = None


EVERYONE = Audience(everyone=True)


@dataclass(frozen=True)
class Frame:
    """Something to tell: `event` without the company prefix ("ticket", "appMessage", ...)."""

    event: str
    data: dict[str, Any]
    audience: Audience = field(default=EVERYONE)


@dataclass(frozen=True)
class NumberedFrame:
    """A frame as the log holds it, with the full event name ("company-7-ticket")."""

    seq: int
    event: str
    data: dict[str, Any]
    audience: Audience


def publish(frames: list[Frame]) -> None:
    """After commit, to the company entered now. Never raises: who misses a frame sees the hole in the numbers and asks again."""
    if not frames:
        return
    company = current_company()
    transaction.on_commit(lambda: _publish_or_log(company, frames))


def publish_now(frames: list[Frame]) -> int:
    """At once; returns the last number. Raises redis.RedisError when Valkey cannot be told."""
    return _send(current_company(), frames)


def channel_of(company_id: int) -> str:
    return f"recado:company:{company_id}"


def epoch() -> str:
    """Changes when Valkey was started anew: numbers from before may mean other frames then, and clients reload."""
    return valkey.client().info("server")["run_id"]


def head(company: Company) -> int:
    """The number of the company's newest frame; 0 before the first."""
    return int(valkey.client().get(_seq_key(company)) or 0)


def missed(company: Company, since: int) -> list[NumberedFrame] | None:
    """Every frame after `since`, in order; None when the log no longer reaches back that far (then reload)."""
    newest = head(company)
    if since == newest:
        return []
    return _complete(since, newest, valkey.client().xrange(_log_key(company), min=f"({max(since, 0)}-0"))


async def epoch_async(client: redis.asyncio.Redis) -> str:
    return (await client.info("server"))["run_id"]


async def head_async(client: redis.asyncio.Redis, company: Company) -> int:
    return int(await client.get(_seq_key(company)) or 0)


async def missed_async(client: redis.asyncio.Redis, company: Company, since: int) -> list[NumberedFrame] | None:
    newest = await head_async(client, company)
    if since == newest:
        return []
    return _complete(since, newest, await client.xrange(_log_key(company), min=f"({max(since, 0)}-0"))


def forget_frames(company: Company) -> None:
    """Nothing of a dropped company may reach one that gets the same name later."""
    valkey.client().delete(_seq_key(company), _log_key(company))


def parse_frame(text: bytes | str) -> NumberedFrame:
    """What arrives on `channel_of(company)`."""
    raw = orjson.loads(text)
    seen_by = raw["audience"]
    audience = Audience(
        everyone=seen_by["everyone"],
        queue_ids=frozenset(seen_by["queues"]),
        user_ids=frozenset(seen_by["users"]),
        roles=frozenset(seen_by["roles"]),
        ticket_id=seen_by["ticket"],
    )
    return NumberedFrame(seq=raw["seq"], event=raw["event"], data=raw["data"], audience=audience)


def _publish_or_log(company: Company, frames: list[Frame]) -> None:
    try:
        _send(company, frames)
    except Exception as error:
        log.warning("frames_not_published", company=company.schema_name, frames=len(frames), error=str(error))


def _send(company: Company, frames: list[Frame]) -> int:
    if not frames:
        return head(company)
    script = valkey.client().register_script(_PUBLISH)
    texts = [_dump(company, frame) for frame in frames]
    return int(script(keys=[_seq_key(company), _log_key(company)], args=[channel_of(company.pk), LOG_LENGTH, *texts]))


def _dump(company: Company, frame: Frame) -> bytes:
    audience = frame.audience
    raw = {
        "event": f"company-{company.pk}-{frame.event}",
        "data": frame.data,
        "audience": {
            "everyone": audience.everyone,
            "queues": sorted(audience.queue_ids),
            "users": sorted(audience.user_ids),
            "roles": sorted(audience.roles),
            "ticket": audience.ticket_id,
        },
    }
    try:
        return orjson.dumps(raw)
    except orjson.JSONEncodeError:
        return json.dumps(raw, cls=DjangoJSONEncoder).encode()


def _complete(since: int, newest: int, entries: Any) -> list[NumberedFrame] | None:
    frames = [parse_frame(fields[b"frame"]) for _, fields in entries]
    if since > newest or not frames or frames[0].seq != since + 1:
        return None
    return frames


def _seq_key(company: Company) -> str:
    return f"{company.schema_name}:seq"


def _log_key(company: Company) -> str:
    return f"{company.schema_name}:log"
