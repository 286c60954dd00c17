"""`make check`: what machines can see about the code."""

import subprocess
import sys
from pathlib import Path

from config.ground import frontend
from config.ground.steps import FRONTEND, ROOT, Step, npm_step, run_and_raise, take

BIN = Path(sys.executable).parent
# Where types carry a promise across a border: verbs, questions, shapes, vendors, small tools.
TYPED = ("services", "selectors", "types", "providers", "lib", "ground")


def typed_files() -> list[str]:
    """Everything below a folder, or in a module, of those names; tests left out."""
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [Path(line) for line in tracked.stdout.splitlines()]
    return [str(file) for file in files if "tests" not in file.parts and set(TYPED) & {*file.parts[1:-1], file.stem}]


def main() -> int:
    if (FRONTEND / "package.json").exists():
        frontend.install_packages(run_and_raise, FRONTEND)
    return take(
        [
            Step("ruff check", (str(BIN / "ruff"), "check", ".")),
            Step("ruff format", (str(BIN / "ruff"), "format", "--check", ".")),
            Step("mypy", (str(BIN / "mypy"), *typed_files())),
            Step("import rules", (str(BIN / "lint-imports"), "--no-cache")),
            Step("architecture", (str(BIN / "pytest"), "-q", "config/tests/test_architecture.py")),
            *npm_step("frontend", "run", "check"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
