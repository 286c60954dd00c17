"""The emulator's page: one file, no build, nothing from elsewhere."""

from pathlib import Path

PAGE = (Path(__file__).parent / "page.html").read_bytes()
