"""The links in our e-mails. Each is signed and names its company, so that it opens at the shared host too. Nothing of them is stored:
an invitation's link is signed from its nonce, the one for a new password from what changes with the password."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

from accounts.models import Invitation, User
from tenants.lib.hosts import url_of
from tenants.lib.tenancy import current_company

INVITATION, PASSWORD_RESET = "recado.invitation", "recado.password-reset"
RESET_SECONDS = 3600


class LinkExpired(ValueError):
    """It was good once."""


class LinkUnknown(ValueError):
    """Nobody here signed that."""


@dataclass(frozen=True)
class InvitationClaims:
    company_id: int
    invitation_id: int
    nonce: str


@dataclass(frozen=True)
class ResetClaims:
    company_id: int
    user_id: int
    secret: str


def invitation_link(invitation: Invitation) -> str:
    """For the company entered now; good until the invitation gets another nonce."""
    return f"{home()}/app/join/{invitation_token(invitation)}"


def invitation_token(invitation: Invitation) -> str:
    return TimestampSigner(salt=INVITATION).sign_object([current_company().pk, invitation.pk, invitation.nonce])


def reset_link(user: User) -> str:
    """For the company entered now; good for RESET_SECONDS, once: a new password, a login or a new e-mail ends it."""
    return f"{home()}/app/reset/{reset_token(user)}"


def reset_token(user: User) -> str:
    return TimestampSigner(salt=PASSWORD_RESET).sign_object([current_company().pk, user.pk, default_token_generator.make_token(user)])


def read_invitation_token(token: str) -> InvitationClaims:
    """Raises LinkUnknown. When it ends, the invitation says."""
    return InvitationClaims(*_read(token, INVITATION))


def read_reset_token(token: str) -> ResetClaims:
    """Raises LinkExpired or LinkUnknown. Whether it was used, `opens_for` says."""
    return ResetClaims(*_read(token, PASSWORD_RESET, max_age=RESET_SECONDS))


def opens_for(claims: ResetClaims, user: User) -> bool:
    return default_token_generator.check_token(user, claims.secret)


def home() -> str:
    """The platform's own host has no pages of the app; the shared one has, and serves everybody."""
    company = current_company()
    return settings.PUBLIC_URL if company.is_platform else url_of(company)


def _read(token: str, salt: str, max_age: int | None = None) -> tuple[Any, ...]:
    try:
        company_id, row_id, secret = TimestampSigner(salt=salt).unsign_object(token, max_age=max_age)
    except SignatureExpired as error:
        raise LinkExpired from error
    except (BadSignature, ValueError, TypeError) as error:
        raise LinkUnknown from error
    return company_id, row_id, secret
