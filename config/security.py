"""What browsers may do with our pages: one content security policy for each kind of page, and the headers that all answers share."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# Where signed links lead when files are in an object storage.
FILES = f" {settings.STORAGE_ORIGIN}" if settings.STORAGE_ORIGIN else ""
CLOSED = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
# The SPA: our own scripts and styles, nothing inline but by nonce.
APP = (
    f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{{nonce}}'; font-src 'self'; img-src 'self' data: blob:{FILES}; "
    f"media-src 'self' blob:{FILES}; connect-src 'self'{FILES}; worker-src 'self'; manifest-src 'self'; {CLOSED}"
)
# The admin. No inline script; what remains open is unfold's: Alpine.js builds functions from attributes ('unsafe-eval'), and htmx,
# the theme's colours and a few templates write styles into the page ('unsafe-inline', for styles alone).
ADMIN = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    f"connect-src 'self'; {CLOSED}"
)
# The API's docs page: Swagger UI from our own host, its few inline styles.
DOCS = f"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; {CLOSED}"
# JSON, files, errors: nothing that a browser should run, whatever somebody put in.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Voice notes want the microphone, pictures the camera, places the position; nobody else in the page gets anything.
OURS = ("autoplay", "camera", "clipboard-write", "fullscreen", "geolocation", "microphone")
NOBODYS = ("accelerometer", "browsing-topics", "display-capture", "gyroscope", "hid", "magnetometer", "midi", "payment",
           "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking")  # fmt: skip
PERMISSIONS = ", ".join([*(f"{name}=(self)" for name in OURS), *(f"{name}=()" for name in NOBODYS)])


class SecurityHeadersMiddleware:
    """Gives each request `csp_nonce`, and each answer its policy: the view's (`response.policy`), or that of its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        policy = getattr(response, "policy", None) or _policy_of(request.path_info)
        # Vite's own server injects scripts while one develops.
        is_developed = policy is APP and settings.DJANGO_VITE["default"]["dev_mode"]
        # A worker would take the policy of its own script for its own.
        if not is_developed and not request.path_info.startswith(settings.STATIC_URL):
            response.headers.setdefault("Content-Security-Policy", policy.replace("{nonce}", nonce))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def _policy_of(path: str) -> str:
    if path.startswith("/admin"):
        return ADMIN
    return DOCS if path.startswith("/api/v1/docs") else NOTHING
