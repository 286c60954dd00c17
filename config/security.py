"""The content security policy of the SPA's pages: our own scripts and styles, nothing inline but by nonce."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; font-src 'self'; img-src 'self' data: blob:{files}; "
    "media-src 'self' blob:{files}; connect-src 'self'{files}; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# Where signed links lead when files are in an object storage.
FILES = f" {settings.STORAGE_ORIGIN}" if settings.STORAGE_ORIGIN else ""


class ContentSecurityPolicyMiddleware:
    """Gives each request `csp_nonce`; pages that used it (`response.csp_nonce_used`) get the strict policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if getattr(response, "has_strict_policy", False) and not settings.DJANGO_VITE["default"]["dev_mode"]:
            policy = POLICY.format(nonce=request.csp_nonce, files=FILES)  # type: ignore[attr-defined]
            response["Content-Security-Policy"] = policy
        return response
