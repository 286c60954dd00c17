"""Questions to the database from the event loop."""

from collections.abc import Callable
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection

Answer = TypeVar("Answer")


async def ask(question: Callable[..., Answer], *args: Any) -> Answer:
    """Runs it in the one thread that this process keeps for it, on a connection that is alive and not too old."""
    return await sync_to_async(_tended)(question, *args)


def _tended(question: Callable[..., Answer], *args: Any) -> Answer:
    # Channels' own database_sync_to_async also closes connections inside a transaction, as tests have one around them.
    try:
        if not connection.in_atomic_block:
            close_old_connections()
        return question(*args)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()
