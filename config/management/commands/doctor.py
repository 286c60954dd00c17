"""manage.py doctor: what is configured, what is reachable, what is stuck."""

import json
import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.checkups import Verdict, examine


class Command(BaseCommand):
    help = "Look at settings, servers, workers and whatever waits. Exit code 1 when something FAILs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs: {status, findings: [{subject, verdict, words}]}")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        count = Counter(finding.verdict for finding in findings)
        worst = next((verdict for verdict in (Verdict.FAIL, Verdict.WARN) if count[verdict]), Verdict.OK)
        if options["json"]:
            rows = [{"subject": finding.subject, "verdict": finding.verdict, "words": finding.words} for finding in findings]
            self.stdout.write(json.dumps({"status": worst, "findings": rows}, indent=2, ensure_ascii=False))
        else:
            for finding in findings:
                self.stdout.write(f"{finding.verdict:<5} {finding.subject:<15} {finding.words}")
            self.stdout.write(f"\n{count[Verdict.OK]} ok, {count[Verdict.WARN]} to look at, {count[Verdict.FAIL]} failing")
        if worst is Verdict.FAIL:
            sys.exit(1)
