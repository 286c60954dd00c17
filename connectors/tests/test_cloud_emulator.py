"""The emulated Graph API refuses what Meta refuses, with Meta's code; and tells what becomes of messages, signed, until it is heard."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from connectors.emulators.cloud.orders import take_and_cut, take_and_garble
from connectors.emulators.cloud.seeds import add_template
from connectors.emulators.cloud.weather import AT_ONCE, NASTY
from connectors.providers.cloud_api.signing import check_signature
from connectors.tests.calls import recorded_exchanges
from connectors.tests.listener import VERIFY_TOKEN, listening
from connectors.tests.meta import APP_ID, APP_SECRET, TOKEN, emulated_meta

ANA = "5511987654321"
ANYBODY = {"messaging_product": "whatsapp", "to": ANA}
SECONDS = 10


@pytest.fixture(scope="module")
def meta():
    with emulated_meta() as emulator:
        yield emulator


@pytest.fixture
def graph():
    with emulated_meta() as emulator:
        yield emulator


def ask(emulator, method, path, *, token=TOKEN, version="v23.0", **more):
    headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
    return requests.request(method, f"{emulator.url}/{version}/{path}", headers=headers, timeout=SECONDS, **more)


def send(emulator, document, **more):
    return ask(emulator, "POST", "1055/messages", json=ANYBODY | document, **more)


def deed(emulator, name, /, **data):
    answer = requests.post(f"{emulator.url}/emulator/{name}", json=data, timeout=SECONDS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def wait(condition: Callable[[], Any]) -> Any:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("It did not happen in time.")


def interactive(kind: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": "Choose"}, "action": action} | more}


def buttons(*titles: str) -> list[dict[str, Any]]:
    return [{"type": "reply", "reply": {"id": f"b{place}", "title": title}} for place, title in enumerate(titles)]


def rows(count: int) -> list[dict[str, str]]:
    return [{"id": f"r{place}", "title": f"Row {place}"} for place in range(count)]


def template(name: str = "news", *texts: str, code: str = "en", **more: Any) -> dict[str, Any]:
    body = [{"type": "body", "parameters": [{"type": "text", "text": text} for text in texts]}] if texts else []
    return {"type": "template", "template": {"name": name, "language": {"code": code}, "components": body} | more}


REFUSED = {
    "no type's part": ({"type": "text"}, 131008),
    "unknown type": ({"type": "poem", "poem": {}}, 100),
    "unknown key": ({"type": "text", "text": {"body": "x"}, "colour": "red"}, 100),
    "unknown key inside": ({"type": "text", "text": {"body": "x", "size": 3}}, 100),
    "empty text": ({"type": "text", "text": {"body": ""}}, 100),
    "long text": ({"type": "text", "text": {"body": "x" * 4097}}, 100),
    "preview is no boolean": ({"type": "text", "text": {"body": "x", "preview_url": "yes"}}, 100),
    "no number": ({"to": "hello", "type": "text", "text": {"body": "x"}}, 131009),
    "itself": ({"to": "15550100", "type": "text", "text": {"body": "x"}}, 131021),
    "long tracker": ({"type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513}, 100),
    "wrong product": ({"messaging_product": "telegram", "type": "text", "text": {"body": "x"}}, 100),
    "group": ({"recipient_type": "group", "type": "text", "text": {"body": "x"}}, 10),
    "id and link": ({"type": "image", "image": {"id": "1", "link": "https://x.test/1.png"}}, 100),
    "neither id nor link": ({"type": "image", "image": {"caption": "x"}}, 100),
    "somebody else's file": ({"type": "image", "image": {"id": "404"}}, 100),
    "no address": ({"type": "image", "image": {"link": "file:///etc/passwd"}}, 100),
    "caption of a sticker": ({"type": "sticker", "sticker": {"link": "https://x.test/1.webp", "caption": "x"}}, 100),
    "long caption": ({"type": "image", "image": {"link": "https://x.test/1.png", "caption": "x" * 1025}}, 100),
    "latitude": ({"type": "location", "location": {"latitude": 91, "longitude": 0}}, 100),
    "card without name": ({"type": "contacts", "contacts": [{"phones": []}]}, 131008),
    "card with half a name": ({"type": "contacts", "contacts": [{"name": {"formatted_name": "Ana"}}]}, 131008),
    "reaction to nothing": ({"type": "reaction", "reaction": {"emoji": "👍"}}, 100),
    "four buttons": (interactive("button", {"buttons": buttons("a", "b", "c", "d")}), 131009),
    "no buttons": (interactive("button", {"buttons": []}), 100),
    "twin buttons": (interactive("button", {"buttons": buttons("a", "a")}), 131009),
    "long button": (interactive("button", {"buttons": buttons("x" * 21)}), 131009),
    "long body": (interactive("button", {"buttons": buttons("a")}, body={"text": "x" * 1025}), 100),
    "long footer": (interactive("button", {"buttons": buttons("a")}, footer={"text": "x" * 61}), 100),
    "eleven rows": (interactive("list", {"button": "Open", "sections": [{"rows": rows(11)}]}), 131009),
    "sections without titles": (interactive("list", {"button": "Open", "sections": [{"rows": rows(1)}, {"rows": rows(1)}]}), 131008),
    "picture above a list": (
        interactive("list", {"button": "Open", "sections": [{"rows": rows(1)}]}, header={"type": "image", "image": {"id": "1"}}),
        131009,
    ),
    "unknown interactive": (interactive("carousel", {}), 100),
    "link to nowhere": (interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "Go", "url": "example"}}), 131009),
    "form without name": (
        interactive("flow", {"name": "flow", "parameters": {"flow_message_version": "3", "flow_cta": "Open"}}),
        131009,
    ),
    "too few parameters": (template("news", "Ana"), 132000),
    "no parameters": (template("news"), 132000),
    "language": (template("news", "Ana", "news", code="pt_BR"), 132001),
    "no such template": (template("nothing"), 132001),
    "line break in a parameter": (template("news", "Ana\nLima", "news"), 132018),
    "too long when filled": (template("news", "x" * 1000, "y" * 100), 132005),
    "empty parameter": (template("news", "", "news"), 100),
    "header for a template without": (
        template("news", components=[{"type": "header", "parameters": [{"type": "text", "text": "x"}]}]),
        132000,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_meta_refuses_is_refused_with_its_code(meta, name):
    document, code = REFUSED[name]

    answer = send(meta, document)

    error = answer.json()["error"]
    assert (error["code"], error["type"], answer.ok, bool(error["fbtrace_id"])) == (code, "OAuthException", False, True)


@pytest.mark.parametrize(
    "document",
    [
        {"to": "+55 (11) 98765-4321", "type": "text", "text": {"body": "x" * 4096, "preview_url": True}},
        {"text": {"body": "no type is text"}},
        interactive("button", {"buttons": buttons("a", "b", "c")}, footer={"text": "x" * 60}, header={"type": "text", "text": "x"}),
        interactive("list", {"button": "Open", "sections": [{"title": "One", "rows": rows(10)}]}),
        interactive("location_request_message", {"name": "send_location"}),
        interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://example.com/"}}),
        template("news", "Ana", "the news"),
    ],
    ids=str,
)
def test_what_is_right_is_taken(meta, document):
    answer = send(meta, document).json()

    assert (answer["contacts"][0]["wa_id"], answer["messages"][0]["id"][:10]) == (ANA, "wamid.HBgN")


@pytest.mark.parametrize("name", [name for name, _body, is_filled in recorded_exchanges() if is_filled])
def test_recorded_sends_of_others_are_taken(graph, name):
    body = next(body for found, body, _is_filled in recorded_exchanges() if found == name)
    part = body.get("template")
    if part:
        account = graph.world.accounts["2055"]
        code = part["language"]["code"]
        texts = [one for component in part["components"] if component["type"] == "body" for one in component["parameters"]]
        components = [{"type": "BODY", "text": " and ".join(f"{{{{{place + 1}}}}}" for place in range(len(texts)))}]
        components += [{"type": "HEADER", "format": "IMAGE"} for component in part["components"] if component["type"] == "header"]
        quick = [component for component in part["components"] if component["type"] == "button"]
        components += [{"type": "BUTTONS", "buttons": [{"type": one["sub_type"].upper(), "text": "x"} for one in quick]}] if quick else []
        add_template(graph.world, account, part["name"], components, language=code)

    answer = ask(graph, "POST", "1055/messages", json=body)

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("path", "more", "status", "code"),
    [
        ("1055", {"token": "wrong"}, 401, 190),
        ("1055", {"version": "v2"}, 400, 100),
        ("1055", {"version": "v99.0"}, 400, 100),
        ("1055?fields=colour", {}, 400, 100),
        ("404", {}, 400, 100),
        ("1055/colours", {}, 400, 2500),
        ("2055/message_templates?limit=0", {}, 400, 100),
    ],
)
def test_calls_that_cannot_be_are_refused(meta, path, more, status, code):
    answer = ask(meta, "GET", path, **more)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_a_token_does_only_what_it_may(graph):
    deed(graph, "token", value="sender", scopes=["whatsapp_business_messaging"], accounts=["2055"])

    statuses = [
        send(graph, {"text": {"body": "hi"}}, token="sender").status_code,
        ask(graph, "GET", "1055", token="sender").json()["error"]["code"],
        ask(graph, "POST", "20660000000000/messages", token="sender", json=ANYBODY).json()["error"]["error_subcode"],
    ]
    deed(graph, "token", value="sender", is_revoked=True)
    revoked = send(graph, {"text": {"body": "hi"}}, token="sender").json()["error"]

    assert (statuses, revoked["code"], revoked["error_subcode"]) == ([200, 200, 33], 190, 460)
    debugged = ask(graph, "GET", "debug_token?input_token=sender").json()["data"]
    assert (debugged["is_valid"], debugged["app_id"]) == (False, APP_ID)


def test_limits_of_a_pair_a_number_and_an_account(graph):
    text = {"text": {"body": "hi"}}
    to_one = [send(graph, text).json().get("error", {}).get("code", 0) for _ in range(46)]
    deed(graph, "clock", seconds=6)
    after_six_seconds = [send(graph, text).status_code, send(graph, text).json()["error"]["code"]]
    deed(graph, "number", number="1055", messages_per_second=5)
    to_many = [send(graph, text | {"to": f"55119000000{place:02}"}).json().get("error", {}).get("code", 0) for place in range(12)]
    deed(graph, "account", account="2055", calls_per_hour=2)
    called = [ask(graph, "GET", "2055") for _ in range(3)]

    assert (to_one, after_six_seconds) == ([0] * 45 + [131056], [200, 131056])
    assert (to_many[:5], 130429 in to_many) == ([0] * 5, True)
    assert [answer.status_code for answer in called] == [200, 200, 400]
    assert (called[2].json()["error"]["code"], "estimated_time_to_regain_access" in called[2].headers["x-business-use-case-usage"]) == (
        80007,
        True,
    )


@pytest.mark.parametrize(("status", "code"), [("PAUSED", 132015), ("DISABLED", 132016), ("PENDING", 132001), ("REJECTED", 132001)])
def test_only_an_approved_template_goes(graph, status, code):
    deed(graph, "template", account="2055", name="news", status=status)

    assert send(graph, template("news", "Ana", "news")).json()["error"]["code"] == code


@pytest.fixture
def listened(graph):
    """The app's callback is a listener, and the account of 1055 is subscribed."""
    with listening() as listener:
        deed(graph, "webhook", url=listener.url, verify_token=VERIFY_TOKEN)
        assert ask(graph, "POST", "2055/subscribed_apps", json={}).json() == {"success": True}
        yield graph, listener


