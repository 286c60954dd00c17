"""How sending through a number went in the last hour: counted by minute in Valkey, once per wave. Lost counts only make health vaguer."""

from collections import Counter
from collections.abc import Mapping

import structlog
from redis.exceptions import RedisError

from connectors.types import Policy
from tenants.lib import valkey
from tenants.lib.clock import now
from tenants.lib.tenancy import current_company

MINUTES = 60
KEPT_SECONDS = (MINUTES + 5) * 60
OK, FAILED, THROTTLED, UNKNOWN = "ok", "failed", "throttled", "unknown"
KINDS = (OK, FAILED, THROTTLED, UNKNOWN)
THROTTLES = frozenset({Policy.BACK_OFF_NUMBER, Policy.BACK_OFF_ACCOUNT, Policy.BACK_OFF_RECIPIENT})

log = structlog.get_logger(__name__)


def kind_of(policy: Policy) -> str:
    if policy in THROTTLES:
        return THROTTLED
    return UNKNOWN if policy is Policy.UNKNOWN else FAILED


def note_sends(connection_id: int, counts: Mapping[str, int]) -> None:
    """Add what became of a wave: by OK, FAILED, THROTTLED, UNKNOWN."""
    given = {kind: count for kind, count in counts.items() if count}
    if not given:
        return
    key = _key(connection_id, _minute())
    try:
        with valkey.client().pipeline(transaction=False) as pipe:
            for kind, count in given.items():
                pipe.hincrby(key, kind, count)
            pipe.expire(key, KEPT_SECONDS)
            pipe.execute()
    except RedisError as error:
        log.warning("sends_not_counted", connection_id=connection_id, error=str(error))


def sends_of_last_hour(connection_id: int) -> Counter[str]:
    """By kind; all zero when Valkey does not answer."""
    minute = _minute()
    found: Counter[str] = Counter(dict.fromkeys(KINDS, 0))
    try:
        with valkey.client().pipeline(transaction=False) as pipe:
            for back in range(MINUTES):
                pipe.hgetall(_key(connection_id, minute - back))
            answers = pipe.execute()
    except RedisError:
        return found
    for answer in answers:
        for kind, count in answer.items():
            found[kind.decode() if isinstance(kind, bytes) else kind] += int(count)
    return found


def _minute() -> int:
    return int(now().timestamp()) // 60


def _key(connection_id: int, minute: int) -> str:
    return f"{current_company().schema_name}:sends:{connection_id}:{minute}"
