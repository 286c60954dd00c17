"""How fast the API may be called: so much a minute for each person, each key and each address of strangers, and less of what is dear.

A view names what is dear about it by `bucket`: `{"post": "exports"}` (a viewset's actions, or HTTP methods). `settings.API_RATES` says
how many a minute; 0 is no limit. Who only guesses passwords is counted in `services/login_limits.py`.
"""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import User
from tenants.lib.rates import count
from tenants.lib.tenancy import current_company
from tenants.lib.visitor import address_of

WINDOW_SECONDS = 60
# While Valkey does not answer everybody may pass, and it is not asked again for so long: nobody waits for its timeout.
SILENT_SECONDS = 5.0

log = structlog.get_logger(__name__)


class _Valkey:
    silent_until = 0.0


class ApiThrottle(BaseThrottle):
    """429 with Retry-After when one of the caller's buckets is full. Fails open."""

    def __init__(self) -> None:
        self.resets_in = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        buckets = {name: settings.API_RATES[name] for name in _buckets_of(request, view) if settings.API_RATES[name]}
        if not buckets or time.monotonic() < _Valkey.silent_until:
            return True
        who = _who(request)
        try:
            counts = count(*[f"{who}:{name}" for name in buckets], window_seconds=WINDOW_SECONDS)
        except RedisError as error:
            _Valkey.silent_until = time.monotonic() + SILENT_SECONDS
            log.warning("rates_not_counted", error=str(error))
            return True
        left = {name: buckets[name] - counted.number for name, counted in zip(buckets, counts, strict=True)}
        tightest = min(left, key=lambda name: left[name])
        self.resets_in = max(counted.resets_in for name, counted in zip(buckets, counts, strict=True) if left[name] <= left[tightest])
        request._request.rate_limit = (buckets[tightest], max(left[tightest], 0), self.resets_in)  # type: ignore[attr-defined]
        return left[tightest] >= 0

    def wait(self) -> float:
        return self.resets_in


class RateLimitHeadersMiddleware:
    """Tells callers how much is left: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-06"""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        limit = getattr(request, "rate_limit", None)
        if limit is not None:
            most, left, resets_in = limit
            response.headers["RateLimit-Limit"] = str(most)
            response.headers["RateLimit-Remaining"] = str(left)
            response.headers["RateLimit-Reset"] = str(resets_in)
            response.headers["RateLimit-Policy"] = f"{most};w={WINDOW_SECONDS}"
        return response


def _buckets_of(request: Request, view: Any) -> list[str]:
    door = getattr(view, "action", None) or (request.method or "").lower()
    dear = getattr(view, "bucket", {}).get(door)
    usual = "address" if not isinstance(request.user, User) else "key" if request.user.is_api_key else "user"
    return [usual, dear] if dear else [usual]


def _who(request: Request) -> str:
    """A key of the company's own corner: the same number is somebody else in another company."""
    if isinstance(request.user, User):
        return f"{current_company().slug}:rate:user:{request.user.pk}"
    return f"{current_company().slug}:rate:address:{address_of(request) or 'unknown'}"
