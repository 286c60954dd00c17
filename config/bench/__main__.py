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
PLACE = Path(os.environ.get("RECADO_HOME") or ROOT / ".data").absolute() / "bench"
HOME = PLACE / "home"

# Django reads its settings when it is set up: they must be those of the installation.
shutil.rmtree(HOME, ignore_errors=True)
INSTALLATION = Installation(HOME)
os.environ |= INSTALLATION.environment

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from config.bench import (  # noqa: E402
    agents,
    bundle,
    cloud_parsing,
    companies,
    dispatch,
    fairness,
    idle,
    inbound,
    inbox,
    ingress,
    million,
    mixed,
    pace,
    receipts,
    send_overhead,
)
from tenants.services.companies import create_company, create_platform_company  # noqa: E402

BENCHMARKS = {
    "company_creation": companies.run,
    "ingress": ingress.run,
    "inbound_to_socket": inbound.run,
    "cloud_parsing": cloud_parsing.run,
    "send_overhead": send_overhead.run,
    "dispatch": dispatch.run,
    "pace": pace.run,
    "receipts": receipts.run,
    "mixed": mixed.run,
    "agents_first": agents.run,
    "fairness": fairness.run,
    "million": million.run,
    "inbox_scale": inbox.run,
    "idle_memory": idle.run,
    "bundle": bundle.run,
}


def main() -> int:
    chosen = [name for name in os.environ.get("ONLY", "").replace(" ", "").split(",") if name] or list(BENCHMARKS)
    unknown = set(chosen) - set(BENCHMARKS)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}.")
        return 2
    try:
        INSTALLATION.up()
        results = measure(chosen)
    finally:
        INSTALLATION.down()
        shutil.rmtree(HOME, ignore_errors=True)
    print()
    show(results)
    write(results, PLACE / "latest.json")
    print(f"\nWritten to {PLACE / 'latest.json'}")
    return 1 if any(result.holds is False for result in results) else 0


def measure(chosen: list[str]) -> list[Result]:
    call_command("migrate_companies", verbosity=0)
    create_platform_company()
    company = create_company(slug="bench", name="Bench", admin_email=inbound.EMAIL, admin_password=inbound.PASSWORD, by="bench")
    results: list[Result] = []
    for name in chosen:
        print(f"{name} ...", flush=True)
        results += BENCHMARKS[name](INSTALLATION, company)
    return results


if __name__ == "__main__":
    sys.exit(main())
