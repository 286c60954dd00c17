"""The hot path: one `Outgoing` into one POST. About 100 µs of CPU per message, so nothing is built twice.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

import asyncio
import json
from datetime import timedelta
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PoolTimeoutError, PyreqwestError
from pyreqwest.response import Response

from connectors.providers.cloud_api.documents import document_for, mark_read_document
from connectors.providers.cloud_api.errors import error_from
from connectors.providers.cloud_api.people import address_of
from connectors.types import Link, Outgoing, Policy, ProviderError, Sent
from tenants.lib.addresses import Address, AddressKind

CONNECT_TIMEOUT = timedelta(seconds=5)
TIMEOUT = timedelta(seconds=30)
# Meta closes idle connections; a shorter wait of ours keeps a request from racing with that close.
IDLE_TIMEOUT = timedelta(seconds=20)
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Client] = WeakKeyDictionary()


async def send(link: Link, outgoing: Outgoing) -> Sent:
    """One POST, never repeated here. Policy.RETRY only when no byte left; once it may have left, an unclear end is Policy.UNKNOWN."""
    return read_answer(*await _post(link, orjson.dumps(document_for(outgoing))))


async def mark_read(link: Link, external_id: str, *, is_typing: bool) -> None:
    """Doing it twice does no harm, so an unclear end may be tried again."""
    response, body = await _post(link, orjson.dumps(mark_read_document(external_id, is_typing=is_typing)))
    answer = _decode(body)
    if not (200 <= response.status < 300 and isinstance(answer, dict) and answer.get("success") is True):
        raise error_from(response.status, answer, retry_after_seconds=_pause_asked_for(response))


async def _post(link: Link, body: bytes) -> tuple[Response, bytes]:
    url, headers = door_of(link)
    try:
        response = await _client().post(url).headers(headers).body_bytes(body).build().send()
        return response, bytes(await response.bytes())
    except PyreqwestError as error:
        raise _outcome_of(error) from None


def door_of(link: Link) -> tuple[str, dict[str, str]]:
    """Where a connection's messages go, and the headers, kept per connection."""
    credentials = link.credentials
    return _door(
        settings.GRAPH_URL,
        settings.GRAPH_VERSION,
        str(credentials.get("phone_number_id") or ""),
        str(credentials.get("access_token") or ""),
    )


@lru_cache(maxsize=2048)
def _door(graph_url: str, version: str, phone_number_id: str, access_token: str) -> tuple[str, dict[str, str]]:
    if not phone_number_id.isalnum() or not access_token or not all("!" <= letter <= "~" for letter in access_token):
        raise ProviderError("credentials_missing", _("This connection has no valid phone number id or access token."), Policy.PAUSE_NUMBER)
    url = f"{graph_url.rstrip('/')}/{version}/{phone_number_id}/messages"
    return url, {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}


def read_answer(response: Response, body: bytes) -> Sent:
    """200 means taken, not sent. Anything that is neither a message id nor a Graph error leaves the outcome unknown."""
    answer = _decode(body)
    if 200 <= response.status < 300 and isinstance(answer, dict) and "error" not in answer:
        try:
            external_id = answer["messages"][0]["id"]
            contact = (answer.get("contacts") or [{}])[0]
        except (KeyError, IndexError, TypeError):
            external_id = None
        if external_id:
            return Sent(str(external_id), addresses=_addresses(contact))
    raise error_from(response.status, answer, retry_after_seconds=_pause_asked_for(response))


def _addresses(contact: Any) -> tuple[Address, ...]:
    """Who really got it: the phone may differ from what was dialled (Brazil's ninth digit), the business-scoped id may be new."""
    if not isinstance(contact, dict):
        return ()
    phone, user_id = contact.get("wa_id"), contact.get("user_id")
    addresses = (address_of(phone),) if phone else ()
    return (*addresses, Address(AddressKind.BSUID, user_id)) if user_id and user_id != phone else addresses


def _decode(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _pause_asked_for(response: Response) -> float | None:
    """Seconds, from Retry-After or from X-Business-Use-Case-Usage (which counts minutes, per account)."""
    asked = response.get_header("retry-after") or ""
    if asked.isdecimal():
        return float(asked)
    try:
        usage = json.loads(response.get_header("x-business-use-case-usage") or "{}")
        minutes = max(item.get("estimated_time_to_regain_access", 0) for items in usage.values() for item in items)
    except (ValueError, AttributeError, TypeError):
        return None
    return minutes * 60.0 or None


def _outcome_of(error: PyreqwestError) -> ProviderError:
    """Only a failure while connecting proves that nothing left. pyreqwest's classes do not tell: it names a connection that was
    closed after the request, and a timeout while waiting for the answer, ConnectError and ConnectTimeoutError too; its causes do."""
    if isinstance(error, PoolTimeoutError) or _failed_while_connecting(error):
        return ProviderError("gateway_unreachable", _("WhatsApp cannot be reached. The message is tried again."), Policy.RETRY)
    return ProviderError("no_answer", _("WhatsApp did not answer, so nobody knows whether the message was taken."), Policy.UNKNOWN)


def _failed_while_connecting(error: PyreqwestError) -> bool:
    if not isinstance(error, DetailedPyreqwestError):
        return False
    return any(cause["message"] == "client error (Connect)" for cause in error.details["causes"] or [])


def _client() -> Client:
    """One client per event loop: its connections belong to that loop and are kept alive between messages."""
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        builder = ClientBuilder().connect_timeout(CONNECT_TIMEOUT).timeout(TIMEOUT).pool_idle_timeout(IDLE_TIMEOUT)
        client = builder.follow_redirects(False).tcp_nodelay(True).build()
        _clients[loop] = client
    return client
