from pathlib import Path

import pytest
from django.conf import settings

from connectors.tests.calls import RECORDED, call, change, message, messages, status, statuses
from connectors.wire_samples import answer_became, lines, page, send_became, webhook_became

recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded samples are not on this machine")


@recorded
def test_the_page_of_recorded_samples_is_current():
    written = (Path(settings.BASE_DIR) / "docs" / "wire-samples.md").read_text()

    assert page(RECORDED) == written, "manage.py describe_wire_samples"


@recorded
def test_each_sample_is_understood_or_kept_and_none_is_broken():
    found = lines(RECORDED)

    assert {line.sample for line in found} == {file.stem for file in RECORDED.glob("*.json")}
    assert [line for line in found if not line.became or ".broken" in line.became] == []


@recorded
def test_no_recorded_send_of_a_kind_we_send_is_refused():
    assert [line for line in lines(RECORDED) if line.what == "send" and line.became.startswith("refused")] == []


def test_webhooks_are_told_by_what_they_set_in_motion():
    moved = message("system", system={"type": "user_changed_number", "wa_id": "5521912345678", "body": "moved"})
    failed = status("failed", errors=[{"code": 131049}])

    assert webhook_became(messages(message(), moved)) == "message: text, address: phone → phone, message: system"
    assert webhook_became(statuses(status(), status(), failed)) == "receipt: delivered (2 times), receipt: failed (131049 → defer)"
    assert webhook_became(call(change("hologram", beam=1))) == "kept: hologram"


def test_a_send_is_compared_with_ours():
    text = {"messaging_product": "whatsapp", "to": "5511", "type": "text", "text": {"body": "hi", "preview_url": False}}

    assert send_became(text) == "the same"
    assert send_became(text | {"text": {"body": "hi", "shout": True}}) == "the same but with `text.preview_url`, without `text.shout`"
    assert send_became(text | {"type": "interactive", "interactive": {"type": "product", "body": {"text": "x"}, "action": {}}}) == (
        "not sent by Recado: product"
    )


def test_an_answer_is_told_with_its_policy():
    request = {"method": "POST", "path": "/1/messages"}
    taken = {"status": 200, "body": {"messages": [{"id": "wamid.1"}]}}

    assert answer_became(request, taken, is_send=True) == "accepted, with its id"
    assert answer_became(request, {"status": 502, "body": {"_raw": "Bad Gateway"}}, is_send=True).startswith("http_502 → unknown: ")
    assert answer_became({"method": "GET", "path": "/1/settings"}, {"status": 200, "body": {}}, is_send=False) == "not asked for by Recado"
