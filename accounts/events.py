"""What browsers are told about people."""

from django.utils import translation

from accounts.models import Notice, User
from accounts.notices_serializers import NoticeSerializer
from accounts.serializers import UserSerializer
from tenants.lib.realtime import EVERYONE, Audience, Frame, publish


def user_changed(user: User) -> None:
    """Everybody sees the person's new face. Hubs ask anew what the person may see, and close their sockets if they left."""
    publish([_frame(user, EVERYONE)])


def sessions_ended(user: User) -> None:
    """Only for the person's own sockets: hubs close those whose session has ended."""
    publish([_frame(user, Audience(user_ids=frozenset({user.pk})))])


def notice_created(notice: Notice) -> None:
    """To its reader alone, in their language."""
    with translation.override(notice.user.locale):
        data = {"action": "create", "notification": dict(NoticeSerializer(notice).data)}
    publish([Frame("notification", data, Audience(user_ids=frozenset({notice.user_id})))])


def notices_read(user: User) -> None:
    """The person's other browsers count anew."""
    publish([Frame("notification", {"action": "update"}, Audience(user_ids=frozenset({user.pk})))])


def _frame(user: User, audience: Audience) -> Frame:
    return Frame("user", {"action": "update", "user": dict(UserSerializer(user).data)}, audience)
