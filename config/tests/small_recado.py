"""`make run` with a sleeper in the place of Recado's own processes: the ground alone, for test_ground.py. Run as a program."""

import sys

from config.ground.process import Process
from config.ground.run import Ground, main, start_services
from config.ground.services import Services
from config.ground.supervisor import Supervisor


def start_small(supervisor: Supervisor, ground: Ground, services: Services) -> None:
    start_services(supervisor, services)
    supervisor.start(Process(name="sleeper", argv=(sys.executable, "-c", f"import time; time.sleep(10_000)  # {ground.home}")))
    supervisor.console.say("READY")


if __name__ == "__main__":
    sys.exit(main(start_small))
