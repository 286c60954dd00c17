"""Files of imports are people's data: they go when nobody needs them any more. What came of an import stays in numbers."""

import datetime

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q

from contacts.models import ContactImport, ContactImportRow
from tenants.lib.clock import now

AT_ONCE = 20

log = structlog.get_logger(__name__)


def sweep_old_imports() -> int:
    """Uploads, result files and rows of imports older than RETENTION_DAYS_IMPORTS go; an import that never began goes whole.

    Returns how many imports were swept. With its rows goes the possibility to undo.
    """
    old = ContactImport.objects.filter(created_at__lt=now() - datetime.timedelta(days=settings.RETENTION_DAYS_IMPORTS))
    at_rest = old.exclude(state__in=(ContactImport.State.RUNNING, ContactImport.State.UNDOING))
    swept = list(at_rest.exclude(Q(stored_name="") & Q(result_name="")).order_by("pk")[:AT_ONCE])
    for job in swept:
        for name in filter(None, (job.stored_name, job.result_name)):
            default_storage.delete(name)
        rows = ContactImportRow.objects.filter(contact_import=job)
        rows._raw_delete(rows.db)  # type: ignore[attr-defined]  # nothing hangs on them
        if job.state in (ContactImport.State.UPLOADED, ContactImport.State.PREVIEWED):
            job.delete()
            continue
        ContactImport.objects.filter(pk=job.pk).update(stored_name="", result_name="")
    if swept:
        log.info("old_imports_swept", count=len(swept))
    return len(swept)
