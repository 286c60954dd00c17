"""Questions about people and their logins."""

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import ApiKey, AuditEntry, LoginSession, User
from tenants.lib.clock import now


def users_for(user: User) -> QuerySet[User]:
    """Everybody of the company: colleagues know each other. API keys are no colleagues."""
    return User.objects.filter(is_api_key=False).order_by("name", "id")


def user_for(user: User, pk: int) -> User:
    found = users_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower(), is_api_key=False).first()


def api_keys_for(user: User) -> QuerySet[ApiKey]:
    """Every key of the company, also those that open nothing any more: what they did stays in the logs."""
    return ApiKey.objects.select_related("user", "created_by", "revoked_by").order_by("-id")


def api_key_for(user: User, pk: int) -> ApiKey:
    found = api_keys_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def audit_entries_for(user: User) -> QuerySet[AuditEntry]:
    """Newest first. Who may ask is the permissions' business: whoever may, sees all of the company's."""
    return AuditEntry.objects.order_by("-id")


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
