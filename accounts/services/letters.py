"""E-mails that must go out: written down with the deed that needs them, sent by a worker after commit (accounts/sending.py)."""

import datetime

from django.db import transaction
from django.db.models import Q

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


@transaction.atomic
def send_letter_again(letter: Letter) -> int:
    """A letter that was given up gets all its attempts once more. 0 if it was not given up (any more)."""
    again = {"state": Letter.State.WAITING, "attempts": 0, "retry_at": None, "leased_until": None, "error": ""}
    count = Letter.objects.filter(pk=letter.pk, state=Letter.State.FAILED).update(**again)
    if count:
        order(letter.pk)
    return count


@transaction.atomic
def forget_old_letters(*, days: int) -> int:
    """Letters that were settled so many days ago go; not those of invitations that are still open, which show how their letter did."""
    old = Letter.objects.filter(created_at__lt=now() - datetime.timedelta(days=days)).exclude(state=Letter.State.WAITING)
    closed = Q(invitation=None) | Q(invitation__accepted_at__isnull=False) | Q(invitation__withdrawn_at__isnull=False)
    return old.filter(closed).delete()[0]


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
