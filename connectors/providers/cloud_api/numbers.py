"""Numbers of an account: listed, proved, registered; and Embedded Signup, by which a company lends its account to the platform's app.

https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers
https://developers.facebook.com/docs/whatsapp/embedded-signup
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from connectors.providers.cloud_api.errors import refusal_from
from connectors.providers.cloud_api.managing import TIMEOUT_SECONDS, call
from connectors.types import Identity, Link, NumberInfo, Policy, ProviderError

FIELDS = "id,display_phone_number,verified_name,status,quality_rating"
SCOPE = "whatsapp_business_management"
MAX_PAGES = 20


def list_all(credentials: Mapping[str, Any]) -> list[NumberInfo]:
    account = str(credentials.get("waba_id") or "")
    link = Link(0, 0, "cloud_api", credentials, {})
    found: list[NumberInfo] = []
    params = {"fields": FIELDS, "limit": "100"}
    for _page in range(MAX_PAGES):
        answer = call(link, "GET", f"{account}/phone_numbers", params=params)
        found += [
            NumberInfo(
                identity=Identity(str(item.get("id") or ""), account),
                number=str(item.get("display_phone_number") or ""),
                name=str(item.get("verified_name") or ""),
                status=str(item.get("status") or ""),
                quality=str(item.get("quality_rating") or ""),
            )
            for item in answer.get("data") or []
        ]
        paging = answer.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if not paging.get("next") or not after:
            break
        params["after"] = after
    return found


def request_code(link: Link, *, method: str, language: str) -> None:
    call(link, "POST", f"{_number(link)}/request_code", params={"code_method": method, "language": language})


def verify_code(link: Link, code: str) -> None:
    call(link, "POST", f"{_number(link)}/verify_code", params={"code": code})


def register(link: Link, pin: str) -> None:
    call(link, "POST", f"{_number(link)}/register", json={"messaging_product": "whatsapp", "pin": pin})


_APP_REFUSED = (1, 101)  # "Error validating client secret", "Error validating application"


def sign_up_url(*, redirect_uri: str, state: str) -> str:
    """Facebook Login for Business with a configuration of the kind Embedded Signup. No script of Meta's runs in our pages."""
    query = {
        "client_id": settings.META_APP_ID,
        "config_id": settings.META_CONFIG_ID,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "override_default_response_type": "true",
        "state": state,
    }
    return f"{settings.META_DIALOG_URL.rstrip('/')}/{settings.GRAPH_VERSION}/dialog/oauth?{urlencode(query)}"


def sign_up(*, code: str, redirect_uri: str) -> dict[str, Any]:
    """Code → token → the accounts that the token was given for. The newest of several is last; a person shares one at a time."""
    app = {"client_id": settings.META_APP_ID, "client_secret": settings.META_APP_SECRET}
    token = str(_ask("oauth/access_token", app | {"code": code, "redirect_uri": redirect_uri}).get("access_token") or "")
    own = f"{settings.META_APP_ID}|{settings.META_APP_SECRET}"
    about = _ask("debug_token", {"input_token": token, "access_token": own}).get("data") or {}
    scopes = [item for item in about.get("granular_scopes") or [] if item.get("scope") == SCOPE]
    accounts = [str(account) for item in scopes for account in item.get("target_ids") or []]
    if not about.get("is_valid") or str(about.get("app_id")) != settings.META_APP_ID or not accounts:
        words = _("Meta gave no access to a WhatsApp account. Begin again, and choose the account and its number.")
        raise ProviderError("sign_up_without_account", words, Policy.PERMANENT)
    return {"waba_id": accounts[-1], "access_token": token}


def _ask(path: str, params: Mapping[str, str]) -> dict[str, Any]:
    """With the app's own secret. POST, so that neither secret nor code stands in an address."""
    url = f"{settings.GRAPH_URL.rstrip('/')}/{settings.GRAPH_VERSION}/{path}"
    send = requests.get if path == "debug_token" else requests.post
    try:
        sent = {"params": params} if path == "debug_token" else {"data": params}
        response = send(url, **sent, timeout=TIMEOUT_SECONDS, allow_redirects=False)  # type: ignore[arg-type]
    except requests.RequestException:
        raise ProviderError("gateway_unreachable", _("WhatsApp cannot be reached."), Policy.RETRY) from None
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if response.ok and isinstance(answer, dict) and "error" not in answer:
        return answer
    if isinstance(answer, dict) and (answer.get("error") or {}).get("code") in _APP_REFUSED:
        words = _("Meta does not accept the platform's app. Its operator has to check META_APP_ID and META_APP_SECRET.")
        raise ProviderError("app_refused", words, Policy.PERMANENT)
    raise refusal_from(response.status_code, answer)


def _number(link: Link) -> str:
    return str(link.credentials.get("phone_number_id") or "")
