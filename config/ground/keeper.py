"""Keeps a throw-away PostgreSQL for tests, for as long as somebody uses it.

Every pytest process holds a shared lock on `users.lock`; the kernel drops it when the process ends, however it ends. The keeper
leaves when it can take that lock for itself, so several runs share one server and none of them has to clean up.
"""

import fcntl
import os
import sys
from pathlib import Path

from config.ground.console import Console
from config.ground.embedded import POSTGRES_FORGETFUL
from config.ground.run import lock_home
from config.ground.services import choose_services
from config.ground.supervisor import StartFailed, StopRequested, Supervisor


def main(home: Path) -> int:
    try:
        lock = lock_home(home)
    except StartFailed:
        return 0  # somebody else was quicker
    services = choose_services(home, {"REDIS_URL": "each test process has its own"}, postgres_settings=POSTGRES_FORGETFUL)
    supervisor = Supervisor(home / "logs", cwd=home, env=os.environ, console=Console())
    with lock, open(home / "users.lock", "a") as users:
        try:
            for process in services.processes:
                supervisor.start(process)
            while not _takes(users):
                supervisor.turn(0.2)
        except StopRequested:
            pass
        except StartFailed as problem:
            supervisor.console.say(str(problem))
            return 1
        finally:
            supervisor.stop()
    return 0


def _takes(users: object) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
