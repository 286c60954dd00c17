"""Questions about people and their logins."""

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404

from accounts.models import ApiKey, AuditEntry, Invitation, Letter, LoginSession, Notice, Role, User
from tenants.lib.clock import now


def users_for(user: User) -> QuerySet[User]:
    """Everybody of the company: colleagues know each other. API keys are no colleagues."""
    return User.objects.filter(is_api_key=False).order_by("name", "id")


def user_for(user: User, pk: int) -> User:
    found = users_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def people_for(user: User) -> QuerySet[User]:
    return with_last_seen(users_for(user))


def with_last_seen(users: QuerySet[User]) -> QuerySet[User]:
    """The same people, each with `last_seen_at`: when any login of theirs was last used."""
    seen = LoginSession.objects.filter(user=OuterRef("pk")).order_by("-seen_at").values("seen_at")[:1]
    return users.annotate(last_seen_at=Subquery(seen))


def person_for(user: User, pk: int) -> User:
    found = people_for(user).filter(pk=pk).first()
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


def open_invitations() -> QuerySet[Invitation]:
    """Neither used nor withdrawn; they may have run out. Newest first, each with its letters, the newest of them first."""
    letters = Prefetch("letters", Letter.objects.order_by("-id"))
    open_ones = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    return open_ones.select_related("invited_by").prefetch_related(letters).order_by("-id")


def invitation_for(user: User, pk: int) -> Invitation:
    """Only for who may manage people (the doors see to it)."""
    found = open_invitations().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def promised_places() -> int:
    """How many may still join by an invitation that is good."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now()).count()


def notices_of(user: User) -> QuerySet[Notice]:
    """The person's own, newest first."""
    return Notice.objects.filter(user=user).order_by("-id")


def administrators() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_api_key=False, role=Role.ADMIN).order_by("pk")
