"""Doors for people who have no token yet."""

from django.conf import settings
from django.http.request import split_domain_port
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import LoginSession
from accounts.services.login_limits import TooManyAttempts
from accounts.types import Device
from tenants.lib.directory import company_by_host
from tenants.lib.parsing import PlainJSONParser
from tenants.lib.visitor import address_of
from tenants.models import Company

REFRESH_COOKIE = "recado_refresh"
REFRESH_COOKIE_PATH = "/api/v1/auth/"


class OpenDoor(APIView):
    """A door for people who have no token yet. JSON only: a form on somebody else's page cannot post it."""

    authentication_classes = []
    permission_classes = [AllowAny]
    parser_classes = [PlainJSONParser]

    def get_authenticate_header(self, request: Request) -> str:
        """Without it a refused token would be a 403."""
        return "Bearer"

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, TooManyAttempts):
            response["Retry-After"] = str(exc.retry_after_seconds)
        return response


def company_of_host(request: Request) -> Company | None:
    """None on the shared host, which names no company."""
    host, _port = split_domain_port(request.get_host())
    return company_by_host(host.lower())


def device_of(request: Request) -> Device:
    return Device(address=address_of(request), user_agent=request.headers.get("User-Agent", ""))


def with_cookie(response: Response, token: str, session: LoginSession) -> Response:
    response.set_cookie(
        REFRESH_COOKIE,
        token,
        expires=session.expires_at,
        path=REFRESH_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
