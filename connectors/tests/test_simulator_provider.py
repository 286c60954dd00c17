import asyncio
import json
from datetime import UTC, datetime

import pytest

from connectors.providers.simulator import network, wire
from connectors.providers.simulator.behaviour import DEFAULT, Behaviour, behaviour_of
from connectors.providers.simulator.network import Line
from connectors.providers.simulator.provider import signature_of
from connectors.registry import provider_named
from connectors.types import (
    AddressChange,
    ConnectionState,
    Delivery,
    InboundMessage,
    Link,
    LinkState,
    Media,
    MessageKind,
    OtherEvent,
    Outgoing,
    Policy,
    Preference,
    ProviderError,
    Receipt,
    Sent,
    TemplateCall,
    TemplateState,
    Text,
    Verdict,
)
from tenants.lib.addresses import Address, AddressKind

PHONE = Address(AddressKind.PHONE, "+5511987654321")
LINE = Line(7, 3)
FAR = 10**15
FAST = {"sent_after_ms": 0, "delivered_after_ms": 0, "read_after_ms": 0}


def link(**settings):
    return Link(LINE.company_id, LINE.connection_id, "simulator", {}, settings)


def send(content=None, *, to=PHONE, our_id="m-1", **settings):
    return asyncio.run(provider_named("simulator").send(link(**settings), Outgoing(our_id, to, content or Text("hi"))))


def refusal(**settings):
    with pytest.raises(ProviderError) as caught:
        send(**settings)
    return caught.value


def planned():
    """What will happen on the line, as events."""
    texts = network.due(LINE, FAR, limit=1000)
    return wire.parse(
        wire.webhook_of(
            statuses=[text[1:] for text in texts if text[:1] == b"s"], messages=[text[1:] for text in texts if text[:1] == b"m"]
        )
    )


def test_a_message_is_accepted_shown_and_its_receipts_planned():
    sent = send(Text("olá"))

    [entry] = network.conversation(LINE, PHONE.value)
    assert (entry["id"], entry["side"], entry["kind"], entry["body"]) == (sent.external_id, "company", "text", "olá")
    assert [(event.status, event.our_id, event.external_id) for event in planned()] == [
        (status, "m-1", sent.external_id) for status in (Delivery.SENT, Delivery.DELIVERED, Delivery.READ)
    ]
    assert sent == Sent(sent.external_id, addresses=(PHONE,))


def test_media_and_templates_are_shown_as_such():
    send(Media(MessageKind.IMAGE, link="https://x/1.png", caption="look"))
    send(TemplateCall("offer", "en", (), "Ana, 10% off"))

    shown = [(entry["kind"], entry["body"], entry.get("link")) for entry in network.conversation(LINE, PHONE.value)]
    assert shown == [("image", "look", "https://x/1.png"), ("template", "Ana, 10% off", None)]


def test_the_file_of_a_templates_header_is_shown_and_its_text_header_has_none():
    titled = {"type": "header", "parameters": [{"type": "text", "text": "Ana"}]}
    filed = {"type": "header", "parameters": [{"type": "document", "document": {"link": "https://x/1.pdf", "filename": "prices.pdf"}}]}
    send(TemplateCall("offer", "en", (titled,), "one"))
    send(TemplateCall("offer", "en", (filed,), "two"))

    shown = [(entry["body"], entry.get("file_kind"), entry.get("filename")) for entry in network.conversation(LINE, PHONE.value)]
    assert shown == [("one", None, None), ("two", "document", "prices.pdf")]


def test_receipts_keep_their_delays_and_a_share_is_read():
    send(sent_after_ms=100, delivered_after_ms=2000, read_rate=0)

    sent, delivered = planned()
    assert (delivered.at - sent.at).total_seconds() == pytest.approx(1.9)


def test_a_share_of_customers_answers():
    send(reply_rate=1, reply_text="Obrigada!")

    [reply] = [event for event in planned() if isinstance(event, InboundMessage)]
    assert (reply.person.addresses, reply.body, reply.reply_to) == ((PHONE,), "Obrigada!", reply.external_id.removesuffix(".reply"))


