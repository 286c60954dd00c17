"""An import's life, as people and workers decide it. What a worker writes of it is in `contacts.importing`."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.auditing import record
from contacts import events
from contacts.models import ContactImport, ContactImportRow
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.later import later

State = ContactImport.State
NO_COUNTS = {
    **{f"{name}_count": 0 for name in ("row", "created", "updated", "skipped", "invalid", "removed", "restored", "kept")},
    "position": 0,
    "error_code": "",
    "error_text": "",
}


@transaction.atomic
def record_upload(*, by: User, name: str, kind: str, stored_name: str, encoding: str, delimiter: str, expected_rows: int) -> ContactImport:
    """A file that was looked at and put away."""
    job = ContactImport.objects.create(
        name=name[:200],
        kind=kind,
        stored_name=stored_name,
        encoding=encoding,
        delimiter=delimiter,
        expected_rows=expected_rows,
        created_by=by,
    )
    job.refresh_from_db()
    events.import_changed("create", job.pk)
    return job


@transaction.atomic
def set_choices(job: ContactImport, *, by: User | None, state: str, choices: Mapping[str, Any]) -> ContactImport:
    """How the file is to be read and written. Refused (409) once it was started. Another choice makes a dry run's counts untrue."""
    if any(getattr(job, name) != value for name, value in choices.items()):
        choices = {**choices, **NO_COUNTS, "is_dry_run": False, "finished_at": None, "result_name": ""}
    chosen = ContactImport.objects.filter(pk=job.pk, state__in=(State.UPLOADED, State.PREVIEWED)).update(state=state, **choices)
    if not chosen:
        raise _too_late()
    job.refresh_from_db()
    events.import_changed("update", job.pk)
    return job


@transaction.atomic
def start_import(job: ContactImport, *, by: User, is_dry_run: bool) -> ContactImport:
    """A worker writes the contacts; a dry run only counts. One that failed goes on where it stopped."""
    fresh = {"state": State.RUNNING, "is_dry_run": is_dry_run, "started_at": now(), "finished_at": None, "leased_until": None, "lease": ""}
    begun = ContactImport.objects.filter(pk=job.pk, state=State.PREVIEWED).update(**fresh, **NO_COUNTS, result_name="")
    if begun:
        rows = ContactImportRow.objects.filter(contact_import=job)
        rows._raw_delete(rows.db)  # type: ignore[attr-defined]  # those of a dry run; nothing hangs on them
    resumed = not begun and not is_dry_run and _resume_failed(job)
    if not begun and not resumed:
        raise _too_late()
    job.refresh_from_db()
    if not is_dry_run:
        record("import.started", job, by=by)
    events.import_changed("update", job.pk)
    later("contacts.run_import", job.pk)
    return job


@transaction.atomic
def undo_import(job: ContactImport, *, by: User) -> ContactImport:
    """A worker takes back what the import wrote, but for what people and customers have done since."""
    begin = {"state": State.UNDOING, "error_code": "", "error_text": "", "lease": "", "leased_until": None}
    written = ContactImport.objects.filter(pk=job.pk, is_dry_run=False).exclude(stored_name="")  # its rows were swept with its file
    # An undo that failed goes on where it stopped; an import that failed is undone from its first row.
    begun = written.filter(state=State.DONE).update(**begin) or written.filter(state=State.FAILED).update(**begin, position=0)
    if not begun:
        raise ApplicationError(_("Only an import that wrote something can be undone, once."), code="not_done", status=409)
    job.refresh_from_db()
    record("import.undone", job, by=by)
    events.import_changed("update", job.pk)
    later("contacts.run_import", job.pk)
    return job


@transaction.atomic
def finish_import(job: ContactImport, *, lease: str, result_name: str) -> None:
    """The last row is written. A dry run leaves the import as it was, with its counts."""
    state = State.PREVIEWED if job.is_dry_run else State.DONE
    _close(job, lease, {"state": state, "result_name": result_name, "finished_at": now(), "position": 0})


@transaction.atomic
def finish_undo(job: ContactImport, *, lease: str) -> None:
    _close(job, lease, {"state": State.UNDONE, "undone_at": now()})


@transaction.atomic
def fail_import(job: ContactImport, *, lease: str, error: ApplicationError) -> None:
    """A dry run that failed may be tried with other choices, an undo that failed again."""
    told = {"error_code": error.code[:40], "error_text": str(error)[:300]}
    if job.state == State.UNDOING:
        _close(job, lease, {"state": State.DONE, **told})
        return
    _close(job, lease, {"state": State.PREVIEWED if job.is_dry_run else State.FAILED, "finished_at": now(), **told})


def release_import(job: ContactImport, *, lease: str) -> None:
    """Somebody else may go on; the back of the queue is fair to other companies."""
    ContactImport.objects.filter(pk=job.pk, lease=lease).update(lease="", leased_until=None)
    later("contacts.run_import", job.pk)


def renew_lease(job: ContactImport, *, lease: str) -> bool:
    """For work that writes nothing for a while. False: somebody else took over."""
    until = now() + datetime.timedelta(seconds=settings.LEASE_SECONDS)
    return bool(ContactImport.objects.filter(pk=job.pk, lease=lease).update(leased_until=until))


def forgotten_imports() -> Sequence[int]:
    """Imports whose worker died, or that no worker was told of."""
    working = ContactImport.objects.filter(state__in=(State.RUNNING, State.UNDOING))
    return list(working.exclude(leased_until__gte=now()).values_list("pk", flat=True))


def _close(job: ContactImport, lease: str, changes: Mapping[str, Any]) -> None:
    if ContactImport.objects.filter(pk=job.pk, lease=lease).update(lease="", leased_until=None, **changes):
        events.import_changed("update", job.pk)


def _resume_failed(job: ContactImport) -> bool:
    resumed = {"state": State.RUNNING, "error_code": "", "error_text": "", "finished_at": None, "lease": "", "leased_until": None}
    failed = ContactImport.objects.filter(pk=job.pk, state=State.FAILED, is_dry_run=False)
    return bool(failed.update(**resumed))


def _too_late() -> ApplicationError:
    return ApplicationError(_("This import has started already, or was not looked at yet."), code="wrong_state", status=409)
