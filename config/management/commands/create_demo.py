"""manage.py create_demo: the demo companies, once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import create_demo


class Command(BaseCommand):
    help = "Create the demo companies acme and globex, if they are not there. Refused in production."

    def handle(self, **_: object) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("Demo data is refused with RECADO_ENV=production: its passwords are public.")
        self.stdout.write("Demo data created." if create_demo() else "Demo data is there already.")