@pytest.mark.parametrize(
    ("code", "policy"),
    [
        ("throttled", Policy.BACK_OFF_NUMBER),
        ("pair_rate", Policy.BACK_OFF_RECIPIENT),
        ("account_rate", Policy.BACK_OFF_ACCOUNT),
        ("unavailable", Policy.RETRY),
        ("not_on_whatsapp", Policy.PERMANENT),
        ("engagement_cap", Policy.DEFER),
        ("token_expired", Policy.PAUSE_NUMBER),
        ("template_paused", Policy.PAUSE_CAMPAIGN),
        ("lost", Policy.UNKNOWN),
    ],
)
def test_a_number_s_ending_refuses_it(code, policy):
    error = refusal(fail_endings={"4321": code})

    assert (error.code, error.policy, network.conversation(LINE, PHONE.value), planned()) == (code, policy, [], [])


def test_a_timeout_leaves_the_message_on_the_phone_and_its_receipts_coming():
    error = refusal(fail_endings={"4321": "timeout"})

    assert (error.policy, len(network.conversation(LINE, PHONE.value))) == (Policy.UNKNOWN, 1)
    assert [event.our_id for event in planned()] == ["m-1"] * 3


def test_an_accepted_message_can_fail_later():
    sent = send(failure_rate=1, failure_code="undeliverable")

    [receipt] = planned()
    assert (receipt.external_id, receipt.status, receipt.fault.code, receipt.fault.policy) == (
        sent.external_id,
        Delivery.FAILED,
        "undeliverable",
        Policy.PERMANENT,
    )


def test_the_next_sends_fail_as_ordered_and_no_more():
    network.order_failure(LINE, "throttled", times=2)
    network.order_failure(LINE, "timeout")
    network.order_failure(LINE, "undeliverable")

    policies = [refusal().policy, refusal().policy, refusal().policy]
    send(our_id="m-4")
    send(our_id="m-5")

    assert policies == [Policy.BACK_OFF_NUMBER, Policy.BACK_OFF_NUMBER, Policy.UNKNOWN]
    assert [(event.our_id, event.status.name) for event in sorted(planned(), key=lambda event: (event.our_id, event.status))] == [
        *[("m-1", "SENT"), ("m-1", "DELIVERED"), ("m-1", "READ")],
        ("m-4", "FAILED"),
        *[("m-5", "SENT"), ("m-5", "DELIVERED"), ("m-5", "READ")],
    ]


def test_many_at_once_each_get_their_own_answer():
    network.order_failure(LINE, "throttled", times=3)

    async def send_all():
        provider = provider_named("simulator")
        sends = [
            provider.send(link(read_rate=0), Outgoing(f"m-{n}", Address(AddressKind.PHONE, f"+55119{n:08}"), Text("x")))
            for n in range(1200)
        ]
        return await asyncio.gather(*sends, return_exceptions=True)

    results = asyncio.run(send_all())

    accepted = [result.external_id for result in results if isinstance(result, Sent)]
    assert (len(set(accepted)), len([result for result in results if isinstance(result, ProviderError)])) == (1197, 3)
    assert len(network.due(LINE, FAR, limit=10_000)) == 2 * 1197


def test_phones_that_never_wrote_are_forgotten_first(monkeypatch):
    monkeypatch.setattr(network, "SILENT_CUSTOMERS_KEPT", 2)
    network.write_down(LINE, "+5511900000000", b'{"id":"1"}', name="Rita")

    for digit in range(5):
        send(to=Address(AddressKind.PHONE, f"+551198765432{digit}"))
    send(to=Address(AddressKind.PHONE, "+5511900000000"))

    kept = [(customer.number, customer.name, customer.has_written) for customer in network.customers(LINE)]
    assert kept == [("+5511900000000", "Rita", True), ("+5511987654324", "", False)]
    assert network.conversation(LINE, "+5511987654320") == []
    assert len(network.conversation(LINE, "+5511900000000")) == 2


