"""`manage.py create_company acme --name "Acme" --admin-email admin@acme.test`"""

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.lib.errors import ApplicationError
from tenants.models import Plan
from tenants.services.companies import create_company


class Command(BaseCommand):
    help = "Create a company with its schema, host name and first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name: its host is <slug>.<BASE_DOMAIN>")
        parser.add_argument("--name", help="as people read it (default: the short name)")
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-name", default="")
        parser.add_argument("--admin-password", default="", help="asked for when left out")
        parser.add_argument("--plan", help="name of a plan (default: no limits)")
        parser.add_argument("--timezone", default="UTC")
        parser.add_argument("--locale", default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan.objects.filter(name=options["plan"]).first() if options["plan"] else None
        if options["plan"] and plan is None:
            raise CommandError(f"There is no plan called {options['plan']}.")
        password = options["admin_password"]
        if not password and sys.stdin.isatty():
            password = getpass.getpass("Password of the administrator: ")
        try:
            company = create_company(
                name=options["name"] or options["slug"].title(),
                slug=options["slug"],
                admin_email=options["admin_email"],
                admin_name=options["admin_name"],
                admin_password=password,
                plan=plan,
                timezone=options["timezone"],
                locale=options["locale"],
                by="create_company",
            )
        except ApplicationError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Company {company.slug} (id {company.pk}) lives at {company.get_primary_domain()}.")
