"""The benchmarks one after the other, with Django set up on the installation's services."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from config.bench import companies, dispatch, inbound, ingress  # noqa: E402
from config.bench.installation import Installation  # noqa: E402
from config.bench.results import Result  # noqa: E402
from tenants.services.companies import create_company, create_platform_company  # noqa: E402

BENCHMARKS = {
    "company_creation": companies.run,
    "ingress": ingress.run,
    "inbound_to_socket": inbound.run,
    "dispatch": dispatch.run,
}


def measure(installation: Installation, chosen: list[str]) -> list[Result]:
    call_command("migrate_companies", verbosity=0)
    create_platform_company()
    company = create_company(slug="bench", name="Bench", admin_email=inbound.EMAIL, admin_password=inbound.PASSWORD, by="bench")
    results: list[Result] = []
    for name in chosen:
        print(f"{name} ...", flush=True)
        results += BENCHMARKS[name](installation, company)
    return results
