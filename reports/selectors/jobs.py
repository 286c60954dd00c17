"""Single pieces of work: one by its name, and all of them newest first. What a company's rows say of it, and no other company's."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.http import Http404

from accounts.models import User
from accounts.permissions import may
from campaigns.selectors import campaign_for
from contacts.selectors import contact_import_for
from reports.selectors import kinds
from reports.selectors.depth import shown_since
from reports.types import Job, Mark
from tickets.selectors import media_for, message_for

# What a person needs to have that kind of work tried again.
RETRY_NEEDS = {
    "message": "message.send",
    "file": "message.send",
    "webhook": "webhook.replay",
    "import": "contact.import",
    "campaign": "campaign.start",
    "letter": "job.retry",
    "timer": "job.retry",
    "announcement": "job.retry",
}


def job_for(user: User, name: str) -> Job:
    """One job by its id (`message-12`). What the user may not see, and what is no job, does not exist."""
    kind, _, number = name.partition("-")
    look = LOOKS.get(kind)
    if look is None or not number.isdecimal() or len(number) > 18:
        raise Http404
    return look(user, int(number))


def jobs_before(mark: Mark | None, *, state: str, of_kinds: Iterable[str], most: int) -> tuple[list[Job], Mark | None]:
    """At most `most` jobs of the company in this state (waiting, done, failed; empty: all), newest first, and where the next begins."""
    found = [
        (Mark(row.work_at, kind.name, row.pk), kind, row)
        for kind in kinds.KINDS
        if kind.name in of_kinds
        for row in _newest(kind, state, mark, most=most + 1)
    ]
    found.sort(key=lambda one: (one[0].at, one[0].kind, one[0].pk), reverse=True)
    shown = found[:most]
    return [kind.job(row) for _mark, kind, row in shown], shown[-1][0] if len(found) > most else None


def may_retry(user: User, job: Job) -> bool:
    return job.is_retryable and may(user, RETRY_NEEDS[job.kind])


def _newest(kind: kinds.Kind, state: str, mark: Mark | None, *, most: int) -> Iterable[Any]:
    if not kind.has(state):
        return []
    rows = kind.rows().filter(kind.condition(state))
    if not kind.is_kept:
        rows = rows.filter(work_at__gt=shown_since())
    if mark is not None:
        rows = rows.filter(_after(mark, kind.name))
    return rows.order_by("-work_at", "-pk")[:most]


def _after(mark: Mark, kind: str) -> Q:
    """What comes after the mark in a list that is mixed by time, kind and number."""
    earlier = Q(work_at__lt=mark.at)
    if kind == mark.kind:
        return earlier | Q(work_at=mark.at, pk__lt=mark.pk)
    return earlier | Q(work_at=mark.at) if kind < mark.kind else earlier


def _own(name: str, user: User, pk: int) -> Job:
    """Of kinds that only those who look after the company see."""
    row = kinds.BY_NAME[name].rows().filter(pk=pk).first() if may(user, "job.read") else None
    if row is None:
        raise Http404
    return kinds.BY_NAME[name].job(row)


def _message(user: User, pk: int) -> Job:
    return kinds.job_of_message(message_for(user, pk))


def _campaign(user: User, pk: int) -> Job:
    return kinds.job_of_campaign(campaign_for(user, pk))


def _import(user: User, pk: int) -> Job:
    if not user.is_manager:
        raise Http404
    return kinds.job_of_import(contact_import_for(user, pk))


def _file(user: User, pk: int) -> Job:
    return kinds.job_of_file(media_for(user, pk))


def _look_at(name: str) -> Callable[[User, int], Job]:
    return lambda user, pk: _own(name, user, pk)


LOOKS: dict[str, Callable[[User, int], Job]] = {
    "message": _message,
    "campaign": _campaign,
    "import": _import,
    "file": _file,
    **{name: _look_at(name) for name in ("webhook", "schedule", "letter", "timer", "announcement")},
}