def test_other_lines_see_nothing():
    send()

    for other in (Line(7, 4), Line(8, 3)):
        assert (network.customers(other), network.conversation(other, PHONE.value), network.due(other, FAR, limit=9)) == ([], [], [])


def test_settings_of_the_wrong_type_count_as_not_set():
    assert behaviour_of({"read_rate": "often", "reply_rate": "0.5", "unknown": 1}) == Behaviour(reply_rate=0.5)
    assert behaviour_of({}) is DEFAULT


def test_the_wire_format_holds_the_whole_vocabulary():
    at = 1749416383
    document = {
        "simulator": 1,
        "messages": [
            {"id": "1", "from": PHONE.value, "lid": "9@lid", "name": "Ana", "kind": "reaction", "body": "👍", "target": "w", "at": at},
            {
                "id": "2",
                "from": "BR.1",
                "kind": "image",
                "media": {"url": "https://x/1.png", "mime_type": "image/png"},
                "at": at,
                "echo": True,
            },
            {"id": "3", "from": PHONE.value, "kind": "hologram", "at": at},
            {"id": "4", "kind": "text", "at": at},
        ],
        "statuses": [{"id": "5", "our_id": "o", "status": "failed", "at": at, "error": {"code": "undeliverable", "title": "t"}}],
        "states": [{"state": "closed", "reason": "gone"}],
        "templates": [{"name": "offer", "language": "en", "status": "PAUSED"}],
        "changes": [{"old": {"kind": "phone", "value": "+1"}, "new": {"kind": "phone", "value": "+2"}, "at": at}],
        "preferences": [{"from": PHONE.value, "stop": True, "at": at}],
        "dreams": [{}],
    }

    events = provider_named("simulator").parse(json.dumps(document).encode())

    reaction, image, unknown, broken, failed, state, template, change, preference, other = events
    assert reaction.person.addresses == (PHONE, Address(AddressKind.LID, "9@lid"))
    assert (reaction.kind, reaction.target_id, reaction.sent_at) == (MessageKind.REACTION, "w", datetime.fromtimestamp(at, UTC))
    assert (image.media.url, image.is_echo, image.person.addresses[0].kind) == ("https://x/1.png", True, AddressKind.BSUID)
    assert (unknown.kind, unknown.payload) == (MessageKind.UNKNOWN, {"type": "hologram"})
    assert (failed.status, failed.fault.policy) == (Delivery.FAILED, Policy.PERMANENT)
    assert (state, template) == (ConnectionState(LinkState.CLOSED, "gone"), TemplateState("", "offer", "en", status="PAUSED"))
    assert [type(event) for event in (broken, failed, change, preference, other)] == [
        OtherEvent,
        Receipt,
        AddressChange,
        Preference,
        OtherEvent,
    ]


@pytest.mark.parametrize("body", [b"", b"[]", b"{"])
def test_a_body_that_is_no_json_object_is_an_error(body):
    with pytest.raises(ValueError):
        provider_named("simulator").parse(body)


@pytest.mark.parametrize(
    ("headers", "secrets", "expected"),
    [
        ({"x-simulator-signature": signature_of(b"{}", "s")}, {"secret": "s"}, Verdict(True)),
        ({"x-simulator-signature": signature_of(b"{}", "x")}, {"secret": "s"}, Verdict(False, "signature_wrong")),
        ({}, {"secret": "s"}, Verdict(False, "signature_missing")),
        ({"x-simulator-signature": signature_of(b"{}", "")}, {}, Verdict(False, "secret_missing")),
    ],
)
def test_over_http_only_signed_calls_are_taken(headers, secrets, expected):
    assert provider_named("simulator").verify(method="POST", query={}, headers=headers, body=b"{}", secrets=secrets) == expected


def test_it_is_always_connected_and_has_templates():
    provider = provider_named("simulator")

    assert (provider.connect(link()).state, provider.disconnect(link()).state) == (LinkState.CONNECTED, LinkState.CLOSED)
    assert {template.status for template in provider.templates(link())} == {"APPROVED"}
