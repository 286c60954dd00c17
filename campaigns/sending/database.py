"""Two database connections of the process's event loop: waves are claimed on one while what came of others is recorded on the other.

They are psycopg's own, outside Django: the hot path uses prepared statements and plain tuples. The schema does not follow a thread
in here, so every slice says which one it works in.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import psycopg
from django.db import connection
from psycopg import sql
from psycopg.types.json import set_json_loads

LONGEST_LIFE_SECONDS = 300  # a PostgreSQL backend keeps the catalogs of every schema it has worked in
NOT_FOR_PSYCOPG = ("context", "cursor_factory", "prepare_threshold")
# All that runs here reaches a handful of rows by their index. A plan for that holds, whatever the statistics say at the moment:
# those of a campaign that was just frozen are missing, and with a scan instead every wave would read all of its recipients.
SMALL_BATCHES = """
SELECT set_config(name, value, false) FROM (VALUES
    ('plan_cache_mode', 'force_generic_plan'), ('enable_seqscan', 'off'), ('enable_bitmapscan', 'off'), ('enable_sort', 'off'),
    ('enable_incremental_sort', 'off'), ('jit', 'off')
) AS wanted(name, value)
"""

Rows = list[tuple[Any, ...]]


class Wire:
    """One connection, in autocommit: every statement is a transaction."""

    def __init__(self, raw: psycopg.AsyncConnection[Any]) -> None:
        self.raw = raw
        self.born = time.monotonic()

    @property
    def is_fit(self) -> bool:
        return not self.raw.closed and not self.raw.broken and time.monotonic() - self.born < LONGEST_LIFE_SECONDS

    async def enter(self, schema: str) -> None:
        await self.raw.execute(sql.SQL("SET search_path = {}, public").format(sql.Identifier(schema)))

    async def rows(self, statement: str, parameters: dict[str, Any]) -> Rows:
        cursor = await self.raw.execute(statement, parameters, prepare=True)  # type: ignore[arg-type]
        return await cursor.fetchall()


@dataclass
class _Idle:
    wires: list[Wire]


_idle: WeakKeyDictionary[asyncio.AbstractEventLoop, _Idle] = WeakKeyDictionary()


def address_of_database() -> dict[str, Any]:
    """What psycopg needs to reach the same database as Django does."""
    return {name: value for name, value in connection.get_connection_params().items() if name not in NOT_FOR_PSYCOPG}


@asynccontextmanager
async def two_wires(address: dict[str, Any], schema: str) -> AsyncIterator[tuple[Wire, Wire]]:
    """Two connections that see the company's schema; kept for the next slice unless something failed."""
    first, second = await _wire(address), await _wire(address)
    try:
        await first.enter(schema)
        await second.enter(schema)
        yield first, second
    except BaseException:
        # The others are as old as these: after the database restarted, each would cost one more slice.
        idle, _here().wires = _here().wires, []
        for wire in (first, second, *idle):
            await wire.raw.close()
        raise
    _here().wires += [first, second]


def _here() -> _Idle:
    return _idle.setdefault(asyncio.get_running_loop(), _Idle([]))


async def _wire(address: dict[str, Any]) -> Wire:
    idle = _here().wires
    while idle:
        wire = idle.pop()
        if wire.is_fit and wire.raw.info.dbname == address["dbname"]:
            return wire
        await wire.raw.close()
    raw = await psycopg.AsyncConnection.connect(**address, autocommit=True)
    set_json_loads(orjson.loads, raw)
    await raw.execute(SMALL_BATCHES)
    return Wire(raw)
