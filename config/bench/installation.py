"""A Recado of the benchmark's own: durable PostgreSQL and Valkey in a temporary home, and the processes that a benchmark asks for."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.ground import embedded, processes
from config.ground.keys import ensure_keys
from config.ground.ports import free_port
from config.ground.process import Process, family
from config.ground.services import choose_services
from config.ground.testing import spawn, wait_until

START_SECONDS = 60
STOP_SECONDS = 20
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Installation:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.home.mkdir(parents=True, exist_ok=True)
        ensure_keys(home)
        self.services = choose_services(home, {})
        self.port = free_port()
        self.url = processes.local_url("127.0.0.1", self.port)
        self.environment = {
            "RECADO_HOME": str(home),
            "RECADO_ENV": "development",
            "DATABASE_URL": self.services.database_url,
            "REDIS_URL": self.services.redis_url,
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "BASE_DOMAIN": "localhost",
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "LOG_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def up(self) -> None:
        """PostgreSQL and Valkey answer, and the database is there, empty."""
        for process in self.services.processes:
            self.start(process)
        assert self.services.maintenance_url
        embedded.create_database(self.services.maintenance_url)

    def down(self) -> None:
        for name in reversed(list(self.running)):
            self.stop(name)

    def start(self, process: Process, **environment: str) -> None:
        log = self.home / "logs" / f"{process.name}.log"
        self.running[process.name] = spawn(process, log=log, env={**os.environ, **self.environment, **environment})
        if process.is_ready:
            wait_until(process.is_ready, seconds=START_SECONDS, what=f"{process.name} (see {log})")

    def stop(self, name: str) -> None:
        popen = self.running.pop(name)
        popen.terminate() if name != "postgres" else popen.send_signal(2)
        try:
            popen.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            popen.kill()
            popen.wait()

    @contextmanager
    def process(self, process: Process, **environment: str) -> Iterator[None]:
        self.start(process, **environment)
        try:
            yield
        finally:
            self.stop(process.name)

    def cpu_seconds(self, name: str) -> float:
        """What a process and all that it has started have used so far."""
        return sum(_cpu_seconds(pid) for pid in family(self.running[name].pid))


def _cpu_seconds(pid: int) -> float:
    """User and system time (proc(5): fields 14 and 15, counted after the name in brackets)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND
