"""How long a new company takes, schema and all."""

import time

from config.bench.installation import Installation
from config.bench.results import Result, middle
from tenants.models import Company
from tenants.services.companies import create_company

COMPANIES = 5
GOAL_SECONDS = 1.0


def run(installation: Installation, company: Company) -> list[Result]:
    seconds = []
    for number in range(COMPANIES):
        began = time.perf_counter()
        create_company(slug=f"new{number}", name=f"New {number}", admin_email=f"admin@new{number}.test", by="bench")
        seconds.append(time.perf_counter() - began)
    slowest = max(seconds)
    against = f"slowest of {COMPANIES}; median {middle(seconds):.2f} s"
    return [Result("company_creation", slowest, "s", against, f"< {GOAL_SECONDS:g}", slowest < GOAL_SECONDS)]
