"""Fills an empty database with what every test starts from: public, the template, and companies acme, globex and platform.

A program of its own (`python -m config.ground.master`), so that nothing of the making stays behind in a test's process.
"""

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tenants.services.companies import create_company, create_platform_company  # noqa: E402
from tenants.types import Founding  # noqa: E402

# No id of globex is ever an id of acme: a test that mixes them up cannot pass by chance.
FIRST_ID_OF_GLOBEX = 1_000_000


def main() -> None:
    settings.COMPANY_FOUNDERS = ["config.ground.master.raise_sequences_of_globex", *settings.COMPANY_FOUNDERS]
    call_command("migrate_companies", verbosity=0)
    create_platform_company()
    for slug in ("acme", "globex"):
        create_company(slug=slug, name=slug.title(), admin_email=f"founder@{slug}.test", admin_name="Founder", by="tests")


def raise_sequences_of_globex(founding: Founding) -> None:
    """A founder that acts before the others, while the new schema has no rows."""
    if founding.company.slug != "globex":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'globex'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER SEQUENCE globex."{name}" RESTART WITH {FIRST_ID_OF_GLOBEX}')


if __name__ == "__main__":
    main()
