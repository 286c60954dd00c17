"""Tables that people upload: CSV in any encoding and with any delimiter, and Excel's XLSX. Read row by row; nothing in them is run."""

import codecs
import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import openpyxl
import structlog
from charset_normalizer import from_bytes
from django.utils.translation import gettext_lazy as _

from tenants.lib.csv_files import plain_cell
from tenants.lib.errors import ApplicationError, Words

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "mac-roman", "cp850")
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 5_000
SAMPLE_BYTES = 256 * 1024
SAMPLE_ROWS = 50
BLOCK = 1024 * 1024
# An XLSX is a ZIP. Sheets are read as a stream; its other parts (all texts, styles) are held in memory.
MOST_UNPACKED_BYTES = 400 * 1024 * 1024
MOST_HELD_BYTES = 64 * 1024 * 1024
FAMILIAR_ACCENTS = frozenset("áàâãäéèêëíìîïóòôõöúùûüçñÁÀÂÃÄÉÈÊËÍÓÔÕÖÚÜÇÑªº°–—’“”€\u00a0".encode("cp1252"))
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MOST_CONTROL_CHARACTERS = 0.002
SEPARATOR_LINE = "sep="

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Format:
    """How to read the file. XLSX has neither encoding nor delimiter."""

    kind: str
    encoding: str = ""
    delimiter: str = ""


Row = tuple[int, list[str]]


def format_of(file: IO[bytes], *, encoding: str = "", delimiter: str = "") -> Format:
    """Found out from the content, not from the name; what is given is believed. Raises ApplicationError for what is no table."""
    start = _start_of(file, 8)
    if not start:
        raise refusal(_("The file is empty."), code="empty_file")
    if start.startswith(ZIP):
        _refuse_bombs(file)
        return Format("xlsx")
    if start.startswith(OLE):
        raise _old_or_protected(file)
    sample = _start_of(file, SAMPLE_BYTES)
    chosen = encoding or _encoding_of(file, sample)
    text = sample.decode(chosen, errors="replace").lstrip("\ufeff")
    _refuse_noise(text)
    if not text.strip():
        raise refusal(_("The file is empty."), code="empty_file")
    return Format("csv", chosen, delimiter or _delimiter_of(text))


@contextmanager
def table(file: IO[bytes], form: Format) -> Iterator[Iterator[Row]]:
    """The rows that are not blank, as (place in the file counted from 1, cells)."""
    file.seek(0)
    if form.kind == "xlsx":
        book = _book(file)
        try:
            yield _sheet_rows(book)
        finally:
            book.close()
        return
    text = io.TextIOWrapper(file, encoding=form.encoding, errors="replace", newline="")
    try:
        yield _csv_rows(text, form.delimiter)
    finally:
        text.detach()


def count_rows(file: IO[bytes], form: Format) -> int:
    """All rows of a CSV; what an Excel file says of itself (0 when it says nothing)."""
    if form.kind == "xlsx":
        book = _book(file)
        try:
            return min(book.worksheets[0].max_row or 0, MOST_ROWS)
        finally:
            book.close()
    with table(file, form) as rows:
        return sum(1 for _row in rows)


def refusal(words: Words, *, code: str) -> ApplicationError:
    return ApplicationError(words, code=code, field="file")


def _old_or_protected(file: IO[bytes]) -> ApplicationError:
    """Both come in the same kind of box; the encrypted one names its content."""
    file.seek(0)
    kept = b""
    while block := file.read(BLOCK):
        if ENCRYPTED in kept + block:
            return refusal(_("The Excel file is protected with a password. Save it without one, or as CSV."), code="protected_excel")
        kept = block[-len(ENCRYPTED) :]
    return refusal(_("This is an old Excel file (XLS). Save it as XLSX or CSV."), code="old_excel")


def _start_of(file: IO[bytes], size: int) -> bytes:
    file.seek(0)
    return file.read(size)


def _encoding_of(file: IO[bytes], sample: bytes) -> str:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for place, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        # Latin letters in UTF-16: every second byte is zero.
        half, other = sample[place::2], sample[1 - place :: 2]
        if half and half.count(0) > 0.7 * len(half) and other.count(0) < 0.05 * len(other):
            return name
    if b"\0" in sample:
        raise _no_table()
    if _is_utf8(file):
        return "utf-8-sig"
    if _is_familiar(sample):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=["cp1252", "latin_1", "mac_roman", "cp850"]).best()
    guess = best.encoding if best else "cp1252"
    # Windows' code page is a superset of what Latin-1 is used for.
    return {"latin_1": "cp1252", "mac_roman": "mac-roman"}.get(guess, guess)


