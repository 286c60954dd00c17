"""Watches the Python code and tells its parent, the supervisor, when some of it changes: `make dev`."""

import os
import signal
from pathlib import Path

from watchfiles import PythonFilter, watch

ROOT = Path(__file__).resolve().parents[2]
QUIET = {".venv", ".data", ".git", "node_modules", "frontend", "staticfiles", "tests"}


def main() -> None:
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in QUIET and not path.name.startswith(".")]
    for _ in watch(*folders, watch_filter=PythonFilter(ignore_paths=[])):
        os.kill(os.getppid(), signal.SIGUSR1)


if __name__ == "__main__":
    main()
