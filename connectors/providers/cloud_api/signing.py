"""Is this call from Meta? The signature of a POST, the handshake of a GET.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import hmac
from collections.abc import Mapping

from connectors.types import Verdict

HEADER = "x-hub-signature-256"
PREFIX = "sha256="
ACCEPTED = Verdict(True)


def signature_of(body: bytes, app_secret: str) -> str:
    """The value of X-Hub-Signature-256 for these raw bytes."""
    return PREFIX + hmac.digest(app_secret.encode(), body, "sha256").hex()


def check_signature(*, headers: Mapping[str, str], body: bytes, app_secret: str) -> Verdict:
    """Over the raw bytes: Meta escapes non-ASCII characters, so JSON that was read and written again would never match."""
    if not app_secret:
        return Verdict(False, "secret_missing")
    given = headers.get(HEADER) or next((value for name, value in headers.items() if name.lower() == HEADER), "")
    if not given:
        return Verdict(False, "signature_missing")
    if not given.startswith(PREFIX):
        return Verdict(False, "signature_malformed")
    if not hmac.compare_digest(given.lower().encode(), signature_of(body, app_secret).encode()):
        return Verdict(False, "signature_wrong")
    return ACCEPTED


def check_handshake(*, query: Mapping[str, str], verify_token: str) -> Verdict:
    """Meta asks once, when the callback address is entered; the challenge goes back as plain text."""
    if query.get("hub.mode") != "subscribe":
        return Verdict(False, "handshake_mode_wrong")
    if not verify_token:
        return Verdict(False, "verify_token_missing")
    if not hmac.compare_digest(query.get("hub.verify_token", "").encode(), verify_token.encode()):
        return Verdict(False, "verify_token_wrong")
    return Verdict(True, answer=query.get("hub.challenge", ""))
