"""A whole installation for tests: its own database and Valkey, and Recado's real processes, any of which a test may kill."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from config.ground import embedded, processes
from config.ground.ports import free_port
from config.ground.process import Process, family, state_of
from config.ground.testing import TEST_SETTINGS, Answer, TestGround, spawn, wait_until

START_SECONDS = 60


class Stack:
    """`url` answers, a worker for all queues works, the clock ticks. `start`, `kill` and `restart` take
    `"web"`, `"worker"`, `"beat"` or `"valkey"`."""

    def __init__(self, ground: TestGround) -> None:
        self.ground = ground
        self.home = ground.place / "stack"
        self.port = free_port()
        self.url = processes.local_url("127.0.0.1", self.port)
        self.database = f"{ground.database}_stack"
        self.database_url = ground.url_of(self.database)
        valkey_port = free_port()
        self.redis_url = embedded.valkey_url(valkey_port, ground.password)
        # Where this installation believes Meta's Graph API to be; a test that wants one starts it there.
        self.graph_port = free_port()
        # Where it believes its mail server to be; the same.
        self.mail_port = free_port()
        self.env = {
            **os.environ,
            **TEST_SETTINGS,
            "RECADO_HOME": str(self.home),
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "GRAPH_URL": f"http://127.0.0.1:{self.graph_port}",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            # A process that was killed is missed after moments instead of a minute.
            "PRESENCE_LEASE_SECONDS": "6",
            "FAULT_POINTS": str(self.home / "faults"),
            "PYTHONUNBUFFERED": "1",
        }
        programs = [
            embedded.valkey(self.home, valkey_port, ground.password),
            processes.web("127.0.0.1", self.port),
            processes.worker("worker", processes.QUEUES, concurrency=2),
            processes.beat(),
        ]
        self.programs: dict[str, Process] = {program.name: program for program in programs}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.workers = ("worker",)
        self.faults = self.home / "faults"

    def up(self) -> None:
        """Everything runs and answers when this returns."""
        self.faults.mkdir(parents=True, exist_ok=True)
        self.ground.clone_master(self.database)
        (self.home / "static").symlink_to(self.ground.collect_static())
        for name in self.programs:
            self._spawn(name)
        for name in self.programs:
            self._wait_until_ready(name)

    def down(self) -> None:
        for name in reversed(list(self.running)):
            self.kill(name)
        self.ground.drop(self.database)

    def start(self, name: str) -> None:
        """Start it and wait until it is ready; nothing when it runs already."""
        if self.is_running(name):
            return
        self._spawn(name)
        self._wait_until_ready(name)

    def kill(self, name: str, sig: signal.Signals = signal.SIGKILL) -> None:
        """The program and all it started are gone when this returns. A gentle signal goes to the program alone, and is waited for."""
        running = self.running.pop(name)
        if sig != signal.SIGKILL:
            running.send_signal(sig)
            running.wait(self.programs[name].patience_seconds)
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()

    def restart(self, name: str, sig: signal.Signals = signal.SIGKILL) -> None:
        if name in self.running:
            self.kill(name, sig)
        self.start(name)

    def is_running(self, name: str) -> bool:
        return name in self.running and self.running[name].poll() is None

    def ensure_up(self) -> None:
        """What an earlier test left dead runs again."""
        for name in self.programs:
            self.start(name)

    def frozen(self) -> list[int]:
        """Processes of ours that were stopped (tenants/lib/faultpoints.py)."""
        return [pid for running in self.running.values() for pid in family(running.pid) if state_of(pid) == "T"]

    def log(self, name: str) -> str:
        path = self._log(name)
        return path.read_text(errors="replace") if path.exists() else ""

    def wait_until(self, condition: Callable[[], Answer], seconds: float = 10, what: str = "the condition") -> Answer:
        """The first true answer of `condition`. On failure the last words of every process are in the message."""
        try:
            return wait_until(condition, seconds=seconds, what=what)
        except AssertionError as error:
            tails = "\n".join(f"--- {name}\n" + "\n".join(self.log(name).splitlines()[-25:]) for name in self.programs)
            raise AssertionError(f"{error}\n{tails}") from None

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """As if PostgreSQL were down: every connection of this installation is cut, and no new one is let in."""
        with psycopg.connect(self.ground.server_url, autocommit=True) as server:
            server.execute(f'ALTER DATABASE "{self.database}" ALLOW_CONNECTIONS false')
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (self.database,))
            try:
                yield
            finally:
                server.execute(f'ALTER DATABASE "{self.database}" ALLOW_CONNECTIONS true')

    def _spawn(self, name: str) -> None:
        self._log(name).unlink(missing_ok=True)
        self.running[name] = spawn(self.programs[name], log=self._log(name), env=self.env)

    def _log(self, name: str) -> Path:
        return self.home / "logs" / f"{name}.log"

    def _wait_until_ready(self, name: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready(name):
            if not self.is_running(name) or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start:\n{self.log(name)[-4000:]}")
            time.sleep(0.05)

    def _is_ready(self, name: str) -> bool:
        is_ready = self.programs[name].is_ready
        if is_ready is not None:
            return is_ready()
        return name != "worker" or processes.is_worked(self.redis_url)
