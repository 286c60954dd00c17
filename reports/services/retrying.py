"""Once more what failed, by whoever may. Each kind has its own verb, which takes a row back only as long as it is failed."""

from collections.abc import Callable

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Letter, User
from accounts.permissions import require
from accounts.services.auditing import record
from accounts.services.letters import send_letter_again
from campaigns.selectors import campaign_for
from campaigns.services.retrying import send_again
from connectors.selectors import poison_webhook_for
from connectors.services.poison import replay_webhook
from connectors.types import Delivery
from contacts.selectors import contact_import_for
from contacts.services.imports import start_import
from reports.selectors.jobs import RETRY_NEEDS, job_for
from reports.types import Job
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.models import Outbox, Timer
from tenants.services.parked import try_announcements_again, try_timers_again
from tickets.selectors import media_for, message_for
from tickets.services.attachments import retry as retry_file
from tickets.services.messages import retry_message


@transaction.atomic
def retry_job(job: Job, *, by: User) -> Job:
    """Nothing goes out twice by this: what may have arrived is refused here (409 `may_have_arrived`), and so is what does not fail any
    more (409 `not_retryable`, `not_failed`). Raises NotAllowed."""
    if job.state == "unknown":
        words = _("Nobody knows whether this arrived. Look in the conversation, and send it again there if it did not.")
        raise ApplicationError(words, code="may_have_arrived", status=409)
    if not job.is_retryable:
        raise ApplicationError(_("This is not tried again from here."), code="not_retryable", status=409)
    require(by, RETRY_NEEDS[job.kind])
    row = VERBS[job.kind](job, by)
    if row is not None:
        record("job.retried", row, by=by, subject=job.subject)
    return job_for(by, job.id)


def _message(job: Job, by: User) -> None:
    retry_message(message_for(by, job.pk), by=by, states=(Delivery.FAILED,))


def _file(job: Job, by: User) -> None:
    retry_file(media_for(by, job.pk), by=by)


def _webhook(job: Job, by: User) -> None:
    replay_webhook(poison_webhook_for(by, job.pk), by=by)


def _campaign(job: Job, by: User) -> None:
    send_again(campaign_for(by, job.pk), by=by, what="failed")


def _import(job: Job, by: User) -> None:
    start_import(contact_import_for(by, job.pk), by=by, is_dry_run=False)


def _letter(job: Job, by: User) -> Letter:
    letter = Letter.objects.get(pk=job.pk)
    _require_one(send_letter_again(letter))
    return letter


def _timer(job: Job, by: User) -> Timer:
    timer = Timer.objects.get(pk=job.pk, company_id=current_company().pk)
    _require_one(try_timers_again([timer.pk], by=by))
    return timer


def _announcement(job: Job, by: User) -> Outbox:
    told = Outbox.objects.get(pk=job.pk, company_id=current_company().pk)
    _require_one(try_announcements_again([told.pk], by=by))
    return told


def _require_one(count: int) -> None:
    if not count:
        raise ApplicationError(_("This does not fail any more: somebody had it tried again."), code="not_failed", status=409)


# Those that leave no line in the audit log by themselves give the row that the line is about.
VERBS: dict[str, Callable[[Job, User], models.Model | None]] = {
    "message": _message,
    "file": _file,
    "webhook": _webhook,
    "campaign": _campaign,
    "import": _import,
    "letter": _letter,
    "timer": _timer,
    "announcement": _announcement,
}