def told(listener, key):
    values = [change["value"] for heard in listener.heard for entry in json.loads(heard.body)["entry"] for change in entry["changes"]]
    return [item for value in values for item in value.get(key, ())]


def test_statuses_are_told_signed_with_our_tracker_and_price(listened):
    graph, listener = listened
    deed(graph, "says", number="1055", **{"from": ANA}, text="olá €")

    wamid = send(graph, {"text": {"body": "hi"}, "biz_opaque_callback_data": "m-1"}).json()["messages"][0]["id"]
    statuses = wait(lambda: len(told(listener, "statuses")) == 3 and told(listener, "statuses"))

    assert sorted((item["id"], item["status"], item["biz_opaque_callback_data"]) for item in statuses) == [
        (wamid, status, "m-1") for status in ("delivered", "read", "sent")
    ]
    assert {item["pricing"]["category"] for item in statuses} == {"service"}
    assert all(check_signature(headers=one.headers, body=one.body, app_secret=APP_SECRET).is_accepted for one in listener.heard)
    [heard] = [one for one in listener.heard if b"ol" in one.body]
    assert b"ol\\u00e1 \\u20ac" in heard.body
    assert told(listener, "messages")[0]["text"]["body"] == "olá €"


def test_what_will_not_arrive_is_told_later(listened):
    graph, listener = listened
    deed(graph, "customer", **{"from": "5511900000001"}, is_reachable=False)
    deed(graph, "customer", **{"from": "5511900000002"}, stopped_marketing=True)
    deed(graph, "account", account="2055", daily_limit=1)
    sends = [
        {"to": "5511900000001", "text": {"body": "hi"}},
        {"to": "5511900000002"} | template("promo", "Ana", code="pt_BR"),
        {"to": "5511900000003", "text": {"body": "outside the window"}},
        {"to": "5511900000004"} | template("news", "Ana", "news"),
        {"to": "5511900000005"} | template("news", "Ana", "one too many"),
        {"to": "5511900000006", "type": "image", "image": {"link": listener.url + "?hub.mode=nothing"}},
    ]
    deed(graph, "says", number="1055", **{"from": "5511900000006"}, text="oi")

    answers = [send(graph, document).status_code for document in sends]
    failed = wait(lambda: (found := [one for one in told(listener, "statuses") if one["status"] == "failed"]) and len(found) == 5 and found)

    assert answers == [200] * 6
    assert sorted((item["recipient_id"][-1], item["errors"][0]["code"]) for item in failed) == [
        ("1", 131026), ("2", 131050), ("3", 131047), ("5", 131048), ("6", 131053),
    ]  # fmt: skip


