"""`manage.py migrate_companies`: the one command that brings every schema up to date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.migrating import migrate_everything


class Command(BaseCommand):
    help = "Migrate the public schema, the template, and every company that is behind. Does nothing when there is nothing to do."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        done = migrate_everything(say=self._say)
        self._say(f"{len(done.companies)} companies migrated, {len(done.failures)} failed")
        if done.failures:
            raise CommandError("\n".join(f"{slug}: {reason}" for slug, reason in done.failures.items()))

    def _say(self, line: str) -> None:
        self.stdout.write(f"migrate_companies: {line}")