def _is_familiar(sample: bytes) -> bool:
    """Whether its accents, read as Windows writes them, are those of western languages: statistics need more text than a short file has."""
    accents = [byte for byte in sample if byte >= 0x80]
    return sum(byte in FAMILIAR_ACCENTS for byte in accents) >= 0.9 * len(accents)


def _is_utf8(file: IO[bytes]) -> bool:
    """Of the whole file: the first accent may stand far below."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_noise(text: str) -> None:
    noise = sum(
        1 for character in text if (character < " " and character not in "\t\r\n\f") or character == "\ufffd" or character == "\x7f"
    )
    if noise > max(2, MOST_CONTROL_CHARACTERS * len(text)):
        raise _no_table()


def _no_table() -> ApplicationError:
    return refusal(_("This is neither a CSV nor an Excel file."), code="not_a_table")


def _delimiter_of(text: str) -> str:
    lines = text.splitlines(keepends=True)[:SAMPLE_ROWS]
    if lines and lines[0].lower().startswith(SEPARATOR_LINE) and lines[0][len(SEPARATOR_LINE) : len(SEPARATOR_LINE) + 1] in DELIMITERS:
        return lines[0][len(SEPARATOR_LINE)]
    return max(DELIMITERS, key=lambda delimiter: _consistency(lines, delimiter))


def _consistency(lines: list[str], delimiter: str) -> tuple[float, int]:
    """The share of rows that have as many cells as most have, when that is more than one; then how many cells."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0, 0
    if not widths:
        return 0.0, 0
    usual = max(set(widths), key=widths.count)
    return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 0)


def _csv_rows(text: IO[str], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=delimiter)
    number = 0
    try:
        for cells in reader:
            number += 1
            row = [_cell(cell) for cell in cells[:MOST_COLUMNS]]
            if number == 1 and row and row[0].lower().startswith(SEPARATOR_LINE):
                continue
            if any(row):
                yield number, row
    except csv.Error as error:
        raise refusal(
            _("The file cannot be read after row %(number)d. Is a quotation mark left open?") % {"number": number}, code="broken_row"
        ) from error


def _sheet_rows(book: openpyxl.Workbook) -> Iterator[Row]:
    """The first sheet. Formulas are what Excel last showed for them; one that it never worked out is empty."""
    sheet = book.worksheets[0]
    # What the file says of its size may be a lie that costs millions of empty cells.
    sheet.reset_dimensions()
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            row = [_cell(_shown(value)) for value in _trimmed(cells[:MOST_COLUMNS])]
            if any(row):
                yield number, row
    except Exception as error:
        raise _broken(error) from error


def _trimmed(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    """Without the empty cells behind the last: a formatted sheet may have thousands."""
    width = len(cells)
    while width and cells[width - 1] in (None, ""):
        width -= 1
    return cells[:width]


def _book(file: IO[bytes]) -> openpyxl.Workbook:
    file.seek(0)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise _broken(error) from error
    if not book.worksheets:
        raise refusal(_("The Excel file has no sheet with cells."), code="empty_file")
    return book


def _broken(error: Exception) -> ApplicationError:
    log.info("broken_excel_file", error=repr(error)[:300])
    return refusal(_("The Excel file is damaged. Save it again, or as CSV."), code="broken_excel")


def _refuse_bombs(file: IO[bytes]) -> None:
    file.seek(0)
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _broken(error) from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise _no_table()
    held = sum(part.file_size for part in parts if not part.filename.startswith("xl/worksheets/"))
    # The unpacking stops at the size that is declared here, so a lie gains nothing.
    if held > MOST_HELD_BYTES or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise refusal(_("The Excel file is too large when unpacked. Save it as CSV, or in parts."), code="too_large_unpacked")


def _shown(value: Any) -> str:
    """The cell as a person would type it: no `.0` behind a phone number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _cell(text: str) -> str:
    return plain_cell(text[:LONGEST_CELL].replace("\0", "").strip())