def test_webhooks_are_repeated_until_they_are_answered(listened):
    graph, listener = listened
    listener.next_statuses.extend([500, 503, 404])

    deed(graph, "says", number="1055", **{"from": ANA}, text="Anybody?")
    wait(lambda: told(listener, "messages"))

    assert ({one.body for one in listener.refused}, len(listener.refused)) == ({listener.heard[0].body}, 3)


def test_nasty_weather_loses_nothing(listened):
    graph, listener = listened
    graph.courier.weather = NASTY

    for place in range(60):
        deed(graph, "says", number="1055", **{"from": f"55119111100{place:02}"}, text=f"Word {place}")
    wait(lambda: not graph.courier.waiting)

    words = [item["text"]["body"] for item in told(listener, "messages")]
    assert (set(words), len(words) > 60) == ({f"Word {place}" for place in range(60)}, True)
    assert words != sorted(words, key=lambda word: int(word.split()[1]))
    assert len(listener.heard) < len(words)
    graph.courier.weather = AT_ONCE


def test_a_callback_that_fails_the_handshake_is_not_taken(graph):
    with listening() as listener:
        refused = requests.post(f"{graph.url}/emulator/webhook", json={"url": listener.url, "verify_token": "no"}, timeout=SECONDS)
        override = {"override_callback_uri": listener.url, "verify_token": VERIFY_TOKEN}
        taken = ask(graph, "POST", "2055/subscribed_apps", json=override).json()

    assert (refused.status_code, graph.world.apps[APP_ID].callback_url) == (400, "")
    assert taken["data"][0]["override_callback_uri"] == listener.url


