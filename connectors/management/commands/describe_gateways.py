"""Writes the table of what each gateway can do into the documentation: `manage.py describe_gateways`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from connectors.capability_table import document_with_table


class Command(BaseCommand):
    help = "Writes the table of what each gateway can do into docs/gateways.md."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "gateways.md"
        page.write_text(document_with_table(page.read_text()))
        self.stdout.write(f"{page} is current.")
