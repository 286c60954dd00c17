"""What came of every row, as a file to download."""

import uuid
from collections.abc import Iterator

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.models import ContactImport, ContactImportRow
from tenants.lib.csv_files import csv_file, delimiter_for
from tenants.lib.tenancy import current_company

ROWS_AT_ONCE = 2_000


def write_result(job: ContactImport) -> str:
    """The name in storage of a CSV with a line for each row of the file: row, outcome, reason, phone, contact."""
    header = [_("Row"), _("Outcome"), _("Reason"), _("Phone"), _("Contact")]
    with File(csv_file(header, _lines(job), delimiter=delimiter_for(get_language() or ""))) as file:
        return default_storage.save(f"{current_company().schema_name}/imports/{uuid.uuid4().hex}.result.csv", file)


def _lines(job: ContactImport) -> Iterator[tuple[object, ...]]:
    words = {outcome.value: str(outcome.label) for outcome in ContactImportRow.Outcome}
    rows = ContactImportRow.objects.filter(contact_import=job).order_by("number")
    told = rows.values_list("number", "outcome", "reason", "phone", "contact_id")
    for number, outcome, reason, phone, contact_id in told.iterator(chunk_size=ROWS_AT_ONCE):
        yield number, words[outcome], reason, phone, contact_id
