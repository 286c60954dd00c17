"""Counting how often something happens, in Valkey: one number per key, that begins anew when its window ends."""

from dataclasses import dataclass

from tenants.lib import valkey


@dataclass(frozen=True)
class Count:
    """`number` counts this call too; `resets_in` are the seconds until it begins anew."""

    number: int
    resets_in: int


def count(*keys: str, window_seconds: int) -> list[Count]:
    """Count once for each key, all in one step, so that parallel callers are each counted. Raises redis.RedisError when Valkey is down."""
    with valkey.client().pipeline() as pipe:
        for key in keys:
            pipe.incr(key)
            pipe.expire(key, window_seconds, nx=True)
            pipe.ttl(key)
        said = pipe.execute()
    return [Count(number=number, resets_in=max(ttl, 1)) for number, _is_new, ttl in zip(*[iter(said)] * 3, strict=True)]
