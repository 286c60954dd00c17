"""The hot path: one `Outgoing` into one POST. About 100 µs of CPU per message, so nothing is built twice.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

import json
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from connectors.providers.cloud_api.documents import document_for, mark_read_document
from connectors.providers.cloud_api.errors import error_from
from connectors.providers.cloud_api.people import address_of
from connectors.types import Link, Outgoing, Policy, ProviderError, Sent
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.posting import Answer, Door, NoAnswer, NotSent, Patience, door_to, post
from tenants.lib.posting_by_proxy import post_by_proxy

PATIENCE = Patience(connect_seconds=5, answer_seconds=30)


async def send(link: Link, outgoing: Outgoing) -> Sent:
    """One POST, never repeated here. Policy.RETRY only when no byte left; once it may have left, an unclear end is Policy.UNKNOWN."""
    return read_answer(await _post(link, orjson.dumps(document_for(outgoing))))


async def mark_read(link: Link, external_id: str, *, is_typing: bool) -> None:
    """Doing it twice does no harm, so an unclear end may be tried again."""
    answer = await _post(link, orjson.dumps(mark_read_document(external_id, is_typing=is_typing)))
    said = _decode(answer.body)
    if not (200 <= answer.status < 300 and isinstance(said, dict) and said.get("success") is True):
        raise error_from(answer.status, said, retry_after_seconds=_pause_asked_for(answer))


async def _post(link: Link, body: bytes) -> Answer:
    door = door_of(link)
    try:
        return await (post_by_proxy if door.has_proxy else post)(door, body, PATIENCE)
    except NotSent:
        raise ProviderError("gateway_unreachable", _("WhatsApp cannot be reached. The message is tried again."), Policy.RETRY) from None
    except NoAnswer:
        words = _("WhatsApp did not answer, so nobody knows whether the message was taken.")
        raise ProviderError("no_answer", words, Policy.UNKNOWN) from None


def door_of(link: Link) -> Door:
    """Where a connection's messages go; kept per connection."""
    credentials = link.credentials
    return _door(
        settings.GRAPH_URL,
        settings.GRAPH_VERSION,
        str(credentials.get("phone_number_id") or ""),
        str(credentials.get("access_token") or ""),
    )


@lru_cache(maxsize=2048)
def _door(graph_url: str, version: str, phone_number_id: str, access_token: str) -> Door:
    if (
        not (phone_number_id.isascii() and phone_number_id.isalnum())
        or not access_token
        or not all("!" <= letter <= "~" for letter in access_token)
    ):
        raise ProviderError("credentials_missing", _("This connection has no valid phone number id or access token."), Policy.PAUSE_NUMBER)
    url = f"{graph_url.rstrip('/')}/{version}/{phone_number_id}/messages"
    return door_to(url, {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"})


def read_answer(answer: Answer) -> Sent:
    """200 means taken, not sent. Anything that is neither a message id nor a Graph error leaves the outcome unknown."""
    said = _decode(answer.body)
    if 200 <= answer.status < 300 and isinstance(said, dict) and "error" not in said:
        try:
            external_id = said["messages"][0]["id"]
            contact = (said.get("contacts") or [{}])[0]
        except (KeyError, IndexError, TypeError):
            external_id = None
        if external_id:
            return Sent(str(external_id), addresses=_addresses(contact))
    raise error_from(answer.status, said, retry_after_seconds=_pause_asked_for(answer))


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


def _pause_asked_for(answer: Answer) -> float | None:
    """Seconds, from Retry-After or from X-Business-Use-Case-Usage (which counts minutes, per account)."""
    asked = answer.headers.get("retry-after", "")
    if asked.isdecimal():
        return float(asked)
    try:
        usage = json.loads(answer.headers.get("x-business-use-case-usage") or "{}")
        minutes = max(item.get("estimated_time_to_regain_access", 0) for items in usage.values() for item in items)
    except (ValueError, AttributeError, TypeError):
        return None
    return minutes * 60.0 or None
