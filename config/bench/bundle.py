"""What a browser fetches of JavaScript before it shows the inbox, as it travels: gzipped."""

import gzip
import json
from typing import Any

from config.bench.installation import Installation
from config.bench.results import Result
from config.ground import frontend
from config.ground.steps import FRONTEND, run_and_raise
from tenants.models import Company

GOAL_KB = 350
DIST = FRONTEND / "dist"
INBOX = "inbox"


def run(installation: Installation, company: Company) -> list[Result]:
    frontend.build(run_and_raise, FRONTEND)
    manifest = json.loads((DIST / "manifest.json").read_text())
    entry = next(name for name, chunk in manifest.items() if chunk.get("isEntry"))
    route = next(name for name in manifest if f"routes/{INBOX}" in name)
    files = _needed(manifest, [entry, route])
    sizes = {file: len(gzip.compress((DIST / file).read_bytes(), 9)) / 1000 for file in files}
    total = sum(sizes.values())
    largest = max(sizes, key=lambda file: sizes[file])
    against = f"{len(files)} files; largest: {largest.split('/')[-1]} {sizes[largest]:.0f} kB"
    return [Result("bundle", total, "kB gzip", against, f"< {GOAL_KB}", total < GOAL_KB)]


def _needed(manifest: dict[str, Any], names: list[str]) -> list[str]:
    """The files of these chunks and of all that they import at once."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += manifest[name].get("imports", [])
    return sorted({manifest[name]["file"] for name in seen})
