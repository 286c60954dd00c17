"""Who is here. Every socket holds a lease in Valkey that its process renews; the best of a person's sockets counts.

Nothing has to be said for somebody to be gone: a dropped line, a killed process or a Valkey started anew end with the lease.
"""

import time
from collections.abc import Iterable

import redis.asyncio
import structlog
from django.conf import settings
from redis.exceptions import RedisError

from tenants.lib import valkey
from tenants.lib.tenancy import current_company
from tenants.models import Company

ONLINE, AWAY, OFFLINE = "online", "away", "offline"
STATUSES = (ONLINE, AWAY, OFFLINE)
# Whoever reloads a page, or changes from Wi-Fi to the mobile network, was never gone.
GRACE_SECONDS = 6.0
FORGOTTEN_SECONDS = 24 * 3600

log = structlog.get_logger(__name__)


def presence_now() -> dict[int, str] | None:
    """Of everybody in the company who is here; who is missing is offline. None when Valkey cannot be asked: nobody knows."""
    try:
        members = valkey.client().zrangebyscore(_key(current_company()), time.time(), "+inf")
    except RedisError as error:
        log.warning("presence_unknown", error=str(error))
        return None
    return _best_of(members)


async def presence_now_async(client: redis.asyncio.Redis, company: Company) -> dict[int, str]:
    """Raises redis.RedisError."""
    return _best_of(await client.zrangebyscore(_key(company), time.time(), "+inf"))


async def hold(client: redis.asyncio.Redis, company: Company, leases: Iterable[tuple[int, str, str]]) -> None:
    """Until a lease from now each socket's person has this status: `(user_id, socket, status)`. Raises redis.RedisError."""
    until = time.time() + settings.PRESENCE_LEASE_SECONDS
    held, ended = {}, []
    for user_id, socket, status in leases:
        for word in (ONLINE, AWAY):
            member = f"{user_id}:{word}:{socket}"
            if word == status:
                held[member] = until
            else:
                ended.append(member)
    pipeline = client.pipeline(transaction=True)
    if held:
        pipeline.zadd(_key(company), held)
    if ended:
        pipeline.zrem(_key(company), *ended)
    pipeline.zremrangebyscore(_key(company), "-inf", time.time())
    pipeline.expire(_key(company), FORGOTTEN_SECONDS)
    await pipeline.execute()


async def let_go(client: redis.asyncio.Redis, company: Company, *, user_id: int, socket: str) -> None:
    """The socket is closed; its person is gone after the grace, unless they come back. Raises redis.RedisError."""
    until = time.time() + GRACE_SECONDS
    await client.zadd(_key(company), {f"{user_id}:{word}:{socket}": until for word in (ONLINE, AWAY)}, xx=True)


def _best_of(members: Iterable[bytes]) -> dict[int, str]:
    best: dict[int, str] = {}
    for member in members:
        user_id, status, _socket = member.decode().split(":", 2)
        if best.get(int(user_id)) != ONLINE:
            best[int(user_id)] = status
    return best


def _key(company: Company) -> str:
    return f"{company.schema_name}:presence"
