"""The worker's doors."""

import structlog

from contacts.importing import running, sweeping
from contacts.services.imports import forgotten_imports
from tenants.lib.later import later
from tenants.lib.tasks import each_company, public_task, task

log = structlog.get_logger(__name__)


@task(name="contacts.run_import", queue="default")
def run_import(import_id: int) -> None:
    """A slice of an import, or of its undo."""
    running.run_import(import_id)


@public_task(name="contacts.sweep_imports", queue="default")
def sweep_imports() -> None:
    """Every 10 s: an import whose worker died, or whose task was lost, goes on."""
    for company in each_company():
        try:
            for import_id in forgotten_imports():
                later("contacts.run_import", import_id)
        except Exception:
            log.exception("imports_not_swept", company=company.schema_name)


@public_task(name="contacts.sweep_old_imports", queue="default")
def sweep_old_imports() -> None:
    """Every hour: files that are kept too long."""
    for company in each_company():
        try:
            sweeping.sweep_old_imports()
        except Exception:
            log.exception("old_imports_not_swept", company=company.schema_name)
