"""Login sessions: opened, turned (rotation), ended."""

import datetime
import secrets

from django.conf import settings
from django.db import transaction

from accounts import events
from accounts.models import LoginSession, User
from accounts.services.auditing import record
from accounts.tokens import next_expiry
from accounts.types import Device
from tenants.lib.clock import now

LOGGED_OUT, REVOKED, REUSED, DEACTIVATED, PASSWORD_CHANGED = "logged out", "revoked", "reused", "deactivated", "password"
SEEN_EVERY = datetime.timedelta(minutes=1)


def open_session(user: User, *, device: Device) -> LoginSession:
    moment = now()
    return LoginSession.objects.create(
        user=user,
        current_jti=secrets.token_hex(16),
        rotated_at=moment,
        expires_at=next_expiry(),
        user_agent=device.user_agent[:200],
        address=device.address,
    )


def turn_session(session_id: int, *, jti: str) -> LoginSession | None:
    """The session with its new turn, for a caller who holds the turn `jti`; None when only a new login helps.

    Whoever comes first turns it. The same `jti` again within the grace time (a lost answer, two tabs at once) gets the turn that
    the first one made; later it means that somebody stole one of the two, and the family ends.
    """
    moment = now()
    # No join in this condition: it would become a subquery, which does not see what the other of two callers just did.
    LoginSession.objects.filter(pk=session_id, current_jti=jti, ended_at=None, expires_at__gt=moment).update(
        previous_jti=jti,
        current_jti=secrets.token_hex(16),
        rotated_at=moment,
        expires_at=next_expiry(),
    )
    session = LoginSession.objects.select_related("user").filter(pk=session_id, ended_at=None, user__is_active=True).first()
    if session is None:
        return None
    grace = datetime.timedelta(seconds=settings.REFRESH_REUSE_GRACE_SECONDS)
    if session.previous_jti == jti and moment - session.rotated_at <= grace:
        return session
    if session.current_jti != jti and end_session(session, reason=REUSED):
        record("login.stolen", session.user, by=None)
    return None


def note_use(session: LoginSession) -> None:
    """When it was last used, to the minute: asked at every request, written once a minute at most."""
    moment = now()
    if moment - session.seen_at >= SEEN_EVERY:
        LoginSession.objects.filter(pk=session.pk).update(seen_at=moment)
        session.seen_at = moment


@transaction.atomic
def end_session(session: LoginSession, *, reason: str) -> bool:
    """Its tokens and sockets stop working. False if it had ended before."""
    ended = LoginSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=now(), ended_reason=reason)
    if ended:
        events.sessions_ended(session.user)
    return bool(ended)


@transaction.atomic
def revoke_session(session: LoginSession, *, by: User) -> bool:
    """Somebody ends it from elsewhere. False if it had ended before."""
    ended = end_session(session, reason=REVOKED)
    if ended:
        record("login.ended", session.user, by=by, device=session.user_agent)
    return ended


@transaction.atomic
def end_other_sessions(user: User, *, but: LoginSession, by: User) -> int:
    """How many were ended."""
    ended = end_sessions_of(user, reason=REVOKED, but=but)
    if ended:
        record("login.others_ended", user, by=by, count=ended)
    return ended


def end_sessions_of(user: User, *, reason: str, but: LoginSession | None = None) -> int:
    """How many were ended. The caller's transaction."""
    living = LoginSession.objects.filter(user=user, ended_at=None)
    if but is not None:
        living = living.exclude(pk=but.pk)
    ended = living.update(ended_at=now(), ended_reason=reason)
    if ended:
        events.sessions_ended(user)
    return ended
