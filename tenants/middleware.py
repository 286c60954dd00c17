"""The HTTP edge: which company a request is for, and into its schema with it."""

import re
import uuid
from collections.abc import Callable

import jwt
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tenants.lib.directory import company_by_host, company_by_id, company_by_slug
from tenants.lib.errors import ApplicationError, error_body
from tenants.lib.tenancy import enter
from tenants.lib.visitor import address_of, visited_from
from tenants.models import PLATFORM, Company

COMPANY_CLAIM = "company"
API_KEY = re.compile(r"recado_(\d{1,18})_")
REQUEST_ID = re.compile(r"[\w.:-]{1,64}")


class CompanyMiddleware:
    """Sets `request.company` and enters it. Adds the company and the request's id to every line that is logged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = _request_id(request)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self._answer(request)
        response.headers["X-Request-Id"] = request_id
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        host = _host(request)
        try:
            company = company_of_request(host, request.headers.get("Authorization", ""))
        except ApplicationError as refusal:
            return _refuse(request, refusal)
        except (OperationalError, InterfaceError):
            return _refuse(request, ApplicationError(_("The database is down. Try again."), code="unavailable", status=503))
        request.company = company  # type: ignore[attr-defined]
        if company.is_platform and not is_shared_host(host):
            request.urlconf = settings.PLATFORM_URLCONF  # type: ignore[attr-defined]
        with enter(company), visited_from(address_of(request)):
            return self.get_response(request)


def company_of_request(host: str, authorization: str) -> Company:
    """The active company that a host and an Authorization header mean together; on the shared host without a token, the platform.

    Raises ApplicationError: 404 unknown_host, 401 when the token names another company or none, 403 company_suspended.
    """
    named = company_named_by(authorization)
    if is_shared_host(host):
        company = company_by_slug(PLATFORM) if named is None else company_by_id(named)
        if company is None and named is None:
            raise ApplicationError(_("This installation is not ready yet."), code="not_migrated", status=503)
        if company is None or company.state == Company.State.DELETED:
            raise ApplicationError(_("This token is not valid."), code="authentication_failed", status=401)
    else:
        company = company_by_host(host)
        if company is None or company.state == Company.State.DELETED:
            raise ApplicationError(_("There is no company at this address."), code="unknown_host", status=404)
        if named is not None and named != company.pk:
            raise ApplicationError(_("This token belongs to another company."), code="wrong_company", status=401)
    if company.state == Company.State.SUSPENDED:
        raise ApplicationError(_("This company is suspended. Ask its owner or the platform."), code="company_suspended", status=403)
    return company


def company_named_by(authorization: str) -> int | None:
    """The company id inside a token of ours or an API key; None when there is none to read. It proves nothing yet."""
    kind, _space, secret = authorization.partition(" ")
    if kind.lower() == "api-key":
        found = API_KEY.match(secret.strip())
        return int(found[1]) if found else None
    if kind.lower() != "bearer":
        return None
    try:
        # An expired one still says whose it was: its own company's door refuses it.
        claims = jwt.decode(
            secret.strip(),
            str(settings.SIMPLE_JWT["SIGNING_KEY"]),
            algorithms=[str(settings.SIMPLE_JWT["ALGORITHM"])],
            options={"verify_exp": False, "verify_aud": False},
        )
    except jwt.PyJWTError:
        return None
    company_id = claims.get(COMPANY_CLAIM)
    return company_id if isinstance(company_id, int) else None


def is_shared_host(host: str) -> bool:
    """Whether the host names no company: BASE_DOMAIN itself, and what else the settings list."""
    return host == settings.BASE_DOMAIN or host in getattr(settings, "SHARED_HOSTS", ("127.0.0.1", "[::1]"))


def _host(request: HttpRequest) -> str:
    host = request.get_host().lower()
    name, _colon, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).rstrip(".")


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _refuse(request: HttpRequest, refusal: ApplicationError) -> HttpResponse:
    """In the browser's language: LocaleMiddleware comes only after this one."""
    with translation.override(translation.get_language_from_request(request)):
        return _refusal_in_words(request, refusal)


def _refusal_in_words(request: HttpRequest, refusal: ApplicationError) -> HttpResponse:
    if request.path.startswith("/api/") or not request.accepts("text/html"):
        response: HttpResponse = JsonResponse(
            error_body(code=refusal.code, detail=refusal.message, status=refusal.status), status=refusal.status
        )
    else:
        page = render_to_string("tenants/refused.html", {"message": refusal.message, "status": refusal.status})
        response = HttpResponse(page, status=refusal.status)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
