"""Secrets that are made once, on the first start, and stay on this machine."""

import base64
import os
import secrets
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def ensure_keys(home: Path) -> Path:
    """`keys.env` with SECRET_KEY (signs sessions and tokens) and FIELD_KEYS (a Fernet key: encrypts stored credentials).

    Never rewritten: whoever loses FIELD_KEYS loses every stored credential.
    """
    path = home / "keys.env"
    if not path.exists():
        field_key = base64.urlsafe_b64encode(os.urandom(32)).decode()
        write_private(path, f"SECRET_KEY={secrets.token_urlsafe(50)}\nFIELD_KEYS={field_key}\n")
    return path


def ensure_flower_login(home: Path) -> str:
    """`user:password` of Flower, for an installation that was given none."""
    path = home / "run" / "flower-login"
    if not path.exists():
        write_private(path, f"ops:{secrets.token_urlsafe(12)}")
    return path.read_text()


def ensure_service_password(home: Path) -> str:
    """The password of the embedded PostgreSQL and Valkey, so that other users of this machine stay out."""
    path = home / "run" / "service-password"
    if not path.exists():
        write_private(path, secrets.token_hex(24))
    return path.read_text()
