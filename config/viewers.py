"""What the people behind the sockets may see, as the database says now."""

from dataclasses import dataclass
from typing import Any

from accounts.models import LoginSession
from accounts.serializers import UserSerializer
from config.asking import ask
from tenants.lib.clock import now
from tenants.lib.realtime import Audience
from tenants.lib.tenancy import enter
from tenants.models import Company
from tickets.models import QueueMember


@dataclass(frozen=True)
class Viewer:
    user_id: int
    role: str
    queue_ids: frozenset[int]
    user: dict[str, Any]
    is_away: bool = False

    def sees(self, audience: Audience) -> bool:
        return (
            audience.everyone
            or self.role in audience.roles
            or self.user_id in audience.user_ids
            or not audience.queue_ids.isdisjoint(self.queue_ids)
        )


async def viewers_in(company: Company, session_ids: set[int]) -> dict[int, Viewer]:
    """By login session; an ended session, or one of somebody who left, is missing. Two queries, however many there are."""
    return await ask(_viewers_in, company, session_ids)


def _viewers_in(company: Company, session_ids: set[int]) -> dict[int, Viewer]:
    with enter(company):
        return _viewers_of(session_ids)


def _viewers_of(session_ids: set[int]) -> dict[int, Viewer]:
    sessions = LoginSession.objects.select_related("user").filter(
        pk__in=session_ids, ended_at=None, expires_at__gt=now(), user__is_active=True
    )
    users = {session.pk: session.user for session in sessions}
    queues: dict[int, set[int]] = {}
    for user_id, queue_id in QueueMember.objects.filter(user__in={user.pk for user in users.values()}).values_list("user_id", "queue_id"):
        queues.setdefault(user_id, set()).add(queue_id)
    return {
        session_id: Viewer(user.pk, user.role, frozenset(queues.get(user.pk, ())), dict(UserSerializer(user).data), user.is_away)
        for session_id, user in users.items()
    }
