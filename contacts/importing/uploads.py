"""From the file that somebody chose to a table that can be imported: looked at, put away, shown with what would come of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts.importing import columns, reading
from contacts.importing.judging import Candidate, candidate_of
from contacts.models import ContactImport, CustomField
from contacts.services import imports as services
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company

PREVIEW_ROWS = 20
# What a multipart body holds besides the file.
BODY_SLACK = 64 * 1024


@dataclass(frozen=True)
class PreviewRow:
    candidate: Candidate
    cells: Sequence[str]


@dataclass(frozen=True)
class Preview:
    """`trouble`: why the import cannot start yet; "" when it can."""

    contact_import: ContactImport
    rows: Sequence[PreviewRow]
    trouble: str


def refuse_large(size: int) -> None:
    """Raises ApplicationError (413). Ask it of the announced length before a byte of the body is read."""
    if size > settings.IMPORT_MAX_SIZE + BODY_SLACK:
        raise ApplicationError(
            _("The file is too large: up to %(size)d MB can be imported at once.") % {"size": settings.IMPORT_MAX_SIZE // 1024 // 1024},
            code="file_too_large",
            status=413,
        )


def take_upload(file: UploadedFile, *, by: User) -> ContactImport:
    """Put the file away with a guess of how to read it. Raises ApplicationError on `file` for what cannot be imported."""
    refuse_large(file.size or 0)
    form = reading.format_of(file)
    expected = reading.count_rows(file, form)
    if expected > reading.MOST_ROWS:
        raise too_many_rows()
    head = first_rows(file, form)
    if not head:
        raise reading.refusal(_("The file is empty."), code="empty_file")
    region = current_company().country
    choices = _guess(head, region=region) | {"region": region}
    if choices["has_header"] and len(head) == 1:
        raise reading.refusal(_("The file has a header, but no rows below it."), code="no_rows")
    file.seek(0)
    stored = default_storage.save(f"{current_company().schema_name}/imports/{uuid.uuid4().hex}.{form.kind}", file)
    job = services.record_upload(
        by=by,
        name=file.name or "",
        kind=form.kind,
        stored_name=stored,
        encoding=form.encoding,
        delimiter=form.delimiter,
        expected_rows=max(expected - choices["has_header"], 0),
    )
    return services.set_choices(job, by=by, state=ContactImport.State.UPLOADED, choices=choices)


def preview(job: ContactImport, *, by: User, said: Mapping[str, Any]) -> Preview:
    """Keep the choices, and show the first rows as they would be imported. What is not said stays as it was."""
    choices = dict(said)
    with open_upload(job) as file:
        form = reading.format_of(file, encoding=choices.get("encoding", ""), delimiter=choices.get("delimiter", job.delimiter))
        if form.kind == "csv":
            choices |= {"encoding": form.encoding, "delimiter": form.delimiter}
        head = first_rows(file, form)
    region, header = choices.get("region", job.region), choices.get("has_header", job.has_header)
    guess = _guess(head, region=region, header=header)
    is_same_table = guess["columns"] == job.columns
    choices["columns"] = guess["columns"]
    choices.setdefault("mapping", job.mapping if is_same_table else guess["mapping"])
    custom = {field.key: field for field in CustomField.objects.all()}
    columns.check_mapping(choices["mapping"], len(guess["columns"]), custom)
    trouble = columns.missing_in(choices["mapping"])
    state = ContactImport.State.UPLOADED if trouble else ContactImport.State.PREVIEWED
    job = services.set_choices(job, by=by, state=state, choices=choices)
    shown = head[1:] if header else head
    rows = [PreviewRow(candidate_of(number, cells, job, custom), cells) for number, cells in shown[:PREVIEW_ROWS]]
    return Preview(job, rows, trouble)


def form_of(job: ContactImport) -> reading.Format:
    return reading.Format(job.kind, job.encoding, job.delimiter)


def open_upload(job: ContactImport) -> IO[bytes]:
    return open_stored(job.stored_name)


def open_stored(name: str) -> IO[bytes]:
    """Raises ApplicationError (410) when the storage has it no more."""
    try:
        if name:
            return default_storage.open(name, "rb")  # type: ignore[return-value]
    except OSError as error:
        raise _gone() from error
    raise _gone()


def first_rows(file: IO[bytes], form: reading.Format) -> list[reading.Row]:
    with reading.table(file, form) as rows:
        return [row for row, _place in zip(rows, range(reading.SAMPLE_ROWS), strict=False)]


def too_many_rows() -> ApplicationError:
    return reading.refusal(
        _("The file has more than %(most)d rows. Split it into several.") % {"most": reading.MOST_ROWS}, code="too_many_rows"
    )


def _guess(head: list[reading.Row], *, region: str, header: bool | None = None) -> dict[str, Any]:
    cells = [row for _number, row in head]
    is_header = columns.has_header(cells, region=region) if header is None else header
    names = cells[0] if is_header and cells else []
    body = cells[1:] if is_header else cells
    width = max((len(row) for row in cells), default=0)
    names = [names[place] if place < len(names) else "" for place in range(width)]
    custom = list(CustomField.objects.all())
    return {"has_header": is_header, "columns": names, "mapping": columns.suggest(names, body, custom, region=region)}


def _gone() -> ApplicationError:
    return ApplicationError(_("The file is not there any more."), code="gone", status=410)