def test_what_was_taken_before_the_line_was_cut_is_there(graph):
    graph.orders.extend([take_and_cut(), take_and_garble()])

    with pytest.raises(requests.ConnectionError):
        send(graph, {"text": {"body": "cut"}})
    garbled = send(graph, {"text": {"body": "garbled"}})

    assert (garbled.status_code, garbled.text) == (200, "<html>Bad Gateway</html>")
    assert [document["text"]["body"] for document in graph.taken] == ["cut", "garbled"]


def test_a_number_is_registered_verified_and_shown(graph):
    made = ask(graph, "POST", "2055/phone_numbers", json={"cc": "55", "phone_number": "11900007777", "verified_name": "Shop"}).json()
    new = made["id"]
    before = ask(graph, "POST", f"{new}/register", json={"messaging_product": "whatsapp", "pin": "123456"}).json()["error"]["code"]
    ask(graph, "POST", f"{new}/request_code", params={"code_method": "SMS", "language": "pt_BR"})
    wrong = ask(graph, "POST", f"{new}/verify_code", json={"code": "x"}).status_code
    right = ask(graph, "POST", f"{new}/verify_code", json={"code": graph.world.numbers[new].code}).json()
    after = ask(graph, "POST", f"{new}/register", json={"messaging_product": "whatsapp", "pin": "123456"}).json()
    shown = ask(graph, "GET", f"{new}?fields=status,code_verification_status,verified_name").json()

    assert (before, wrong, right, after) == (133006, 422, {"success": True}, {"success": True})
    assert shown == {"id": new, "status": "CONNECTED", "code_verification_status": "VERIFIED", "verified_name": "Shop"}
    assert [one["id"] for one in ask(graph, "GET", "2055/phone_numbers").json()["data"]] == ["1055", new]


