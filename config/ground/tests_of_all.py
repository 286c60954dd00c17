"""`make test`: every test there is, browser included. Arguments go to pytest."""

import os
import shutil
import sys
from pathlib import Path

from config.ground import frontend
from config.ground.steps import FRONTEND, Step, npm_step, run_and_raise, take

BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def browser_environment() -> dict[str, str]:
    """CHROMIUM: a browser from PATH. Without one the browser tests unpack the one inside npm's @sparticuz/chromium."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
    return {"CHROMIUM": found} if found else {}


def main() -> int:
    if (FRONTEND / "package.json").exists():
        frontend.install_packages(run_and_raise, FRONTEND)
        frontend.build(run_and_raise, FRONTEND)
    return take(
        [
            Step("pytest", (str(BIN / "pytest"), *sys.argv[1:]), env={**frontend.node_environment(), **browser_environment()}),
            *npm_step("vitest", "test"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
