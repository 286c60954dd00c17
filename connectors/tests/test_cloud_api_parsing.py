import json
from datetime import UTC, datetime

import pytest

from connectors.providers.cloud_api.dividing import portions
from connectors.providers.cloud_api.parsing import parse
from connectors.tests.calls import ACCOUNT_ID, NUMBER_ID, call, change, message, messages, recorded_webhooks, status, statuses
from connectors.types import (
    AddressChange,
    ConnectionState,
    Delivery,
    InboundMessage,
    Link,
    LinkState,
    MessageKind,
    OtherEvent,
    Policy,
    Preference,
    Receipt,
    TemplateState,
)
from tenants.lib.addresses import Address, AddressKind

PHONE = Address(AddressKind.PHONE, "+5511987654321")
BSUID = Address(AddressKind.BSUID, "BR.13491208655302741918")
LINK = Link(1, 1, "cloud_api", {"phone_number_id": NUMBER_ID, "waba_id": ACCOUNT_ID}, {})
SENDABLE_STATUSES = {"sent", "delivered", "read", "played", "failed"}


@pytest.mark.parametrize("file", recorded_webhooks(), ids=lambda file: file.stem)
def test_every_recorded_webhook_is_read(file):
    body = file.read_bytes()
    values = [part["value"] for entry in json.loads(body)["entry"] for part in entry["changes"]]

    events = parse(body)

    written = [item["id"] for value in values for item in (*value.get("messages", ()), *value.get("message_echoes", ()))]
    moved = [item["id"] for value in values for item in value.get("statuses", ()) if item["status"] in SENDABLE_STATUSES]
    assert [event.external_id for event in events if isinstance(event, InboundMessage)] == written
    assert [event.external_id for event in events if isinstance(event, Receipt)] == moved
    assert [event for event in events if isinstance(event, OtherEvent) and event.field.endswith(".broken")] == []
    assert len(events) >= len(values)


def test_text_of_a_known_person():
    body = messages(
        message(context={"id": "wamid.Q", "forwarded": True}),
        contacts=[{"profile": {"name": "Ana"}, "wa_id": "5511987654321", "user_id": BSUID.value}],
    )

    [event] = parse(body)

    assert (event.kind, event.body, event.reply_to, event.payload) == (MessageKind.TEXT, "olá", "wamid.Q", {"forwarded": "once"})
    assert (event.person.addresses, event.person.name) == ((PHONE, BSUID), "Ana")
    assert event.sent_at == datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)


def test_a_hidden_phone_leaves_the_business_scoped_id():
    item = message(from_user_id=BSUID.value)
    del item["from"]

    [by_item] = parse(messages(item, contacts=[{"profile": {"name": "Ana", "username": "ana"}, "user_id": BSUID.value}]))
    [by_from] = parse(messages(message(**{"from": BSUID.value}), contacts=[{"profile": {}, "wa_id": BSUID.value}]))

    assert (by_item.person.addresses, by_item.person.username) == ((BSUID,), "ana")
    assert by_from.person.addresses == (BSUID,)


def test_a_contact_of_another_number_is_not_mixed_in():
    [event] = parse(messages(message(), contacts=[{"profile": {"name": "Rita"}, "wa_id": "5511900000000"}]))

    assert (event.person.addresses, event.person.name) == ((PHONE,), "")


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("1749416383", datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)),
        (1749416383, datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)),
        ("1749416383000", datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)),
    ],
)
def test_timestamps_in_seconds_and_milliseconds(stamp, expected):
    [event] = parse(messages(message(timestamp=stamp)))

    assert event.sent_at == expected


@pytest.mark.parametrize("stamp", ["asdf", None, "9e99", [], "NaN"])
def test_an_unreadable_timestamp_is_now(stamp):
    before = datetime.now(UTC)

    [event] = parse(messages(message(timestamp=stamp)))

    assert before <= event.sent_at <= datetime.now(UTC)
    assert event.payload == {"timestamp_unreadable": stamp}


