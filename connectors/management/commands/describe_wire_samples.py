"""Writes what becomes of each recorded sample into the documentation: `manage.py describe_wire_samples ../shared/wire/cloud_api`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors.wire_samples import page


class Command(BaseCommand):
    help = "Writes the table of recorded Cloud API samples and what becomes of them into docs/wire-samples.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder of recorded samples, one JSON file each")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not any(folder.glob("*.json")):
            raise CommandError(f"There are no samples in {folder}.")
        target = Path(settings.BASE_DIR) / "docs" / "wire-samples.md"
        target.write_text(page(folder))
        self.stdout.write(f"{target} is current.")
