"""HTTP to addresses that a company typed, or that came with a gateway's call: never into the operator's own network.

`with outbound_session() as session: session.get(...)`. A name is resolved once, and what it stands for is what is connected to; private,
loopback and otherwise special addresses are refused with OutboundRefused, also behind each redirect. The operator may allow some
(`OUTBOUND_ALLOWED`: networks, addresses, or names). Calls to addresses of the operator's own choice (settings) need none of this.
"""

import ipaddress
from collections.abc import Iterator
from functools import cache
from time import monotonic
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter

MOST_REDIRECTS = 5
TIMEOUT_SECONDS = (5, 20)
PIECE_BYTES = 64 * 1024

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class OutboundRefused(requests.RequestException):
    """The address leads to where companies may not reach."""


class TooMuch(requests.RequestException):
    """The answer is larger, or takes longer, than was allowed."""


class _Adapter(IPFilterAdapter):
    def build_connection_pool_key_attributes(self, request, verify, cert=None):  # type: ignore[no-untyped-def]
        host = str(urlsplit(request.url).hostname or "").lower()
        names, networks = allowed()
        if host in names:
            return HTTPAdapter.build_connection_pool_key_attributes(self, request, verify, cert)
        try:
            return super().build_connection_pool_key_attributes(request, verify, cert)
        except InvalidIPAddress as refusal:
            address = refusal.args[0]
            if not any(address.version == network.version and address in network for network in networks):
                raise OutboundRefused(f"{host} leads to {address}, which is not a public address.") from None
        # Allowed by its address: what it was resolved to is what is connected to, here too.
        parts, pool = HTTPAdapter.build_connection_pool_key_attributes(self, request, verify, cert)
        if self._is_https_proto:
            pool |= {"assert_hostname": host, "server_hostname": host}  # type: ignore[misc]
        return parts | {"host": f"[{address}]" if address.version == 6 else str(address)}, pool


def outbound_session() -> requests.Session:
    """No proxy of the environment, no cookies kept from call to call beyond the session, few redirects."""
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = MOST_REDIRECTS
    session.mount("http://", _Adapter(is_https_proto=False))
    session.mount("https://", _Adapter(is_https_proto=True))
    return session


def pieces_of(response: requests.Response, *, most_bytes: int, seconds: float) -> Iterator[bytes]:
    """The body piece by piece. TooMuch when it announces or sends more than `most_bytes`, or is not through in time."""
    until = monotonic() + seconds
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > most_bytes:
        raise TooMuch(f"The answer announces {announced} bytes; {most_bytes} are taken.")
    size = 0
    for piece in response.iter_content(PIECE_BYTES):
        size += len(piece)
        if size > most_bytes:
            raise TooMuch(f"The answer is longer than {most_bytes} bytes.")
        if monotonic() > until:
            raise TooMuch(f"The answer takes longer than {seconds:g} seconds.")
        yield piece


def allowed() -> tuple[frozenset[str], tuple[Network, ...]]:
    """What the operator allows beside public addresses: names, and networks."""
    return _read(tuple(settings.OUTBOUND_ALLOWED))


@cache
def _read(given: tuple[str, ...]) -> tuple[frozenset[str], tuple[Network, ...]]:
    names, networks = set(), []
    for word in given:
        try:
            networks.append(ipaddress.ip_network(word, strict=False))
        except ValueError:
            names.add(word.lower())
    return frozenset(names), tuple(networks)
