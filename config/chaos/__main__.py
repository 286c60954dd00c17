"""`make chaos`: the crash matrix. ROUNDS (200) and SEED (1) choose; ONLY="valkey,frozen" runs harms whose names hold one of these.

An installation of its own, on loopback. Every round a campaign runs while customers write and an agent answers, one thing breaks, and
afterwards the gateway's book is held against ours. Exits with 1 when anybody got something twice, or anything was lost.
"""

import logging
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = Path(os.environ.get("RECADO_HOME") or ROOT / ".data").absolute() / "chaos"
HOME = PLACE / "home"

# Django reads its settings when it is set up: they must be those of the installation.
shutil.rmtree(HOME, ignore_errors=True)

from config.chaos.site import Site  # noqa: E402

SITE = Site(HOME)
os.environ |= SITE.environment | {"DJANGO_SETTINGS_MODULE": "config.settings.base"}

import django  # noqa: E402

django.setup()

import random  # noqa: E402

from django.core.management import call_command  # noqa: E402

from config.chaos.day import meta_world, settle_in  # noqa: E402
from config.chaos.harms import HARMS  # noqa: E402
from config.chaos.rounds import Account, run_round, table  # noqa: E402
from config.ground import embedded  # noqa: E402
from connectors.emulators.cloud.serving import serving  # noqa: E402
from tenants.lib.tenancy import enter  # noqa: E402
from tenants.services.companies import create_company, create_platform_company  # noqa: E402

EMAIL, PASSWORD = "admin@chaos.test", "chaos-9-password"


def main() -> int:
    rounds, seed = int(os.environ.get("ROUNDS") or 200), int(os.environ.get("SEED") or 1)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # the emulator cuts lines on purpose
    wanted = [part.strip() for part in os.environ.get("ONLY", "").split(",") if part.strip()]
    harms = [harm for harm in HARMS if not wanted or any(part in harm.name for part in wanted)]
    if not harms:
        print(f"No harm's name holds {os.environ['ONLY']!r}; there are: {'; '.join(harm.name for harm in HARMS)}.")
        return 2
    accounts = {harm.name: Account(harm) for harm in harms}
    try:
        SITE.start("postgres")
        SITE.start("valkey")
        assert SITE.services.maintenance_url
        embedded.create_database(SITE.services.maintenance_url)
        call_command("migrate_companies", verbosity=0)
        create_platform_company()
        chaos = create_company(slug="chaos", name="Chaos", admin_email=EMAIL, admin_password=PASSWORD, by="chaos")
        with serving(meta_world(), port=SITE.graph_port) as graph, enter(chaos):
            SITE.ensure_up()
            company = settle_in(SITE.url, "chaos.localhost", EMAIL, PASSWORD, graph)
            for number in range(rounds):
                harm = harms[number % len(harms)]
                dice = random.Random(f"{seed} {number}")
                run_round(number + 1, rounds, SITE, company, harm, dice, accounts[harm.name])
    finally:
        SITE.down()
    text = table(list(accounts.values()), seed)
    print("\n" + text)
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "latest.md").write_text(text + "\n")
    return 0 if all(account.is_good for account in accounts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
