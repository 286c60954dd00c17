"""Putting webhook calls on disk, many in one commit. Runs on an event loop, with its own connections: Django's are not async.

A call that arrives while an INSERT is under way waits for the next one, together with all the others that do; each is told
only after its own row is committed. When the database does not answer, everybody is told at once instead of waiting.
"""

import asyncio
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from django.db import connection as django_connection
from psycopg.conninfo import make_conninfo

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 3.0
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 2.0
RECYCLE_SECONDS = 300.0  # a backend's memory only grows (house §7)
LARGEST_BATCH_ROWS = 500
LARGEST_BATCH_BYTES = 16 * 1024 * 1024
TLS_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs")
ROWS_FOR_ANOTHER = 24  # so many waiting are worth a second INSERT beside the one under way
LARGEST_WAITING_BYTES = 64 * 1024 * 1024

# Arrays of numbers and of plain names are handed over as text: psycopg writes lists element by element, in Python.
_INSERT = """
INSERT INTO public.tenants_webhook (company_id, connection_id, provider, body)
SELECT * FROM unnest(%s::text::bigint[], %s::text::bigint[], %s::text::text[], %b::bytea[])
"""


class Unavailable(Exception):
    """The database cannot be reached, or does not answer in time. Nothing is known to be stored."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a call belongs: the company and the connection it came for."""

    company_id: int
    connection_id: int
    provider: str


Waiting = tuple[Lane, bytes, "asyncio.Future[None]"]


class Database:
    """One connection of the running loop. Opened when first needed, reopened when it broke or grew old."""

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._opened_at = 0.0
        self._closed_until = 0.0
        self._pause = 0.0
        self._turn = asyncio.Lock()
        self._abandoned: set[asyncio.Task[Any]] = set()

    async def execute(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """The rows of one statement, which is a transaction of its own. Raises Unavailable; other errors are about the statement."""
        async with self._turn:
            for is_last_chance in (False, True):
                connection = await self._open()
                try:
                    return await self._bounded(self._run(connection, query, values))
                except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                    if not connection.closed:
                        raise
                    # The server went away since the last call. It may be back already.
                    self._connection = None
                    if is_last_chance:
                        raise Unavailable(str(error)) from error
        raise AssertionError("unreachable")

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _run(self, connection: psycopg.AsyncConnection[Any], query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        cursor = await connection.execute(query, values)
        return await cursor.fetchall() if cursor.description else []

    async def _bounded(self, work: Awaitable[Any]) -> Any:
        """Cancelling a statement asks the server, which may be what hangs: leave it behind, with its connection."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=ANSWER_SECONDS)
        if done:
            return task.result()
        self._abandon(task)
        self._connection = None
        self._rest()
        raise Unavailable("The database does not answer.")

    def _abandon(self, task: asyncio.Task[Any]) -> None:
        self._abandoned.add(task)
        task.add_done_callback(lambda done: (self._abandoned.discard(done), done.cancelled() or done.exception()))
        task.cancel()

    async def _open(self) -> psycopg.AsyncConnection[Any]:
        connection = self._connection
        if connection is not None and not connection.closed:
            if time.monotonic() - self._opened_at < RECYCLE_SECONDS:
                return connection
            await connection.close()
        if time.monotonic() < self._closed_until:
            raise Unavailable("The database could not be reached a moment ago.")
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                self._connection = await psycopg.AsyncConnection.connect(_address(), autocommit=True)
        except (psycopg.Error, OSError, TimeoutError) as error:
            self._connection = None
            self._rest()
            log.warning("webhook_database_down", error=str(error), pause_seconds=self._pause)
            raise Unavailable(str(error)) from error
        self._opened_at, self._pause = time.monotonic(), 0.0
        return self._connection

    def _rest(self) -> None:
        self._pause = min(max(self._pause * 2, SHORTEST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
        self._closed_until = time.monotonic() + self._pause


class GroupCommit:
    """Stores calls durably. One INSERT at a time for each database connection; whoever comes meanwhile shares the next one.

    With two connections, calls are read while others are being written: the disk's time is not the server's.
    """

    def __init__(self, databases: Sequence[Database]) -> None:
        self._free = list(databases)
        self._connections = len(self._free)
        self._waiting: list[Waiting] = []
        self._waiting_bytes = 0
        self._writers: set[asyncio.Task[None]] = set()

    async def store(self, lane: Lane, body: bytes) -> None:
        """Returns when the call is on disk. Raises Unavailable: nothing is known to be stored, come again."""
        if self._waiting_bytes + len(body) > LARGEST_WAITING_BYTES:
            raise Unavailable("Too much is waiting for the database.")
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((lane, body, stored))
        self._waiting_bytes += len(body)
        is_idle = len(self._free) == self._connections
        if is_idle or (self._free and len(self._waiting) >= ROWS_FOR_ANOTHER):
            writer = asyncio.create_task(self._write(self._free.pop()))
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        await stored

    async def _write(self, database: Database) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(0)  # whoever was read in the same moment comes along
                if self._waiting:
                    await self._commit(database, self._next_batch())
        finally:
            self._free.append(database)

    def _next_batch(self) -> list[Waiting]:
        size = rows = 0
        for _, body, _ in self._waiting:
            if rows and (rows == LARGEST_BATCH_ROWS or size + len(body) > LARGEST_BATCH_BYTES):
                break
            rows += 1
            size += len(body)
        batch, self._waiting = self._waiting[:rows], self._waiting[rows:]
        self._waiting_bytes -= size
        return batch

    async def _commit(self, database: Database, batch: list[Waiting]) -> None:
        try:
            await self._insert(database, batch)
        except psycopg.Error as error:
            if len(batch) == 1:
                log.error("webhook_row_refused", error=str(error), company_id=batch[0][0].company_id)
                return _tell(batch, Unavailable(str(error)))
            # One row that the database refuses must not fail those that came with it.
            for call in batch:
                await self._commit(database, [call])
            return None
        except Exception as error:
            # Nobody may wait for ever, whatever went wrong.
            return _tell(batch, error)
        return _tell(batch, None)

    async def _insert(self, database: Database, batch: list[Waiting]) -> None:
        lanes = [lane for lane, _, _ in batch]
        columns = (
            _array([str(lane.company_id) for lane in lanes]),
            _array([str(lane.connection_id) for lane in lanes]),
            _array([lane.provider for lane in lanes]),
            [body for _, body, _ in batch],
        )
        await database.execute(_INSERT, columns)


def _array(plain_words: list[str]) -> str:
    return "{" + ",".join(plain_words) + "}"


def _tell(batch: list[Waiting], error: Exception | None) -> None:
    for _, _, stored in batch:
        if stored.done():
            continue
        if error is None:
            stored.set_result(None)
        else:
            stored.set_exception(error)


def _address() -> str:
    database = django_connection.settings_dict
    return make_conninfo(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
        application_name="recado ingress",
        **{name: value for name, value in database["OPTIONS"].items() if name in TLS_OPTIONS},
    )
