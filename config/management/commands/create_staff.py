"""manage.py create_staff: somebody of the platform's own staff, who may open platform.<BASE_DOMAIN>/admin/."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from tenants.lib.tenancy import current_company, enter
from tenants.services.companies import create_platform_company
from tenants.services.logins import remember_login


class Command(BaseCommand):
    help = "Add a person to the platform's staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--password", help="asked for when it is not given")

    def handle(self, *, email: str, name: str, password: str | None, **_: Any) -> None:
        password = password or getpass("Password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(f"--password: {' '.join(error.messages)}") from error
        with enter(create_platform_company()), transaction.atomic():
            if User.objects.filter(email__iexact=email.strip()).exists():
                raise CommandError(f"--email: {email} is staff already.")
            User.objects.create_superuser(email, password, name=name or email.partition("@")[0])
            remember_login(email=email, company=current_company())
        self.stdout.write(f"{email} may log in at the platform's address now.")