@pytest.mark.parametrize(
    ("item", "kind", "body", "target"),
    [
        (message("reaction", reaction={"message_id": "wamid.T", "emoji": "😮"}), MessageKind.REACTION, "😮", "wamid.T"),
        (message("reaction", reaction={"message_id": "wamid.T"}), MessageKind.REACTION, "", "wamid.T"),
        (message("revoke", revoke={"original_message_id": "wamid.T"}), MessageKind.REVOKE, "", "wamid.T"),
        (
            message("edit", edit={"original_message_id": "wamid.T", "message": {"type": "text", "text": {"body": "new"}}}),
            MessageKind.EDIT,
            "new",
            "wamid.T",
        ),
        (message("button", button={"payload": "YES", "text": "Yes"}), MessageKind.BUTTON, "Yes", ""),
        (
            message("interactive", interactive={"type": "list_reply", "list_reply": {"id": "1", "title": "Express"}}),
            MessageKind.INTERACTIVE,
            "Express",
            "",
        ),
        (
            message(
                "interactive",
                interactive={
                    "type": "nfm_reply",
                    "nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"size":"M","flow_token":"x"}'},
                },
            ),
            MessageKind.INTERACTIVE,
            "Sent\nsize: M",
            "",
        ),
        (message("interactive"), MessageKind.UNKNOWN, "An answer that WhatsApp could not pass on.", ""),
        (message("location", location={"latitude": 1.5, "longitude": 2.5}), MessageKind.LOCATION, "1.5, 2.5", ""),
        (
            message("order", order={"catalog_id": "1", "product_items": [{"quantity": 2, "item_price": 30, "currency": "BRL"}]}),
            MessageKind.ORDER,
            "Order of 1 product: 60.00 BRL",
            "",
        ),
        (message("request_welcome"), MessageKind.SYSTEM, "Opened the conversation for the first time.", ""),
        (message("unsupported", errors=[{"code": 131051}]), MessageKind.UNKNOWN, "A message that WhatsApp does not pass on.", ""),
        (message("hologram", hologram={"id": "1"}), MessageKind.UNKNOWN, "A message of a kind not known yet.", ""),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else None,
)
def test_kinds_of_messages(item, kind, body, target):
    [event] = parse(messages(item))

    assert (event.kind, event.body, event.target_id) == (kind, body, target)


def test_media_keeps_what_is_needed_to_fetch_it():
    voice = message(
        "audio", audio={"id": "77", "mime_type": "audio/ogg", "sha256": "s=", "voice": True, "file_size": "123", "url": "https://x/1"}
    )

    [event] = parse(messages(voice))

    assert (event.media.external_id, event.media.mime_type, event.media.size_bytes, event.media.is_voice) == ("77", "audio/ogg", 123, True)


def test_a_new_number_is_a_change_and_a_message():
    item = message("system", system={"type": "user_changed_number", "wa_id": "5521912345678", "body": "Ana changed number"})

    moved, shown = parse(messages(item, contacts=[]))

    assert (moved.old, moved.new) == (PHONE, Address(AddressKind.PHONE, "+5521912345678"))
    assert (type(moved), shown.kind, shown.body) == (AddressChange, MessageKind.SYSTEM, "Ana changed number")


def test_a_changed_identity_is_shown():
    item = message(
        "system", system={"type": "customer_identity_changed", "body": "Identity changed"}, identity={"hash": "h", "acknowledged": True}
    )

    [shown] = parse(messages(item))

    assert (shown.kind, shown.payload["system"], shown.payload["identity"]["hash"]) == (
        MessageKind.SYSTEM,
        "customer_identity_changed",
        "h",
    )


def test_what_the_company_wrote_on_its_phone_is_an_echo():
    echo = message(**{"from": "15550783881"}, to="5511987654321", to_user_id=BSUID.value)

    [event] = parse(call(change("smb_message_echoes", message_echoes=[echo])))

    assert (event.is_echo, event.person.addresses, event.body) == (True, (PHONE, BSUID), "olá")


def test_receipts_carry_our_id_the_reason_and_what_it_asks():
    error = {"code": 131049, "title": "Held", "error_data": {"details": "ecosystem"}, "href": "https://x"}

    delivered, failed = parse(statuses(status(biz_opaque_callback_data="row-7"), status("failed", errors=[error])))

    assert (delivered.status, delivered.our_id, delivered.person.addresses) == (Delivery.DELIVERED, "row-7", (PHONE,))
    assert (failed.status, failed.fault.code, failed.fault.details, failed.fault.policy) == (
        Delivery.FAILED,
        "131049",
        "ecosystem",
        Policy.DEFER,
    )


@pytest.mark.parametrize("item", [status("in_orbit"), status("deleted"), status("warning"), status("sent", type="call")])
def test_a_status_that_moves_nothing_is_kept(item):
    [event] = parse(statuses(item))

    assert (type(event), event.payload) == (OtherEvent, item)


@pytest.mark.parametrize("poison", [None, 7, "text", [], {}, {"type": "text"}, message(text="no object"), message(id=None, text=None)])
def test_one_poisoned_item_does_not_cost_its_siblings(poison):
    first, second = message(id="wamid.A"), message(id="wamid.B")

    before, broken, after = parse(messages(first, poison, second))

    assert (before.external_id, after.external_id) == ("wamid.A", "wamid.B")
    assert (type(broken), broken.field, broken.payload) == (OtherEvent, "messages.broken", {"item": poison})


def test_one_poisoned_change_does_not_cost_its_siblings():
    body = call(
        {"field": "messages", "value": None},
        {"field": "message_template_status_update", "value": {}},
        change("messages", messages=[message()]),
    )

    events = parse(body)

    assert [type(event) for event in events] == [OtherEvent, OtherEvent, InboundMessage]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"x"', b"\xff\xfe", b"[" * 5000])
def test_a_body_that_is_no_json_object_is_an_error(body):
    with pytest.raises(ValueError):
        parse(body)


@pytest.mark.parametrize("document", [{}, {"object": "page"}, {"entry": 1}, {"entry": [1]}, {"entry": [{"changes": {}}]}])
def test_a_call_without_events_is_kept(document):
    [event] = parse(json.dumps(document).encode())

    assert (event.field, event.payload) == ("empty", document)


def test_text_that_the_database_cannot_keep_is_cleaned():
    nul, half = messages(message(text={"body": "a\x00b"})), messages(message(text={"body": "cut \ud83d"}))

    assert [event.body for body in (nul, half) for event in parse(body)] == ["ab", "cut ?"]


def test_another_number_s_change_is_set_aside_with_the_reason():
    body = call(change("messages", messages=[message()]), change("messages", number="999", messages=[message(id="wamid.OTHER")]))

    ours, theirs = parse(body, LINK)

    assert (type(ours), theirs.field) == (InboundMessage, "other_number")
    assert theirs.summary == "For the number with the id 999, not for this connection."
    assert list(portions(body)) == [NUMBER_ID, "999"]


def test_another_account_s_change_is_set_aside():
    body = call({"field": "account_review_update", "value": {"decision": "APPROVED"}}, account="1")

    [event] = parse(body, LINK)

    assert (event.field, list(portions(body))) == ("other_number", ["account:1"])


@pytest.mark.parametrize(("word", "is_stop"), [("stop", True), ("resume", False), ("signup", False)])
def test_preferences_for_marketing(word, is_stop):
    item = {"wa_id": "5511987654321", "category": "marketing_messages", "value": word, "timestamp": 1749416383}

    [event] = parse(call(change("user_preferences", user_preferences=[item])))

    assert (type(event), event.person.addresses, event.purpose, event.is_stop) == (Preference, (PHONE,), "marketing", is_stop)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (
            "message_template_status_update",
            {"event": "REJECTED", "reason": "INVALID_FORMAT"},
            TemplateState("7", "promo", "pt_BR", status="REJECTED", reason="INVALID_FORMAT"),
        ),
        (
            "message_template_status_update",
            {"event": "REINSTATED", "reason": "NONE"},
            TemplateState("7", "promo", "pt_BR", status="APPROVED"),
        ),
        ("message_template_quality_update", {"new_quality_score": "RED"}, TemplateState("7", "promo", "pt_BR", quality="RED")),
        ("template_category_update", {"new_category": "MARKETING"}, TemplateState("7", "promo", "pt_BR", category="MARKETING")),
        (
            "business_capability_update",
            {"max_daily_conversations_per_business": -1},
            ConnectionState(facts={"daily_limit": "unlimited"}, is_account=True),
        ),
        (
            "phone_number_quality_update",
            {"event": "FLAGGED", "display_phone_number": "1", "current_limit": "TIER_1K"},
            ConnectionState(facts={"quality_event": "FLAGGED", "display_phone_number": "1", "messaging_limit": "TIER_1K"}, number="1"),
        ),
        (
            "account_update",
            {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}},
            ConnectionState(
                LinkState.CLOSED,
                "Meta has disabled this WhatsApp account.",
                {
                    "account_event": "DISABLED_UPDATE",
                    "details": {"message_template_id": 7, "message_template_name": "promo", "message_template_language": "pt_BR"}
                    | {"ban_info": {"waba_ban_state": "DISABLE"}},
                    "ban_state": "DISABLE",
                },
                is_account=True,
            ),
        ),
    ],
)
def test_what_is_said_about_numbers_and_templates(field, value, expected):
    template = {"message_template_id": 7, "message_template_name": "promo", "message_template_language": "pt_BR"}

    assert parse(call({"field": field, "value": template | value})) == [expected]


@pytest.mark.parametrize("field", ["flows", "tracking_events", "something_of_2030", ""])
def test_a_field_nobody_knows_is_kept(field):
    [event] = parse(call({"field": field, "value": {"a": 1}}))

    assert event == OtherEvent(field, f"An event of a kind not known yet: {field or '?'}.", {"a": 1})


def test_an_error_of_the_account_is_told_by_the_connection():
    [event] = parse(call(change("messages", errors=[{"code": 190, "title": "Token expired"}])))

    assert (type(event), event.facts["fault"]["code"]) == (ConnectionState, "190")
