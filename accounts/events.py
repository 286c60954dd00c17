"""What browsers are told about people."""

from accounts.models import User
from accounts.serializers import UserSerializer
from tenants.lib.realtime import EVERYONE, Audience, Frame, publish


def user_changed(user: User) -> None:
    """Everybody sees the person's new face. Hubs ask anew what the person may see, and close their sockets if they left."""
    publish([_frame(user, EVERYONE)])


def sessions_ended(user: User) -> None:
    """Only for the person's own sockets: hubs close those whose session has ended."""
    publish([_frame(user, Audience(user_ids=frozenset({user.pk})))])


def _frame(user: User, audience: Audience) -> Frame:
    return Frame("user", {"action": "update", "user": dict(UserSerializer(user).data)}, audience)
