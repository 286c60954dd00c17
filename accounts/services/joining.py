"""From the link of an invitation to a person who is logged in."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.mail_links import InvitationClaims
from accounts.models import Invitation, User
from accounts.services.auditing import record
from accounts.services.logging_in import LoggedIn
from accounts.services.sessions import open_session
from accounts.services.team import lock_team, refuse_beyond_plan, set_password
from accounts.tokens import access_token, refresh_token
from accounts.types import Device
from tenants.lib.announcing import announce
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.services.logins import remember_login


def usable_invitation(claims: InvitationClaims) -> Invitation:
    """What the link opens. Raises ApplicationError: `invitation_used`, `invitation_withdrawn`, `invitation_expired` (all 410),
    `invitation_unknown` (404), `email_taken` (409)."""
    invitation = Invitation.objects.select_related("invited_by").filter(pk=claims.invitation_id).first()
    if invitation is None:
        raise ApplicationError(_("This invitation does not exist."), code="invitation_unknown", status=404)
    if invitation.accepted_at is not None:
        raise ApplicationError(_("This invitation was used already. Log in."), code="invitation_used", status=410)
    if invitation.withdrawn_at is not None:
        raise ApplicationError(_("This invitation was withdrawn."), code="invitation_withdrawn", status=410)
    if invitation.nonce != claims.nonce:
        raise ApplicationError(
            _("A newer invitation was sent: open the link of the latest e-mail."), code="invitation_replaced", status=410
        )
    if invitation.expires_at <= now():
        raise ApplicationError(_("This invitation has expired. Ask for a new one."), code="invitation_expired", status=410)
    if User.objects.filter(email=invitation.email).exists():
        raise ApplicationError(_("You are in this company already. Log in."), code="email_taken", status=409)
    return invitation


@transaction.atomic
def join(claims: InvitationClaims, *, name: str, password: str, device: Device) -> LoggedIn:
    """Raises like `usable_invitation`, PlanLimit, and ApplicationError `weak_password`. Of two at once one gets in."""
    lock_team()
    Invitation.objects.select_for_update().filter(pk=claims.invitation_id).first()
    invitation = usable_invitation(claims)
    refuse_beyond_plan()
    user = User(email=invitation.email, name=name.strip(), role=invitation.role, locale=invitation.locale, last_login=now())
    set_password(user, password, field="password")
    user.save()
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now(), user=user)
    company = current_company()
    remember_login(email=user.email, company=company)
    announce("user.joined", user_id=user.pk, queue_ids=invitation.queue_ids)
    record("user.joined", user, by=user)
    events.user_changed(user)
    session = open_session(user, device=device)
    access, refresh = access_token(company, session), refresh_token(company, session)
    return LoggedIn(company=company, user=user, session=session, access=access, refresh=refresh)
