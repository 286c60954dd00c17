import json

import pytest

from connectors.registry import provider_named
from connectors.tests.calls import RECORDED
from connectors.types import Verdict

SECRET = "app-secret-of-a-test"
BODY = b'{"object":"whatsapp_business_account","entry":[],"text":"ol\\u00e1"}'
# hmac_sha256(SECRET, BODY), by `openssl dgst -sha256 -hmac`
SIGNATURE = "sha256=d4bf894d01d44593e3929737bf78a2d039a393ce6bb3ce915f17f04e4e0d3234"


def verdict(*, method="POST", query=None, headers=None, body=BODY, **secrets):
    return provider_named("cloud_api").verify(method=method, query=query or {}, headers=headers or {}, body=body, secrets=secrets)


def test_the_right_signature_over_the_raw_bytes_is_accepted():
    assert verdict(headers={"x-hub-signature-256": SIGNATURE}, app_secret=SECRET) == Verdict(True)
    assert verdict(headers={"X-Hub-Signature-256": SIGNATURE}, app_secret=SECRET) == Verdict(True)


@pytest.mark.parametrize(
    ("headers", "secrets", "reason"),
    [
        ({}, {"app_secret": SECRET}, "signature_missing"),
        ({"x-hub-signature-256": SIGNATURE}, {"app_secret": "another"}, "signature_wrong"),
        ({"x-hub-signature-256": "sha256=" + "é" * 10}, {"app_secret": SECRET}, "signature_wrong"),
        ({"x-hub-signature-256": SIGNATURE.removeprefix("sha256=")}, {"app_secret": SECRET}, "signature_malformed"),
        ({"x-hub-signature-256": SIGNATURE}, {}, "secret_missing"),
    ],
)
def test_other_calls_are_refused_with_the_reason(headers, secrets, reason):
    assert verdict(headers=headers, **secrets) == Verdict(False, reason)


def test_the_same_json_in_other_bytes_is_refused():
    rewritten = json.dumps(json.loads(BODY), ensure_ascii=False).encode()

    assert verdict(headers={"x-hub-signature-256": SIGNATURE}, body=rewritten, app_secret=SECRET).reason == "signature_wrong"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded samples are not on this machine")
def test_the_recorded_vector():
    vector = json.loads((RECORDED / "signature_vector.json").read_bytes())
    body = vector["raw_body"].encode()

    assert verdict(headers=vector["header"], body=body, app_secret=vector["app_secret"]) == Verdict(True)
    assert (
        verdict(headers=vector["header"], body=body.replace(b"\\u00e1", "á".encode()), app_secret=vector["app_secret"]).reason
        == "signature_wrong"
    )


@pytest.mark.parametrize(
    ("query", "token", "expected"),
    [
        ({"hub.mode": "subscribe", "hub.verify_token": "t", "hub.challenge": "42"}, "t", Verdict(True, answer="42")),
        ({"hub.mode": "subscribe", "hub.verify_token": "x", "hub.challenge": "42"}, "t", Verdict(False, "verify_token_wrong")),
        ({"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "42"}, "", Verdict(False, "verify_token_missing")),
        ({}, "t", Verdict(False, "handshake_mode_wrong")),
    ],
)
def test_the_handshake(query, token, expected):
    assert verdict(method="GET", query=query, verify_token=token) == expected
