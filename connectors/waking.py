"""Telling a worker that webhooks wait. Once per company and moment, not once per webhook: a task costs more than a row.

Nothing depends on it: what nobody was told about is found by `connectors.wake_forgotten_webhooks`.
"""

import asyncio

import structlog
from redis.exceptions import RedisError

from tenants.lib import valkey
from tenants.lib.later import later_for

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.05
PENDING_MILLISECONDS = 2000


class Waker:
    """For an event loop: `wake` never blocks it."""

    def __init__(self) -> None:
        self._company_ids: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    def wake(self, company_id: int) -> None:
        self._company_ids.add(company_id)
        if self._task is None:
            self._task = asyncio.create_task(self._wake_them())

    async def _wake_them(self) -> None:
        try:
            while self._company_ids:
                company_ids, self._company_ids = self._company_ids, set()
                await asyncio.to_thread(wake_inboxes, company_ids)
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self._task = None


def wake_inboxes(company_ids: set[int]) -> None:
    """One task for each company that has none waiting already."""
    for company_id in company_ids:
        if _is_first(company_id):
            later_for(company_id, "connectors.drain_inbox")


def woken(company_id: int) -> None:
    """A worker begins to look: whoever stores a webhook from now on must wake again."""
    try:
        valkey.client().delete(_key(company_id))
    except RedisError as error:
        log.warning("wake_mark_not_removed", error=str(error))


def _is_first(company_id: int) -> bool:
    try:
        return bool(valkey.client().set(_key(company_id), 1, nx=True, px=PENDING_MILLISECONDS))
    except RedisError:
        return True


def _key(company_id: int) -> str:
    return f"recado:inbox-woken:{company_id}"
