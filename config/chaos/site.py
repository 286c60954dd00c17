"""An installation to be battered: all of Recado's processes on a durable PostgreSQL and Valkey of its own, any of which may be killed."""

import os
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from config.bench.installation import START_SECONDS, Installation
from config.ground import processes
from config.ground.ports import free_port
from config.ground.process import Process, family, state_of
from config.ground.testing import Answer, spawn, wait_until

LEASE_SECONDS = 3
# What a crash costs is waited for two hundred times: leases and sweeps are short.
SHORT_WAITS = {"LEASE_SECONDS": str(LEASE_SECONDS), "SWEEP_SECONDS": "1", "SEND_BACKOFF_SECONDS": "0.5", "HEALTH_CHECK_SECONDS": "5"}
WORKERS = ("worker-inbound", "worker-campaigns")


class Battered(Protocol):
    """What the harms need of an installation."""

    workers: tuple[str, ...]
    faults: Path
    url: str

    def kill(self, name: str, sig: signal.Signals = signal.SIGKILL) -> None: ...
    def start(self, name: str) -> None: ...
    def ensure_up(self) -> None: ...
    def is_running(self, name: str) -> bool: ...
    def wait_until(self, condition: Callable[[], Answer], seconds: float = 10, what: str = "the condition") -> Answer: ...
    def frozen(self) -> list[int]: ...


class Site(Installation):
    """`postgres`, `valkey`, `web`, the two workers and `beat`; its Graph API is what listens on `graph_port`."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.graph_port = free_port()
        self.faults = home / "faults"
        self.faults.mkdir()
        self.environment |= {
            "GRAPH_URL": f"http://127.0.0.1:{self.graph_port}",
            "FAULT_POINTS": str(self.faults),
            **SHORT_WAITS,
        }
        self.workers = WORKERS
        ours = [processes.web("127.0.0.1", self.port), *processes.workers(2), processes.beat()]
        self.programs: dict[str, Process] = {program.name: program for program in (*self.services.processes, *ours)}

    def ensure_up(self) -> None:
        for name in self.programs:
            self.start(name)

    def start(self, name: Process | str, **environment: str) -> None:  # type: ignore[override]
        """Start it and wait until it is ready, where it says so; nothing when it runs already."""
        program = self.programs[name] if isinstance(name, str) else name
        if self.is_running(program.name):
            return
        log = self.home / "logs" / f"{program.name}.log"
        self.running[program.name] = spawn(program, log=log, env={**os.environ, **self.environment, **environment})
        if program.is_ready:
            wait_until(program.is_ready, seconds=START_SECONDS, what=f"{program.name} (see {log})")

    def kill(self, name: str, sig: signal.Signals = signal.SIGKILL) -> None:
        """The program and all that it started are gone when this returns."""
        running = self.running.pop(name)
        relatives = family(running.pid)
        running.send_signal(sig)
        if sig == signal.SIGKILL:
            for pid in relatives:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        running.wait()
        wait_until(lambda: all(state_of(pid) in ("", "Z") for pid in relatives), seconds=20, what=f"the end of {name}")

    def is_running(self, name: str) -> bool:
        return name in self.running and self.running[name].poll() is None

    def wait_until(self, condition: Callable[[], Answer], seconds: float = 10, what: str = "the condition") -> Answer:
        return wait_until(condition, seconds=seconds, what=what)

    def frozen(self) -> list[int]:
        return [pid for running in self.running.values() for pid in family(running.pid) if state_of(pid) == "T"]

    def forget_valkey(self) -> None:
        """The disk of a Valkey that does not run is lost."""
        assert not self.is_running("valkey")
        for file in (self.home / "valkey").iterdir():
            if file.name != "valkey.conf":
                shutil.rmtree(file) if file.is_dir() else file.unlink()
