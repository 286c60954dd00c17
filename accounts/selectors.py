"""Questions about people and their logins."""

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import LoginSession, User
from tenants.lib.clock import now


def users_for(user: User) -> QuerySet[User]:
    """Everybody of the company: colleagues know each other."""
    return User.objects.order_by("name", "id")


def user_for(user: User, pk: int) -> User:
    found = users_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()


def living_sessions_of(user: User) -> QuerySet[LoginSession]:
    return LoginSession.objects.filter(user=user, ended_at=None, expires_at__gt=now()).order_by("-created_at", "-id")


def session_for(user: User, pk: int) -> LoginSession:
    found = living_sessions_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def living_session(session_id: int) -> LoginSession | None:
    """The session with its user, if neither was ended. One query: it is asked for every request."""
    return (
        LoginSession.objects.select_related("user").filter(pk=session_id, ended_at=None, expires_at__gt=now(), user__is_active=True).first()
    )
