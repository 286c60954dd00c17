"""What `make run` holds in memory when nobody asks anything of it, PostgreSQL and Valkey among it, Flower not."""

import time
from pathlib import Path

from config.bench.installation import Installation, family
from config.bench.results import Result
from config.ground import processes
from tenants.models import Company

GOAL_MB = 900
IDLE_SECONDS = 20


def run(installation: Installation, company: Company) -> list[Result]:
    ours = [processes.web("127.0.0.1", installation.port), *processes.workers(2), processes.beat()]
    for process in ours:
        installation.start(process)
    try:
        time.sleep(IDLE_SECONDS)
        parts = {name: sum(_pss_mb(pid) for pid in family(popen.pid)) for name, popen in installation.running.items()}
    finally:
        for process in reversed(ours):
            installation.stop(process.name)
    total = sum(parts.values())
    words = ", ".join(f"{name} {megabytes:.0f}" for name, megabytes in parts.items())
    return [Result("idle_memory", total, "MB (PSS)", words, f"< {GOAL_MB}", total < GOAL_MB)]


def _pss_mb(pid: int) -> float:
    """The process's share of what it maps; pages that several share are counted once over all of them."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024
