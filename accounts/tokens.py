"""Signed tokens: a short access token that says who asks, and a refresh token that names its session's newest turn.

Neither is believed alone: every request looks at the session and its user (authentication.py), so both end at once.
"""

import datetime
from dataclasses import dataclass
from typing import Any

import jwt
from django.conf import settings

from accounts.models import LoginSession
from tenants.lib.clock import now
from tenants.models import Company

ACCESS, REFRESH = "access", "refresh"


class TokenExpired(Exception):
    pass


class TokenInvalid(Exception):
    pass


@dataclass(frozen=True)
class AccessClaims:
    company_id: int
    user_id: int
    session_id: int


@dataclass(frozen=True)
class RefreshClaims:
    company_id: int
    session_id: int
    jti: str


def access_token(company: Company, session: LoginSession) -> str:
    return _sign(
        {
            "token_type": ACCESS,
            "company": company.pk,
            "schema": company.schema_name,
            "user": session.user_id,
            "session": session.pk,
            "role": session.user.role,
            "iat": now(),
            "exp": now() + _jwt_settings()["ACCESS_TOKEN_LIFETIME"],
        }
    )


def refresh_token(company: Company, session: LoginSession) -> str:
    """The session's newest refresh token: the same row gives the same text."""
    return _sign(
        {
            "token_type": REFRESH,
            "company": company.pk,
            "schema": company.schema_name,
            "user": session.user_id,
            "session": session.pk,
            "jti": session.current_jti,
            "iat": session.rotated_at,
            "exp": session.expires_at,
        }
    )


def read_access_token(token: str) -> AccessClaims:
    """Raises TokenExpired or TokenInvalid."""
    claims = _read(token, ACCESS)
    return AccessClaims(company_id=claims["company"], user_id=claims["user"], session_id=claims["session"])


def read_refresh_token(token: str) -> RefreshClaims:
    """Raises TokenExpired or TokenInvalid."""
    claims = _read(token, REFRESH)
    return RefreshClaims(company_id=claims["company"], session_id=claims["session"], jti=claims.get("jti", ""))


def next_expiry() -> datetime.datetime:
    """Until when a refresh token that is signed now is good."""
    return now() + _jwt_settings()["REFRESH_TOKEN_LIFETIME"]


def _jwt_settings() -> dict[str, Any]:
    return settings.SIMPLE_JWT


def _sign(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, _jwt_settings()["SIGNING_KEY"], algorithm=_jwt_settings()["ALGORITHM"])


def _read(token: str, kind: str) -> dict[str, Any]:
    try:
        claims = jwt.decode(
            token,
            _jwt_settings()["SIGNING_KEY"],
            algorithms=[_jwt_settings()["ALGORITHM"]],
            options={"require": ["exp", "token_type", "company", "user", "session"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenExpired from error
    except jwt.PyJWTError as error:
        raise TokenInvalid from error
    numbers = (claims["company"], claims["user"], claims["session"])
    if claims["token_type"] != kind or not all(isinstance(number, int) for number in numbers):
        raise TokenInvalid
    return claims
