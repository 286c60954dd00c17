"""Tables for people's spreadsheets: written to a temporary file row by row, sent after everything was read."""

import csv
import re
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, cast

from django.http import FileResponse

BOM = "\ufeff"  # Excel takes a file without it for the machine's own code page
# A cell that begins like these would run as a formula (https://owasp.org/www-community/attacks/CSV_Injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d[\d.,]*")


def csv_file(header: Sequence[object], rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> IO[bytes]:
    """A temporary file with the table, at its beginning; gone when closed. Reads `rows` to the end, a row at a time."""
    text = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
    text.write(BOM)
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    text.seek(0)
    return cast(IO[bytes], text.detach())


def csv_answer(name: str, header: Sequence[object], rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> FileResponse:
    """The table as a download. A body is streamed outside the company, so all of `rows` is asked for here."""
    return FileResponse(
        csv_file(header, rows, delimiter=delimiter), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )


def delimiter_for(locale: str) -> str:
    """What the spreadsheet programs of people with this language split cells at: Brazil's decimal comma leaves them the semicolon."""
    return ";" if locale.lower().startswith("pt") else ","


def safe_cell(cell: object) -> str:
    """The cell as text that no spreadsheet runs. Plain numbers, a phone's plus included, stay as they are."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(DANGEROUS) and not NUMBER.fullmatch(text) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text
