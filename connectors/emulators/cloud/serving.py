"""The emulator as a server: in the foreground for people, in a thread of its own for tests."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from connectors.emulators.cloud.asgi import Emulator
from connectors.emulators.cloud.world import World

START_SECONDS = 10


def _config(emulator: Emulator) -> uvicorn.Config:
    class Line(HttpToolsProtocol):
        """A connection that the emulator may cut: its calls find the transport in their state."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.app_state = {**self.app_state, "transport": transport}
            emulator.seen.connections += 1

    return uvicorn.Config(
        emulator,
        http=Line,
        loop="uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        backlog=4096,
    )


def serve(emulator: Emulator, *, host: str, port: int) -> None:
    """Until it is interrupted."""
    config = _config(emulator)
    config.host, config.port = host, port
    uvicorn.Server(config).run()


@contextmanager
def serving(world: World, *, port: int = 0) -> Iterator[Emulator]:
    """A running emulator on loopback."""
    emulator = Emulator(world)
    listener = socket.create_server(("127.0.0.1", port), backlog=4096)
    emulator.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(_config(emulator))
    started = threading.Event()

    async def run() -> None:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not task.done():
            await asyncio.sleep(0.005)
        started.set()
        await task

    thread = threading.Thread(target=lambda: uvloop.run(run()), name="cloud-emulator", daemon=True)
    thread.start()
    assert started.wait(START_SECONDS), "The emulator did not start."
    try:
        yield emulator
    finally:
        emulator.is_answering = True
        server.should_exit = True
        thread.join(START_SECONDS)
        listener.close()
