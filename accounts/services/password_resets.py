"""A new password for who forgot it, by e-mail. Whoever asks learns nothing about who works where."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.mail_links import ResetClaims, opens_for
from accounts.models import User
from accounts.selectors import user_by_email
from accounts.services.auditing import record
from accounts.services.letters import write_password_reset
from accounts.services.sessions import PASSWORD_CHANGED, end_sessions_of
from accounts.services.team import set_password
from tenants.lib.directory import company_by_id
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import enter
from tenants.services.logins import companies_with_login


def begin_password_reset(*, email: str, company_id: int | None) -> int:
    """A letter from each active company where this address may log in, or from that one alone; how many. Outside of every company."""
    companies = companies_with_login(email)
    if company_id is not None:
        companies = [company for company in companies if company.pk == company_id]
    written = 0
    for found in companies:
        company = company_by_id(found.pk)
        if company is None or not company.is_active:
            continue
        with enter(company):
            user = user_by_email(email)
            if user is not None and user.is_active:
                write_password_reset(user)
                written += 1
    return written


def user_to_reset(claims: ResetClaims) -> User:
    """Whose password the link changes. Raises ApplicationError `link_used` (410)."""
    user = User.objects.filter(pk=claims.user_id, is_active=True, is_api_key=False).first()
    if user is None or not opens_for(claims, user):
        raise ApplicationError(_("This link was used already, or is not needed any more. Ask for a new one."), code="link_used", status=410)
    return user


@transaction.atomic
def finish_password_reset(claims: ResetClaims, *, password: str) -> User:
    """Every session of the person ends. Raises ApplicationError `link_used` (410) or `weak_password`."""
    # Of two at once the second sees the first one's password, and its link is used.
    User.objects.select_for_update().filter(pk=claims.user_id).first()
    user = user_to_reset(claims)
    set_password(user, password, field="password")
    user.save(update_fields=["password"])
    record("user.password_forgotten", user, by=user)
    end_sessions_of(user, reason=PASSWORD_CHANGED)
    return user
