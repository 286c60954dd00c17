"""Doors for machines, before anything asks which company is meant: `/metrics` for Prometheus, `/ops/host/` for the proxy's certificates.

A scraper and a proxy come over the private network, under names that no company has.
"""

import hmac
import ipaddress
import re
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from config import metrics
from tenants.lib.directory import company_by_host
from tenants.middleware import is_shared_host

HOST = re.compile(r"[a-z0-9.-]{1,253}")
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")

log = structlog.get_logger(__name__)


class MachinesMiddleware:
    """Answers machines, and counts what everybody else is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.doors = {"/metrics": scrape, "/ops/host": is_host_ours}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        door = self.doors.get(request.path_info.rstrip("/"))
        if door is not None:
            return door(request)
        started = time.perf_counter()
        response = self.get_response(request)
        metrics.count_request(request, response, seconds=time.perf_counter() - started)
        return response


def scrape(request: HttpRequest) -> HttpResponse:
    """The metrics, for whoever knows METRICS_TOKEN, and for this machine itself. Others are told that there is nothing."""
    if not (_knows_the_token(request) or _is_this_machine(request)):
        return HttpResponse("Not found.\n", status=404, content_type="text/plain")
    return HttpResponse(metrics.rendered(), content_type=metrics.CONTENT_TYPE)


def is_host_ours(request: HttpRequest) -> HttpResponse:
    """200 when somebody is met at `?domain=`: only for such names does the proxy fetch a certificate."""
    domain = request.GET.get("domain", "").lower()
    try:
        is_ours = bool(HOST.fullmatch(domain)) and (is_shared_host(domain) or company_by_host(domain) is not None)
    except DatabaseError as error:
        log.warning("database_down", error=str(error))
        return HttpResponse("unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("yes\n" if is_ours else "no\n", status=200 if is_ours else 404, content_type="text/plain")


def _knows_the_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())


def _is_this_machine(request: HttpRequest) -> bool:
    """A call from the loopback address that no proxy has passed on."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
