"""Connections to Valkey. Always with timeouts: redis-py 8's own default of 5 s kills idle subscribers."""

from functools import lru_cache

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError

CONNECT_TIMEOUT_SECONDS = 2
READ_TIMEOUT_SECONDS = 5


@lru_cache(maxsize=1)
def client() -> redis.Redis:
    """The process's client. Safe in threads and after a fork; never use it for blocking reads."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=CONNECT_TIMEOUT_SECONDS,
        socket_timeout=READ_TIMEOUT_SECONDS,
        health_check_interval=30,
    )


def async_client(*, read_timeout_seconds: float | None = READ_TIMEOUT_SECONDS) -> redis.asyncio.Redis:
    """A new client of the running event loop; keep it, and close it with the loop. Subscribers pass None or their own bound."""
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=CONNECT_TIMEOUT_SECONDS,
        socket_timeout=read_timeout_seconds,
        health_check_interval=30,
        # After Valkey was restarted the pool's connections are dead, and only the synchronous pool notices before it hands one out.
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
    )
