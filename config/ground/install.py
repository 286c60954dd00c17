"""Makes .venv and installs a requirements file into it, only when there is something to do.

Runs on the system's Python, before anything is installed: standard library only.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)


def main(name: str) -> int:
    if sys.version_info < OLDEST:
        print(f"Recado needs Python 3.11 or newer; this is {sys.version.split()[0]}. Name another: make PYTHON=python3.12 run")
        return 1
    with open(ROOT / ".venv.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _install(name)


def _install(name: str) -> int:
    if not PYTHON.exists():
        print("Making the virtualenv .venv ...", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
        if made.returncode:
            print("This Python cannot make virtualenvs. On Debian and Ubuntu: apt install python3-venv")
            return 1
    stamp = VENV / f".{name}.sha256"
    wanted = _digest(name)
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    print(f"Installing {name} ...", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(ROOT / name)]
    installed = subprocess.run(pip, check=False)
    if installed.returncode:
        print(f"pip could not install {name}; see above.")
        return installed.returncode
    stamp.write_text(wanted)
    return 0


def _digest(name: str) -> str:
    """Of the file and of those it includes."""
    text = (ROOT / name).read_text()
    included = [line.split()[1] for line in text.splitlines() if line.startswith("-r ")]
    return hashlib.sha256("".join([text, *map(_digest, included)]).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
