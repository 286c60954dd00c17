"""`make bench`: starts an installation of its own, measures, prints a table and writes $RECADO_HOME/bench/latest.json.

ONLY=ingress,dispatch runs some. Everything stays on loopback; exits with 1 when a goal is missed.
"""

import os
import shutil
import sys
from pathlib import Path

from config.bench.installation import Installation
from config.bench.results import Result, show, write

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("company_creation", "ingress", "inbound_to_socket", "dispatch")


def main() -> int:
    chosen = [name for name in os.environ.get("ONLY", "").replace(" ", "").split(",") if name] or list(NAMES)
    unknown = set(chosen) - set(NAMES)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}.")
        return 2
    place = Path(os.environ.get("RECADO_HOME") or ROOT / ".data").absolute() / "bench"
    shutil.rmtree(place / "home", ignore_errors=True)
    installation = Installation(place / "home")
    try:
        installation.up()
        os.environ |= installation.environment
        results = _measure(installation, chosen)
    finally:
        installation.down()
        shutil.rmtree(place / "home", ignore_errors=True)
    print()
    show(results)
    write(results, place / "latest.json")
    print(f"\nWritten to {place / 'latest.json'}")
    return 1 if any(result.holds is False for result in results) else 0


def _measure(installation: Installation, chosen: list[str]) -> list[Result]:
    from config.bench import running  # noqa: PLC0415 - Django reads its settings now, and they are this installation's

    return running.measure(installation, chosen)


if __name__ == "__main__":
    sys.exit(main())
