"""What is told at once and never kept: who is typing, who is away. No number, no log; who was not there has missed nothing."""

from dataclasses import asdict, dataclass
from typing import Any

import orjson
import redis.asyncio

from tenants.lib import valkey
from tenants.lib.realtime import Audience, channel_of
from tenants.models import Company

MARK = b'{"whisper":'


@dataclass(frozen=True)
class Whisper:
    text: str
    audience: Audience


async def whisper(client: redis.asyncio.Redis, company: Company, event: str, data: dict[str, Any], audience: Audience) -> None:
    """To every process's hub of the company. Raises redis.RedisError."""
    await client.publish(channel_of(company.pk), _spoken(company, event, data, audience))


def whisper_now(company: Company, event: str, data: dict[str, Any], audience: Audience) -> None:
    """The same where nothing runs on an event loop."""
    valkey.client().publish(channel_of(company.pk), _spoken(company, event, data, audience))


def is_whisper(text: bytes) -> bool:
    return text.startswith(MARK)


def read_whisper(text: bytes) -> Whisper:
    raw = orjson.loads(text)
    seen_by = raw["audience"]
    audience = Audience(
        everyone=seen_by["everyone"],
        queue_ids=frozenset(seen_by["queue_ids"]),
        user_ids=frozenset(seen_by["user_ids"]),
        roles=frozenset(seen_by["roles"]),
        ticket_id=seen_by["ticket_id"],
    )
    return Whisper(orjson.dumps(raw["whisper"]).decode(), audience)


def _spoken(company: Company, event: str, data: dict[str, Any], audience: Audience) -> bytes:
    said = {"event": f"company-{company.pk}-{event}", "data": data}
    return orjson.dumps({"whisper": said, "audience": {name: _plain(value) for name, value in asdict(audience).items()}})


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value