def test_a_template_is_made_reviewed_edited_and_deleted(listened):
    graph, listener = listened
    deed(graph, "account", account="2055", reviews_templates=True)
    body = {"type": "BODY", "text": "Olá {{name}}, o seu pedido chegou hoje."}
    document = {"name": "order", "language": "pt_BR", "category": "UTILITY", "parameter_format": "NAMED"}

    no_example = ask(graph, "POST", "2055/message_templates", json=document | {"components": [body]}).json()["error"]
    example = {"body_text_named_params": [{"param_name": "name", "example": "Ana"}]}
    made = ask(graph, "POST", "2055/message_templates", json=document | {"components": [body | {"example": example}]}).json()
    twin = ask(graph, "POST", "2055/message_templates", json=document | {"components": [body | {"example": example}]}).json()["error"]
    deed(graph, "template", account="2055", id=made["id"], status="APPROVED")
    named = [{"type": "body", "parameters": [{"type": "text", "parameter_name": "name", "text": "Ana"}]}]
    sent = send(graph, template("order", code="pt_BR", components=named))
    unnamed = send(graph, template("order", "Ana", code="pt_BR")).json()["error"]
    deleted = ask(graph, "DELETE", "2055/message_templates?name=order").json()

    assert (no_example["error_subcode"], made["status"], twin["error_subcode"]) == (2388043, "PENDING", 2388024)
    assert (sent.status_code, unnamed["code"], deleted) == (200, 100, {"success": True})
    wait(lambda: any(b"message_template_status_update" in heard.body for heard in listener.heard))


def test_a_code_of_embedded_signup_is_exchanged_once(graph):
    code = deed(graph, "signup")["code"]
    query = {"client_id": APP_ID, "client_secret": APP_SECRET, "code": code}

    first = requests.get(f"{graph.url}/v23.0/oauth/access_token", params=query, timeout=SECONDS).json()
    second = requests.get(f"{graph.url}/v23.0/oauth/access_token", params=query, timeout=SECONDS).json()

    assert (ask(graph, "GET", "1055", token=first["access_token"]).status_code, second["error"]["code"]) == (200, 100)


def test_a_sample_file_is_uploaded_in_pieces(graph):
    session = ask(graph, "POST", f"{APP_ID}/uploads?file_length=6&file_type=image/png").json()["id"]
    first = ask(graph, "POST", session, headers={"file_offset": "0"}, data=b"abc").json()
    wrong = ask(graph, "POST", session, headers={"file_offset": "9"}, data=b"def").status_code
    last = ask(graph, "POST", session, headers={"file_offset": "3"}, data=b"def").json()
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [last["h"]]}}
    document = {"name": "pic", "language": "en", "category": "MARKETING", "components": [header, {"type": "BODY", "text": "Look"}]}
    made = ask(graph, "POST", "2055/message_templates", json=document).json()

    assert (first["file_offset"], wrong, made["status"]) == (3, 400, "APPROVED")


def test_only_who_wrote_lately_can_be_blocked_and_then_gets_nothing(graph):
    form = {"messaging_product": "whatsapp", "block_users": [{"user": ANA}]}
    early = ask(graph, "POST", "1055/block_users", json=form).status_code
    deed(graph, "says", number="1055", **{"from": ANA}, text="spam")
    blocked = ask(graph, "POST", "1055/block_users", json=form).json()["block_users"]["added_users"]
    refused = send(graph, {"text": {"body": "hi"}}).json()["error"]["code"]

    assert (early, blocked, refused) == (400, [{"input": ANA, "wa_id": ANA}], 130403)
    assert ask(graph, "DELETE", "1055/block_users", json=form).json()["block_users"]["removed_users"] == [{"input": ANA, "wa_id": ANA}]


def test_the_page_and_the_list_of_deeds_are_there(meta):
    page = requests.get(meta.url, timeout=SECONDS)
    deeds = requests.get(f"{meta.url}/emulator/deeds", timeout=SECONDS).json()
    state = requests.get(f"{meta.url}/emulator/state", timeout=SECONDS).json()

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert all(deeds.values()) and {"says", "fail", "weather"} <= set(deeds)
    assert [number["id"] for number in state["numbers"]] == list(meta.world.numbers)
