"""The worker's doors."""

import structlog
from django.conf import settings

from accounts.services.auditing import forget_old_entries
from tenants.lib.tasks import each_company, public_task

log = structlog.get_logger(__name__)


@public_task(name="accounts.sweep_audit_logs", queue="default")
def sweep_audit_logs() -> None:
    """Every day: lines of audit logs that are older than RETENTION_DAYS_AUDIT go. 0 keeps all of them."""
    if not settings.RETENTION_DAYS_AUDIT:
        return
    for company in each_company():
        try:
            forget_old_entries(days=settings.RETENTION_DAYS_AUDIT)
        except Exception:
            log.exception("audit_log_not_swept", company=company.schema_name)
