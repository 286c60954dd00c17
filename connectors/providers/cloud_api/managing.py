"""Calls about the number and its account: slow, rare, answered at once. https://developers.facebook.com/docs/graph-api"""

from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from connectors.providers.cloud_api.errors import refusal_from
from connectors.types import ConnectionState, Json, Link, LinkState, Policy, ProviderError

TIMEOUT_SECONDS = (5, 30)
NUMBER_FACTS = {
    "display_phone_number": "display_phone_number",
    "verified_name": "verified_name",
    "quality_rating": "quality",
    "status": "number_status",
    "platform_type": "platform",
    "is_on_biz_app": "is_on_biz_app",
    "throughput": "throughput",
    "name_status": "name_status",
    "code_verification_status": "code_verification",
    "whatsapp_business_manager_messaging_limit": "messaging_limit",
}
LOST_STATUSES = frozenset({"DISCONNECTED", "BANNED", "DELETED", "MIGRATED"})


def connect(link: Link) -> ConnectionState:
    """Proves the token, the number and its account, then subscribes the app to the account: without that no webhook ever comes."""
    state = status(link)
    account_id = str(link.credentials.get("waba_id") or "")
    if account_id:
        _prove_account(link, account_id)
        call(link, "POST", f"{account_id}/subscribed_apps", json={})
    return state


def _prove_account(link: Link, account_id: str) -> None:
    """A number and an account that do not belong together look well, and then no webhook comes."""
    try:
        answer = call(link, "GET", f"{account_id}/phone_numbers", params={"fields": "id", "limit": "200"})
    except ProviderError as error:
        if error.code != "100":
            raise
        words = _("Meta knows no WhatsApp account with this id, or the access token may not use it.")
        raise ProviderError("account_unknown", words, Policy.PAUSE_NUMBER, details=error.details, href=error.href) from None
    if str(link.credentials.get("phone_number_id")) not in {str(item.get("id")) for item in answer.get("data") or []}:
        words = _("This number belongs to another WhatsApp account. Check the account's id (WABA id).")
        raise ProviderError("number_of_other_account", words, Policy.PAUSE_NUMBER)


def disconnect(link: Link) -> ConnectionState:
    if link.credentials.get("waba_id"):
        call(link, "DELETE", f"{link.credentials['waba_id']}/subscribed_apps")
    return ConnectionState(LinkState.CLOSED, _("Disconnected."))


def status(link: Link) -> ConnectionState:
    answer = call(link, "GET", str(link.credentials.get("phone_number_id") or ""), params={"fields": ",".join(("id", *NUMBER_FACTS))})
    facts = {ours: answer[theirs] for theirs, ours in NUMBER_FACTS.items() if answer.get(theirs) is not None}
    if answer.get("status") in LOST_STATUSES:
        return ConnectionState(LinkState.CLOSED, _("Meta says that this number is %(status)s.") % {"status": answer["status"]}, facts)
    return ConnectionState(LinkState.CONNECTED, facts=facts)


def call(link: Link, method: str, path: str, *, params: dict[str, str] | None = None, json: Json | None = None) -> dict[str, Any]:
    """The decoded answer; ProviderError for anything but a success. The token never stands in an error: it is only a header."""
    token = str(link.credentials.get("access_token") or "")
    if not token or not path.split("/")[0].isalnum():
        raise ProviderError("credentials_missing", _("This connection has no valid id or access token."), Policy.PAUSE_NUMBER)
    url = f"{settings.GRAPH_URL.rstrip('/')}/{settings.GRAPH_VERSION}/{path}"
    try:
        response = requests.request(
            method,
            url,
            params=params,
            json=json,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException:
        raise ProviderError("gateway_unreachable", _("WhatsApp cannot be reached."), Policy.RETRY) from None
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if response.ok and isinstance(answer, dict) and "error" not in answer:
        return answer
    raise refusal_from(response.status_code, answer)
