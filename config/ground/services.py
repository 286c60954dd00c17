"""Which PostgreSQL and which Valkey: the ones named in the environment, else embedded ones on ports that this home keeps."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.ground import embedded
from config.ground.keys import ensure_service_password, write_private
from config.ground.ports import free_port, is_free
from config.ground.process import Process

PORT_PATIENCE_SECONDS = 2


@dataclass(frozen=True)
class Services:
    """The addresses, and the processes that have to be started for them (none when both are somebody else's)."""

    database_url: str
    redis_url: str
    processes: tuple[Process, ...]
    # Where `recado` can be created from, for the embedded server only.
    maintenance_url: str | None


def choose_services(home: Path, env: Mapping[str, str], *, postgres_settings: Mapping[str, str] | None = None) -> Services:
    """Writes the embedded servers' addresses to `run/services.env`, where `manage.py` finds them as well."""
    password = ensure_service_password(home)
    file = home / "run" / "services.env"
    known = read_services(file)
    processes: list[Process] = []
    written: dict[str, str] = {}
    database_url = env.get("DATABASE_URL", "")
    redis_url = env.get("REDIS_URL", "")
    maintenance_url = None
    if not database_url:
        embedded.stop_orphan(home)
        port = _keep_port(known.get("DATABASE_URL"))
        database_url = written["DATABASE_URL"] = embedded.postgres_url(port, password)
        maintenance_url = embedded.postgres_url(port, password, "postgres")
        processes.append(embedded.postgres(home, port, password, settings=postgres_settings))
    if not redis_url:
        port = _keep_port(known.get("REDIS_URL"))
        redis_url = written["REDIS_URL"] = embedded.valkey_url(port, password)
        processes.append(embedded.valkey(home, port, password))
    write_private(file, "".join(f"{name}={value}\n" for name, value in written.items()))
    return Services(database_url, redis_url, tuple(processes), maintenance_url)


def read_services(file: Path) -> dict[str, str]:
    """What is written in services.env; nothing when it is not there."""
    if not file.exists():
        return {}
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)


def _keep_port(url: str | None) -> int:
    """The port of last time if it is (or soon becomes) free, else a new one."""
    port = urlsplit(url).port if url else None
    if port is None:
        return free_port()
    deadline = time.monotonic() + PORT_PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if is_free(port):
            return port
        time.sleep(0.05)
    return free_port()
