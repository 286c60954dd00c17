"""One round, and what all of them come to."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from config.chaos.day import Company, Day, plan_day
from config.chaos.harms import Harm
from config.chaos.reckoning import Reckoning, is_settled, reckon
from config.chaos.site import Battered
from tenants.lib.faultpoints import disarm

PATIENCE_SECONDS = 90.0
PAUSE_SECONDS = 0.1


@dataclass
class Account:
    """What one harm did in all of its rounds."""

    harm: Harm
    rounds: int = 0
    sent: int = 0
    unknown: int = 0
    doubled: int = 0
    lost: int = 0
    longest_seconds: float = 0.0
    words: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.words

    def add(self, found: Reckoning, seconds: float) -> None:
        self.rounds += 1
        self.sent += found.sent
        self.unknown += found.unknown
        self.doubled += len(found.doubled)
        self.lost += len(found.lost)
        self.longest_seconds = max(self.longest_seconds, seconds)
        self.words += [*found.doubled, *found.lost, *found.wrong]


def run_round(number: int, rounds: int, site: Battered, company: Company, harm: Harm, dice: random.Random, account: Account) -> Reckoning:
    """Everything runs again when this returns."""
    site.ensure_up()
    disarm(site.faults)
    day = plan_day(company, dice)
    began = time.monotonic()
    day.begin()
    try:
        harm.strike(site, day, dice)
    except AssertionError as error:
        day.troubles.append(f"the harm did not come: {error}"[:300])
    struck = time.monotonic()
    remains = _wait(site, day)
    found = reckon(day)
    if remains:
        found.wrong.append(f"after {PATIENCE_SECONDS:.0f} s there was still: {remains}")
    if found.unknown > harm.unknown:
        found.wrong.append(f"{found.unknown} unknown, at most {harm.unknown} were in flight")
    company.graph.orders.waiting.clear()
    account.add(found, time.monotonic() - struck)
    verdict = "good" if found.is_good else "; ".join((found.doubled + found.lost + found.wrong)[:4])
    took = time.monotonic() - began
    print(f"{number:4}/{rounds}  {harm.name:45} {took:5.1f} s  sent {found.sent}, unknown {found.unknown}  {verdict}", flush=True)
    return found


def table(accounts: Sequence[Account], seed: int) -> str:
    """Markdown."""
    heads = ("What breaks", "rounds", "sent", "doubled", "lost", "unknown", "allowed", "longest until all is settled")
    lines = [" | ".join(("", *heads, "")).strip(), "|" + "---|" * len(heads)]
    for account in [one for one in accounts if one.rounds]:
        cells = (
            account.harm.name, account.rounds, f"{account.sent:,}", account.doubled, account.lost, account.unknown,
            f"{account.harm.unknown * account.rounds:,}", f"{account.longest_seconds:.1f} s",
        )  # fmt: skip
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    total = [sum(values) for values in zip(*((one.rounds, one.sent, one.doubled, one.lost, one.unknown) for one in accounts), strict=True)]
    lines.append(f"| **all** (seed {seed}) | {total[0]} | {total[1]:,} | **{total[2]}** | **{total[3]}** | {total[4]} | | |")
    troubles = [f"- {one.harm.name}: {word}" for one in accounts for word in one.words]
    return "\n".join([*lines, *([""] if troubles else []), *troubles[:50]])


def _wait(site: Battered, day: Day) -> str:
    """Meanwhile whoever died is started again, as the supervisor does."""
    end = time.monotonic() + PATIENCE_SECONDS
    while (remains := is_settled(day)) and time.monotonic() < end:
        time.sleep(PAUSE_SECONDS)
        site.ensure_up()
    return remains
