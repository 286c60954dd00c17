"""The browser of the browser tests: the one named in CHROMIUM, else one from PATH, else the one inside npm's @sparticuz/chromium."""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from config.ground import frontend
from config.ground.steps import FRONTEND

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PACKAGE = FRONTEND / "node_modules" / "@sparticuz" / "chromium"
# It runs as root, without a screen, and talks to nobody but us.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
    "--font-render-hinting=none",
)
UNPACK = """
import chromium, { inflate } from "%(package)s/build/index.js";
await inflate("%(package)s/bin/al2023.tar.br");
await chromium.executablePath();
"""


@dataclass(frozen=True)
class Chromium:
    path: Path
    env: dict[str, str] = field(default_factory=dict)


@contextmanager
def open_browser(unpacked: Path, *flags: str) -> Iterator[Browser]:
    """A running browser, with `flags` of the story's own. One that had to be unpacked is kept in the folder `unpacked`."""
    chromium = find_chromium(unpacked)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path, args=[*FLAGS, *flags], env={**os.environ, **chromium.env}, chromium_sandbox=False
        )
        try:
            yield browser
        finally:
            browser.close()


def find_chromium(unpacked: Path) -> Chromium:
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if not found:
            raise AssertionError(f"CHROMIUM names {named}, and there is no such program.")
        return Chromium(Path(found))
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path:
        return Chromium(Path(on_path))
    if not PACKAGE.is_dir():
        raise AssertionError("There is no browser: install Chromium, or name one in CHROMIUM, or run `make test` once.")
    return _unpacked(unpacked)


def _unpacked(folder: Path) -> Chromium:
    """npm's browser, decompressed once for each version of the package, with the libraries that a bare machine lacks."""
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    place = folder / f"chromium-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "chromium.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.is_dir():
            draft = folder / f"chromium-{version}.draft"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            program = (str(frontend.node_binary()), "--input-type=module", "-e", UNPACK % {"package": PACKAGE.as_posix()})
            made = subprocess.run(program, env={**os.environ, "TMPDIR": str(draft)}, capture_output=True, text=True, check=False)
            if made.returncode:
                raise AssertionError(f"npm's Chromium could not be unpacked:\n{made.stderr[-2000:]}")
            draft.rename(place)
    env = {"LD_LIBRARY_PATH": str(place / "al2023" / "lib")}
    if not Path("/etc/fonts").is_dir():
        env["FONTCONFIG_PATH"] = str(place / "fonts")
    return Chromium(place / "chromium", env)
