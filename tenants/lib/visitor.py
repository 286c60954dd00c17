"""From which address a request comes: for limits, for logins, and for the audit log."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

_address: ContextVar[str | None] = ContextVar("visitor_address", default=None)


def address_of(request: HttpRequest | Request) -> str | None:
    """The visitor's IP address; None when there is none to believe.

    Each proxy of ours appends to X-Forwarded-For whom it saw itself. So with PROXY_HOPS of them the visitor is that many places from the
    end, and what stands further left was written by the visitor. A shorter list did not come through our proxies: nobody is believed.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_HOPS:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        said = chain[-settings.PROXY_HOPS] if len(chain) >= settings.PROXY_HOPS else said
    try:
        return str(ipaddress.ip_address(said.removeprefix("[").partition("]")[0]))
    except ValueError:
        return None


@contextmanager
def visited_from(address: str | None) -> Iterator[None]:
    """Until the block ends, this is whom we work for."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def visitor_address() -> str | None:
    """The address that the running request came from; None in workers and commands."""
    return _address.get()
