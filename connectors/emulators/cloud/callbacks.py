"""Where webhooks go: an app's callback, an account's override, a number's override. Each is proved by Meta's handshake first."""

import asyncio
import secrets
from typing import Any

import requests

from connectors.emulators.cloud.calls import Call
from connectors.emulators.cloud.refusals import Refusal, invalid
from connectors.emulators.cloud.world import App, Number

Json = dict[str, Any]
PATIENCE_SECONDS = 10


async def override_of(call: Call) -> tuple[str, str]:
    """`override_callback_uri` and `verify_token` of a subscription; empty ones for none."""
    url, verify_token = str(call.parameters.get("override_callback_uri") or ""), str(call.parameters.get("verify_token") or "")
    if url:
        await prove(url, verify_token)
    return url, verify_token


async def set_number_callback(number: Number, call: Call) -> Json:
    told = call.document.get("webhook_configuration")
    if isinstance(told, dict):
        url, verify_token = str(told.get("override_callback_uri") or ""), str(told.get("verify_token") or "")
        if url:
            await prove(url, verify_token)
        number.callback_url, number.verify_token = url, verify_token
    return {"success": True}


async def set_app_callback(app: App, url: str, verify_token: str) -> None:
    """What is typed into the app's dashboard."""
    if url:
        await prove(url, verify_token)
    app.callback_url, app.verify_token = url, verify_token


async def prove(url: str, verify_token: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise invalid("Invalid callback URI format")
    challenge = str(secrets.randbelow(2**31))
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    try:
        answer = await asyncio.to_thread(requests.get, url, params=query, timeout=PATIENCE_SECONDS, allow_redirects=False)
    except requests.RequestException:
        raise _unproved(f"{url} cannot be reached") from None
    if answer.status_code != 200 or answer.text.strip() != challenge:
        raise _unproved(f"it answered {answer.status_code} and not the challenge")


def _unproved(why: str) -> Refusal:
    words = f"The URL couldn't be validated. Callback verification failed: {why}."
    return Refusal(2200, message=words, status=400)
