"""What tests stand on: a PostgreSQL kept for all runs of this checkout, a Valkey and a database for each test process.

`prepare_environment` comes before Django's settings are read. A master database is made once for each state of the migrations
and cloned for whoever needs a database.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg

from config.ground import embedded
from config.ground.frontend import Stamp
from config.ground.leash import leash
from config.ground.ports import free_port
from config.ground.process import Process
from config.ground.services import read_services
from config.ground.translations import compile_translations

ROOT = Path(__file__).resolve().parents[2]
# What the master database is made from.
SOURCES = (
    "requirements.txt",
    "*/migrations/*.py",
    "tenants/migrating.py",
    "tenants/rendering.py",
    "tenants/services/companies.py",
    "tenants/services/images.py",
    "accounts/services/founding.py",
    "config/ground/master.py",
)
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
START_SECONDS = 60

Answer = TypeVar("Answer")

_users: IO[str] | None = None


class TestGround:
    """This test process's own places and addresses."""

    __test__ = False

    def __init__(self, home: Path, *, run: str, worker: str, server_url: str, password: str) -> None:
        self.home = home
        self.run = run
        self.worker = worker
        self.server_url = server_url
        self.password = password
        self.place = home / "runs" / f"{run}-{worker}"
        self.database = f"recado_test_{run}_{worker}"
        self.valkey_port = free_port()
        self.valkey: subprocess.Popen[bytes] | None = None

    def url_of(self, database: str) -> str:
        return urlunsplit(urlsplit(self.server_url)._replace(path=f"/{database}"))

    def start_valkey(self) -> None:
        """This process's own, so that channels and keys of two tests that run at once never meet."""
        process = embedded.valkey(self.place, self.valkey_port, self.password)
        self.valkey = spawn(process, log=self.place / "logs" / "valkey.log")
        wait_until(lambda: process.is_ready is not None and process.is_ready(), seconds=START_SECONDS, what="the tests' Valkey")

    def clone_master(self, name: str) -> str:
        """A fresh copy of the master database; returns its URL."""
        master = self._ensure_master()
        with self._locked("clone"), psycopg.connect(self.server_url, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{master}" STRATEGY file_copy')
        return self.url_of(name)

    def collect_static(self) -> Path:
        """The static files of Django's apps and of the SPA as it was last built, shared by all test processes."""
        static = self.home / "static"
        stamp = Stamp(
            static / ".recado-stamp", [ROOT / "requirements.txt", ROOT / "frontend/dist/.recado-stamp", *sorted(ROOT.glob("static"))]
        )
        with self._locked("static"):
            if not stamp.is_fresh:
                command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
                subprocess.run(command, cwd=ROOT, env={**os.environ, **TEST_SETTINGS, "RECADO_HOME": str(self.home)}, check=True)
                stamp.press()
        return static

    def drop(self, name: str) -> None:
        with psycopg.connect(self.server_url, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        if self.valkey:
            self.valkey.kill()
            self.valkey.wait()
        shutil.rmtree(self.place, ignore_errors=True)

    def _ensure_master(self) -> str:
        master = f"recado_master_{_fingerprint()}"
        draft = f"{master}_building"
        with self._locked("master"), psycopg.connect(self.server_url, autocommit=True) as server:
            if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (master,)).fetchone():
                return master
            self._sweep(server)
            server.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{draft}"')
            environment = {**os.environ, **TEST_SETTINGS, "DATABASE_URL": self.url_of(draft)}
            made = subprocess.run(
                [sys.executable, "-m", "config.ground.master"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            if made.returncode:
                raise RuntimeError(f"The tests' master database could not be made:\n{made.stdout[-2000:]}\n{made.stderr[-8000:]}")
            server.execute(f'ALTER DATABASE "{draft}" RENAME TO "{master}"')
        return master

    def _sweep(self, server: psycopg.Connection) -> None:
        """Databases and folders of runs that are dead, and old masters when nobody else could want them."""
        names = [row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'recado\\_%'").fetchall()]
        runs = {name.split("_")[2] for name in names if name.startswith("recado_test_")}
        dead = {run for run in runs if not Path(f"/proc/{run}").exists()}
        for name in names:
            is_dead_copy = name.startswith("recado_test_") and name.split("_")[2] in dead
            is_old_master = name.startswith("recado_master_") and not (runs - dead - {self.run})
            if is_dead_copy or is_old_master:
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        for folder in (self.home / "runs").iterdir():
            if not Path(f"/proc/{folder.name.split('-')[0]}").exists():
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with open(self.home / f"{name}.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def prepare_environment() -> TestGround:
    """Point this process's environment at its own database and Valkey (neither is made yet), and see that PostgreSQL runs."""
    environ.Env.read_env(ROOT / ".env")
    compile_translations()
    home = _test_home()
    run = os.environ.setdefault("RECADO_TEST_RUN", str(os.getpid()))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    given_server = os.environ.setdefault("RECADO_TEST_DATABASE_URL", os.environ.get("DATABASE_URL", ""))
    server_url = given_server or _ensure_server(home)
    ground = TestGround(home, run=run, worker=worker, server_url=_with_database(server_url, "postgres"), password="test")
    ground.place.mkdir(parents=True, exist_ok=True)
    atexit.register(ground.close)
    os.environ |= {
        "RECADO_HOME": str(ground.place),
        "RECADO_ENV": "test",
        "DATABASE_URL": ground.url_of(ground.database),
        "REDIS_URL": embedded.valkey_url(ground.valkey_port, ground.password),
        "SECRET_KEY": "the tests' own key, long enough to sign with and worth nothing",
        "FIELD_KEYS": "YSBrZXkgdGhhdCBvbmx5IHRlc3RzIGVuY3J5cHQgYnk=",
        "BASE_DOMAIN": "localhost",
        **TEST_SETTINGS,
    }
    return ground


def spawn(process: Process, *, log: Path, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start it on this process's leash, its output into the log file."""
    if process.prepare:
        process.prepare()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            process.argv,
            cwd=ROOT,
            env={**(env or os.environ), **process.env},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=leash(process.leash_signal),
        )


def wait_until(condition: Callable[[], Answer], *, seconds: float, what: str = "the condition") -> Answer:
    """The first true answer of `condition`; AssertionError when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {seconds:g} seconds")
        time.sleep(0.05)


def _test_home() -> Path:
    """$RECADO_HOME/test of the person who started the run; remembered, because RECADO_HOME then changes to the test process's own."""
    base = Path(os.environ.get("RECADO_HOME") or ROOT / ".data").absolute()
    home = Path(os.environ.setdefault("RECADO_TEST_HOME", str(base / "test")))
    (home / "runs").mkdir(parents=True, exist_ok=True)
    return home


def _ensure_server(home: Path) -> str:
    """The URL of the PostgreSQL kept for tests, started if nobody else has done it. It stays while this process lives."""
    global _users
    with open(home / "start.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _users = open(home / "users.lock", "a")  # noqa: SIM115
        fcntl.flock(_users, fcntl.LOCK_SH)
        if not _has_keeper(home):
            (home / "logs").mkdir(exist_ok=True)
            with open(home / "logs" / "keeper.log", "ab") as log:
                subprocess.Popen(
                    [sys.executable, "-m", "config.ground.keeper", str(home)],
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            wait_until(lambda: _has_keeper(home), seconds=START_SECONDS, what="the keeper of the tests' PostgreSQL")
        wait_until(lambda: _answers(home), seconds=START_SECONDS, what="the tests' PostgreSQL")
    return read_services(home / "run" / "services.env")["DATABASE_URL"]


def _has_keeper(home: Path) -> bool:
    with open(home / "run.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _answers(home: Path) -> bool:
    url = read_services(home / "run" / "services.env").get("DATABASE_URL")
    return bool(url) and embedded.is_postgres_ready(_with_database(str(url), "postgres"))


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]
