"""The worker's doors."""

import structlog
from django.conf import settings

from accounts import sending
from accounts.services import password_resets
from accounts.services.auditing import forget_old_entries
from accounts.services.letters import forget_old_letters
from tenants.lib.tasks import each_company, public_task, task

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


@public_task(name="accounts.sweep_letters", queue="default")
def sweep_letters() -> None:
    """Every day: e-mails that went, or never will, longer than RETENTION_DAYS_JOBS ago."""
    for company in each_company():
        try:
            forget_old_letters(days=settings.RETENTION_DAYS_JOBS)
        except Exception:
            log.exception("letters_not_swept", company=company.schema_name)


@task(name="accounts.send_letter", queue="default")
def send_letter(letter_id: int) -> None:
    sending.send_letter(letter_id)


@public_task(name="accounts.begin_password_reset", queue="default")
def begin_password_reset(email: str, company_id: int | None) -> None:
    """In the background, so that the answer takes the same time whether anybody has this address or not."""
    password_resets.begin_password_reset(email=email, company_id=company_id)
