"""Tables as people ask for them: `?file=csv`, `csv-semicolon` or `xlsx`; said nothing, CSV as their language's spreadsheets take it."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any, cast

import openpyxl
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tenants.lib.csv_files import csv_answer, delimiter_for
from tenants.lib.errors import ApplicationError

DELIMITERS = {"csv": ",", "csv-semicolon": ";"}
XLSX = "xlsx"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What Excel's sheets can hold.
MOST_SHEET_ROWS = 1_048_576
LONGEST_SHEET_CELL = 32_767

FILE_PARAMETER = OpenApiParameter("file", enum=[*DELIMITERS, XLSX], description="The kind of file; by default CSV for your language.")
FILES = {(200, "text/csv"): OpenApiTypes.BINARY, (200, XLSX_TYPE): OpenApiTypes.BINARY}


def table_answer(name: str, header: Sequence[object], rows: Iterable[Sequence[object]], *, kind: str, locale: str) -> FileResponse:
    """The table as a download called `name`. A body is streamed outside the company, so all of `rows` is asked for here, a row at a
    time. Raises ApplicationError on `file` for a kind that is not known."""
    if kind == XLSX:
        return FileResponse(xlsx_file(header, rows), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)
    if kind and kind not in DELIMITERS:
        raise ApplicationError(_("Choose csv, csv-semicolon or xlsx."), code="invalid_choice", field="file")
    return csv_answer(f"{name}.csv", header, rows, delimiter=DELIMITERS[kind] if kind else delimiter_for(locale))


def xlsx_file(header: Sequence[object], rows: Iterable[Sequence[object]]) -> IO[bytes]:
    """A temporary workbook with one sheet, at its beginning; gone when closed. Its rows pass through a temporary file, too."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([_cell(sheet, value) for value in header])
    for place, row in enumerate(rows, start=2):
        if place > MOST_SHEET_ROWS:
            raise ApplicationError(_("An Excel sheet cannot hold that many rows. Choose CSV."), code="too_many_rows", field="file")
        sheet.append([_cell(sheet, value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return cast(IO[bytes], file)


def _cell(sheet: Any, value: object) -> Any:
    """Numbers as numbers; everything else as text, which no spreadsheet runs."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", "" if value is None else str(value))[:LONGEST_SHEET_CELL])
    cell.data_type = "s"
    return cell
