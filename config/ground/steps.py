"""One step after the other in a terminal, each with its own closing line, and a verdict at the end: `make check`, `make test`."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.ground import frontend

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"


@dataclass(frozen=True)
class Step:
    name: str
    argv: tuple[str, ...]
    cwd: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)


def take(steps: list[Step]) -> int:
    """Take all of them, also after a failure; the exit code is 1 when one failed, and the last lines say which."""
    failed = []
    for step in steps:
        print(f"\n=== {step.name}", flush=True)
        if subprocess.run(step.argv, cwd=step.cwd, env={**os.environ, **step.env}, check=False).returncode:
            failed.append(step.name)
    print("\n" + (f"FAILED: {', '.join(failed)}" if failed else f"All good: {', '.join(step.name for step in steps)}"), flush=True)
    return 1 if failed else 0


def npm_step(name: str, *arguments: str) -> list[Step]:
    """A step in the SPA's folder; none while there is no SPA."""
    if not (FRONTEND / "package.json").exists():
        print("frontend/package.json is not there: going on without the SPA.")
        return []
    return [Step(name, (*frontend.npm(), *arguments), FRONTEND, frontend.node_environment())]


def run_and_raise(name: str, argv: tuple[str, ...], env: Mapping[str, str], cwd: Path) -> None:
    subprocess.run(argv, cwd=cwd, env={**os.environ, **env}, check=True)
