"""What is kept of who is here: that somebody called themselves away, and, coarsely, when they were last seen."""

from collections.abc import Collection

from django.db import transaction

from accounts import events
from accounts.models import LoginSession, User
from tenants.lib.clock import now


@transaction.atomic
def set_away(user: User, *, is_away: bool) -> User:
    """Away on every device until they say otherwise. Hubs hear of it by the person's frame."""
    user.is_away = is_away
    user.save(update_fields=["is_away"])
    events.user_changed(user)
    return user


def remember_seen(session_ids: Collection[int]) -> None:
    """Their sockets are open, or were until just now. Called every few minutes, not at every click."""
    LoginSession.objects.filter(pk__in=session_ids).update(seen_at=now())
