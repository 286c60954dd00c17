"""Who asks: the bearer of one of our access tokens, if their session still lives and they still work here; or an API key."""

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import selectors
from accounts.models import ApiKey, LoginSession, User
from accounts.services.api_keys import KeyRefused, open_with
from accounts.services.sessions import note_use
from accounts.tokens import TokenExpired, TokenInvalid, read_access_token
from tenants.lib.tenancy import current_company


class CompanyTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>` of the company that was entered. Other schemes are left to other classes."""

    def authenticate(self, request: Request) -> tuple[User, LoginSession] | None:
        scheme, _space, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        try:
            claims = read_access_token(token.decode("latin-1").strip())
        except TokenExpired:
            raise AuthenticationFailed(_("This token has expired."), code="token_expired")
        except TokenInvalid:
            raise AuthenticationFailed(_("This token is not valid."), code="token_invalid")
        if claims.company_id != current_company().pk:
            raise AuthenticationFailed(_("This token belongs to another company."), code="wrong_company")
        session = selectors.living_session(claims.session_id)
        if session is None or session.user_id != claims.user_id:
            raise AuthenticationFailed(_("This login has ended. Log in again."), code="session_ended")
        note_use(session)
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Api-Key <key>`. What the key does is done by its own user, with its scopes and nothing else."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _space, text = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"api-key":
            return None
        try:
            key = open_with(text.decode("latin-1").strip())
        except KeyRefused as refusal:
            raise AuthenticationFailed(str(refusal.words), code=refusal.code)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return "Api-Key"
