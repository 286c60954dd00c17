"""One long-lived event loop per process, in a thread of its own, for work that sync workers do asynchronously.

Keep-alive connections and async database connections belong to a loop; a loop per task would lose them every time.
The schema that a thread has entered does not follow here (house §7): coroutines are given what they need.
"""

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

import uvloop

T = TypeVar("T")
_started: dict[int, asyncio.AbstractEventLoop] = {}
_lock = threading.Lock()


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """The coroutine's result; its exception is raised here. Blocks the calling thread."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop()).result()


def start(coroutine: Coroutine[Any, Any, T]) -> Future[T]:
    """The same without blocking: the result is waited for elsewhere."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop())


def _loop() -> asyncio.AbstractEventLoop:
    with _lock:
        loop = _started.get(os.getpid())
        if loop is None:
            loop = uvloop.new_event_loop()
            threading.Thread(target=loop.run_forever, name="recado-loop", daemon=True).start()
            _started.clear()
            _started[os.getpid()] = loop
        return loop
