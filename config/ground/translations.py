"""Django reads translations from .mo files. They are made here from the .po files, without gettext's tools."""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]


def compile_translations() -> list[Path]:
    """Compiles the .po files of ours that changed since; returns those. Harmless when many processes do it at once."""
    stale = [source for source in sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po")) if _is_stale(source)]
    for source in stale:
        _compile(source)
    return stale


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns != source.stat().st_mtime_ns


def _compile(source: Path) -> None:
    """Readers see the old file or the whole new one. It gets the source's time, so that an edit made meanwhile is not missed."""
    changed = source.stat().st_mtime_ns
    with source.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    with tempfile.NamedTemporaryFile(dir=source.parent, suffix=".mo", delete=False) as draft:
        write_mo(draft, catalog)
    os.utime(draft.name, ns=(changed, changed))
    os.chmod(draft.name, 0o644)
    os.replace(draft.name, source.with_suffix(".mo"))
