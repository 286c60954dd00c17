"""E-mails that must go out: written down with the deed that needs them, sent by a worker after commit (accounts/sending.py)."""

import datetime

from django.db import transaction

from accounts.models import Invitation, Letter, Notice, User
from tenants.lib.clock import now
from tenants.lib.later import later
from tenants.lib.timers import set_timer

TIMER = "accounts.send_letter"
# A broker that forgot, or a worker that died: the timer asks again.
FORGOTTEN_SECONDS = 60


def write_invitation(invitation: Invitation) -> Letter:
    """The caller's transaction. An older one that still waits is not sent any more."""
    Letter.objects.filter(invitation=invitation, state=Letter.State.WAITING).update(state=Letter.State.DROPPED)
    return _ordered(Letter.objects.create(kind=Letter.Kind.INVITATION, invitation=invitation))


@transaction.atomic
def write_password_reset(user: User) -> Letter:
    Letter.objects.filter(user=user, kind=Letter.Kind.PASSWORD_RESET, state=Letter.State.WAITING).update(state=Letter.State.DROPPED)
    return _ordered(Letter.objects.create(kind=Letter.Kind.PASSWORD_RESET, user=user))


def write_notice(notice: Notice) -> Letter:
    return _ordered(Letter.objects.create(kind=Letter.Kind.NOTICE, notice=notice))


def wake_by_timer(key: str, payload: dict[str, object]) -> None:
    """For config/timers.py."""
    order(int(key))


def order(letter_id: int) -> None:
    """Hand it to a worker after commit, and ask again if nobody answers for it."""
    set_timer(TIMER, letter_id, due_at=now() + datetime.timedelta(seconds=FORGOTTEN_SECONDS))
    later("accounts.send_letter", letter_id)


def _ordered(letter: Letter) -> Letter:
    order(letter.pk)
    return letter
