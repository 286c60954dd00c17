"""Telling people what they should know: in the app at once, by e-mail where it cannot wait until they look."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from accounts import events
from accounts.models import Notice, User
from accounts.notice_words import NOTICES
from accounts.services.letters import write_notice
from tenants.lib.clock import now

LONGEST_PATH = 200


@transaction.atomic
def notify(users: Iterable[User], *, kind: str, path: str, by_mail: bool = False, **facts: Any) -> list[Notice]:
    """One notice for each; `facts` are what its sentence names. The letters go out after commit, and are tried again."""
    assert kind in NOTICES, f"{kind} has no words in accounts/notice_words.py."
    notices = Notice.objects.bulk_create(
        [Notice(user=user, kind=kind, facts=facts, path=path[:LONGEST_PATH]) for user in users if user.is_active]
    )
    for notice in notices:
        events.notice_created(notice)
        if by_mail:
            write_notice(notice)
    return notices


def read_notices(user: User, *, ids: Sequence[int] | None = None) -> int:
    """Those, or all; how many were unread."""
    unread = Notice.objects.filter(user=user, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=ids)
    count = unread.update(read_at=now())
    if count:
        events.notices_read(user)
    return count
