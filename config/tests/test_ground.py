"""The ground under load-bearing accidents: real supervisors, real databases, real signals, each test in a home of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config.ground import embedded
from config.ground.ports import free_port
from config.ground.processes import is_healthy
from config.ground.services import read_services
from config.ground.testing import ROOT, wait_until

SMALL = "config.tests.small_recado"
WHOLE = "config.ground.run"
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "RECADO_ENV", "DJANGO_SETTINGS_MODULE")
# Not root, but able to read a checkout and a Python that root keeps to itself.
NORMAL_USER = (
    *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
    *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
)


class Run:
    """One `make run` in a temporary home, and what a person could do to it."""

    def __init__(self, home: Path, module: str = SMALL, prefix: tuple[str, ...] = (), port: int | None = None) -> None:
        self.home = home
        self.port = port or free_port()
        self.output = home.parent / f"{home.name}-{self.port}.out"
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        with self.output.open("wb") as out:
            self.popen = subprocess.Popen(
                [*prefix, sys.executable, "-m", module],
                cwd=ROOT,
                env=env | {"RECADO_HOME": str(home), "PORT": str(self.port), "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=out,
                stderr=out,
            )

    def wait_until_ready(self, seconds: float = 60) -> "Run":
        self.wait_for("READY", seconds)
        return self

    def wait_for(self, words: str, seconds: float = 60) -> None:
        wait_until(lambda: words in self.said() or self.popen.poll() is not None, seconds=seconds, what=f"{words!r} in {self.said()}")
        assert words in self.said(), self.said()

    def said(self) -> str:
        return self.output.read_text()

    def stop(self, sig: signal.Signals = signal.SIGINT) -> int:
        self.popen.send_signal(sig)
        return self.popen.wait(60)

    def database(self) -> psycopg.Connection:
        return psycopg.connect(read_services(self.home / "run/services.env")["DATABASE_URL"], autocommit=True)

    def valkey(self) -> redis.Redis:
        return redis.Redis.from_url(read_services(self.home / "run/services.env")["REDIS_URL"])

    def remember(self, word: str) -> None:
        with self.database() as database, self.valkey() as valkey:
            database.execute("CREATE TABLE IF NOT EXISTS memory (word text)")
            database.execute("INSERT INTO memory VALUES (%s)", [word])
            valkey.rpush("memory", word)

    def remembered(self) -> tuple[list[str], list[str]]:
        with self.database() as database, self.valkey() as valkey:
            words = [row[0] for row in database.execute("SELECT word FROM memory ORDER BY ctid").fetchall()]
            return words, [word.decode() for word in valkey.lrange("memory", 0, -1)]

    def kill(self, words: str) -> None:
        """kill -9 for the one process whose command line has these words."""
        (pid,) = [pid for pid, command in processes_of(self.home).items() if words in command]
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{pid}").exists(), seconds=10, what=f"the end of {words}")


def processes_of(home: Path) -> dict[int, str]:
    """Every process that has anything to do with this home: by its command line, environment or working directory."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            traces = command + (folder / "environ").read_bytes().decode(errors="replace") + os.readlink(folder / "cwd")
        except OSError:
            continue
        if f"{home}" in traces and int(folder.name) != os.getpid():
            found[int(folder.name)] = command
    return found


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def nothing_is_left(home: Path) -> bool:
    return not processes_of(home)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A place for one Recado; whatever still runs there is ended after the test."""
    yield tmp_path / "home"
    for pid in processes_of(tmp_path / "home"):
        with contextlib.suppress(ProcessLookupError):  # it ended by itself meanwhile
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def small(home: Path) -> Run:
    return Run(home).wait_until_ready()


def test_data_survive_ctrl_c_and_nothing_is_left(small, home):
    small.remember("first")
    code = small.stop()
    left = processes_of(home)
    again = Run(home).wait_until_ready()
    again.remember("second")

    assert (code, left, again.remembered()) == (0, {}, (["first", "second"], ["first", "second"]))
    assert again.stop(signal.SIGTERM) == 0


def test_data_survive_kill_9_and_nothing_is_left(small, home):
    small.remember("first")
    small.stop(signal.SIGKILL)
    wait_until(lambda: nothing_is_left(home), seconds=10, what="the end of every process")
    again = Run(home).wait_until_ready()

    assert again.remembered() == (["first"], ["first"])


def test_second_start_on_the_same_home_is_refused(small, home):
    second = Run(home)
    code = second.popen.wait(60)

    assert (code, second.said()) == (
        1,
        f"Another Recado (process {small.popen.pid}) is running on {home}. Stop it, or choose another place: RECADO_HOME=...\n",
    )


def test_two_homes_run_side_by_side(small, home, tmp_path):
    other = Run(tmp_path / "other").wait_until_ready()
    small.remember("here")
    other.remember("there")

    assert (small.remembered(), other.remembered()) == ((["here"], ["here"]), (["there"], ["there"]))
    assert other.stop() == 0


def test_taken_port_is_said_in_one_sentence(home):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        run = Run(home, port=port)
        code = run.popen.wait(60)

    assert (code, run.said()) == (1, f"Port {port} on 127.0.0.1 is taken. Choose another one: PORT={port + 1} make run\n")


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"PORT": "99999"}, "PORT must be between 1 and 65535, not 99999.\n"),
        ({"PORT": "many"}, "PORT must be a whole number, not 'many'.\n"),
        (
            {"RECADO_ENV": "production", "SECRET_KEY": "", "FIELD_KEYS": ""},
            "RECADO_ENV=production needs SECRET_KEY, FIELD_KEYS: set them in the environment or in .env.\n",
        ),
    ],
)
def test_settings_that_cannot_be_are_said_in_one_sentence(home, env, words):
    command = [sys.executable, "-m", SMALL]
    settings = os.environ | {"RECADO_HOME": str(home)} | env
    refused = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)

    assert (refused.returncode, refused.stdout) == (1, words)


@pytest.mark.parametrize("victim", ["valkey", "postgres -D", "sleep(10_000)"])
def test_what_is_killed_comes_back_with_its_data(small, home, victim):
    small.remember("first")
    small.kill(victim)
    wait_until(lambda: any(victim in command for command in processes_of(home).values()), seconds=30, what=f"a new {victim}")
    wait_until(lambda: _answers(small), seconds=30, what="both services")

    assert small.remembered() == (["first"], ["first"])
    assert small.stop() == 0


def test_ctrl_c_while_it_starts(home):
    run = Run(home)
    wait_until(lambda: (home / "run").exists(), seconds=30, what="the beginning of a start")
    code = run.stop()
    again = Run(home).wait_until_ready()

    assert (code in (0, -signal.SIGINT), again.stop()) == (True, 0)


@pytest.mark.parametrize("prefix", [pytest.param((), id="as this user"), pytest.param(NORMAL_USER, id="as a normal user")])
class TestStalePidFile:
    def test_pid_of_a_stranger_is_not_believed(self, home, prefix, stranger):
        _hand_over(home.parent, prefix)
        first = Run(home, prefix=prefix).wait_until_ready()
        first.remember("first")
        first.stop(signal.SIGKILL)
        wait_until(lambda: nothing_is_left(home), seconds=10, what="the end of every process")
        pid_file = home / "pg/postmaster.pid"
        pid_file.write_text(f"{stranger}\n{home / 'pg'}\n1\n5432\n\n127.0.0.1\n\nready\n")
        os.chown(pid_file, (home / "pg").stat().st_uid, -1)
        again = Run(home, prefix=prefix).wait_until_ready()

        assert (again.remembered(), Path(f"/proc/{stranger}").exists()) == ((["first"], ["first"]), True)
        assert again.stop() == 0

    def test_orphan_is_stopped_and_replaced(self, home, prefix):
        _hand_over(home.parent, prefix)
        first = Run(home, prefix=prefix).wait_until_ready()
        first.remember("first")
        first.stop()
        orphan = _start_without_leash(home)
        again = Run(home, prefix=prefix).wait_until_ready()

        assert (orphan.poll(), again.remembered()) == (0, (["first"], ["first"]))
        assert again.stop() == 0


@pytest.fixture
def stranger() -> Iterator[int]:
    """A process of the same user as the database that has nothing to do with it."""
    user = NORMAL_USER if os.geteuid() == 0 else ()
    sleeper = subprocess.Popen([*user, "sleep", "1000"])
    yield sleeper.pid
    sleeper.kill()
    sleeper.wait()


def test_the_whole_of_it(home):
    """`make run` as a person meets it: it answers, everything that is killed comes back, Ctrl-C ends all of it."""
    run = Run(home, module=WHOLE)
    run.wait_for("Recado is running", seconds=240)
    url = f"http://127.0.0.1:{run.port}"
    names = ("uvicorn", "inbound,outbound", "campaigns,default", "beat", "postgres -D", "valkey")
    started = {name: any(name in command for command in processes_of(home).values()) for name in names}
    master = min(pid for pid, command in processes_of(home).items() if "campaigns,default" in command)
    children = wait_until(lambda: children_of(master), seconds=60, what="the worker's pool")
    os.kill(master, signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), seconds=10, what="the end of the pool's children")
    run.wait_for("worker-campaigns ended", seconds=30)
    healthy = wait_until(lambda: is_healthy(url), seconds=60, what="health")
    code = run.stop()

    assert (started, healthy, code, processes_of(home)) == (dict.fromkeys(names, True), True, 0, {})


def _answers(run: Run) -> bool:
    urls = read_services(run.home / "run/services.env")
    return embedded.is_postgres_ready(urls["DATABASE_URL"]) and embedded.is_valkey_ready(urls["REDIS_URL"])


def _start_without_leash(home: Path) -> subprocess.Popen[bytes]:
    """A PostgreSQL whose supervisor is gone."""
    process = embedded.postgres(home, free_port(), "unused")
    argv = [word for word in process.argv if not word.startswith("--pdeathsig")]
    orphan = subprocess.Popen(argv, env={**os.environ, **process.env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pid_file = home / "pg/postmaster.pid"
    wait_until(lambda: pid_file.exists() and "ready" in pid_file.read_text(), seconds=30, what="the orphan")
    return orphan


def _hand_over(folder: Path, prefix: tuple[str, ...]) -> None:
    """Only root can become somebody else; a normal user's run has tested that user already."""
    if prefix and os.geteuid() != 0:
        pytest.skip("this run is a normal user's already")
    if prefix:
        os.chown(folder, 65534, 65534)
