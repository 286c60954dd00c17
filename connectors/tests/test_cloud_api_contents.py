"""Every kind of content as Meta documents it, taken by the strict emulator; and what does not fit is refused before it is sent."""

import asyncio
from typing import Any

import pytest

from connectors.emulators.cloud.seeds import add_template
from connectors.emulators.cloud.world import StoredFile
from connectors.providers.cloud_api.documents import document_for
from connectors.registry import provider_named
from connectors.tests.meta import TOKEN, emulated_meta
from connectors.types import (
    Buttons,
    Choice,
    ChoiceList,
    Form,
    Link,
    LinkButton,
    LocationRequest,
    Media,
    MessageKind,
    Outgoing,
    Policy,
    ProviderError,
    Section,
    TemplateCall,
    Text,
)
from tenants.lib.addresses import Address, AddressKind

LINK = Link(1, 1, "cloud_api", {"phone_number_id": "1055", "waba_id": "2055", "access_token": TOKEN}, {})
ANA = Address(AddressKind.PHONE, "+5511987654321")
TWO = (Choice("y", "Yes"), Choice("n", "No"))
PICTURE = Media(MessageKind.IMAGE, external_id="77")
PLACE = {"latitude": "-23.5", "longitude": "-46.6", "name": "Shop", "address": "Rua A, 1"}
CARD = [
    {"type": "HEADER", "format": "IMAGE"},
    {"type": "BODY", "text": "Only {{1}} today"},
    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Want it"}]},
]


@pytest.fixture(scope="module")
def running():
    with emulated_meta() as emulator:
        emulator.world.files["77"] = StoredFile(b"\xff\xd8\xff", "image/jpeg", uploaded_by="1055")
        yield emulator


@pytest.fixture
def meta(running, settings):
    settings.GRAPH_URL = running.url
    running.world.taken.clear()
    running.world.numbers["1055"].pairs.clear()
    return running


def send(content):
    return asyncio.run(provider_named("cloud_api").send(LINK, Outgoing("m-1", ANA, content)))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (
            Buttons("Shall we?", TWO, header="Order", footer="Acme"),
            {
                "type": "button",
                "header": {"type": "text", "text": "Order"},
                "body": {"text": "Shall we?"},
                "footer": {"text": "Acme"},
                "action": {
                    "buttons": [
                        {"type": "reply", "reply": {"id": "y", "title": "Yes"}},
                        {"type": "reply", "reply": {"id": "n", "title": "No"}},
                    ]
                },
            },
        ),
        (
            Buttons("This one?", TWO[:1], header=PICTURE),
            {
                "type": "button",
                "header": {"type": "image", "image": {"id": "77"}},
                "body": {"text": "This one?"},
                "action": {"buttons": [{"type": "reply", "reply": {"id": "y", "title": "Yes"}}]},
            },
        ),
        (
            ChoiceList("What?", "Open", (Section((Choice("a", "A", "first"),), "One"), Section((Choice("b", "B"),), "Two"))),
            {
                "type": "list",
                "body": {"text": "What?"},
                "action": {
                    "button": "Open",
                    "sections": [
                        {"title": "One", "rows": [{"id": "a", "title": "A", "description": "first"}]},
                        {"title": "Two", "rows": [{"id": "b", "title": "B"}]},
                    ],
                },
            },
        ),
        (
            LinkButton("Our shop", "Visit", "https://example.com"),
            {
                "type": "cta_url",
                "body": {"text": "Our shop"},
                "action": {"name": "cta_url", "parameters": {"display_text": "Visit", "url": "https://example.com"}},
            },
        ),
        (
            LocationRequest("Where?"),
            {"type": "location_request_message", "body": {"text": "Where?"}, "action": {"name": "send_location"}},
        ),
        (
            Form("Book", "Book now", form_id="123", token="t", screen="BOOKING", data={"age": "32"}),
            {
                "type": "flow",
                "body": {"text": "Book"},
                "action": {
                    "name": "flow",
                    "parameters": {
                        "flow_message_version": "3",
                        "flow_cta": "Book now",
                        "flow_id": "123",
                        "flow_token": "t",
                        "flow_action": "navigate",
                        "flow_action_payload": {"screen": "BOOKING", "data": {"age": "32"}},
                    },
                },
            },
        ),
        (
            Form("Book", "Book now", form_name="booking", asks_server=True, is_draft=True),
            {
                "type": "flow",
                "body": {"text": "Book"},
                "action": {
                    "name": "flow",
                    "parameters": {
                        "flow_message_version": "3",
                        "flow_cta": "Book now",
                        "flow_name": "booking",
                        "mode": "draft",
                        "flow_action": "data_exchange",
                    },
                },
            },
        ),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else type(value).__name__,
)
def test_interactive_messages_are_sent_in_the_documented_shape(meta, content, part):
    sent = send(content)

    [document] = meta.taken
    assert (document["type"], document["interactive"], sent.external_id) == ("interactive", part, meta.wamid_of(document))


def media_parameter(kind: str) -> list[dict[str, Any]]:
    return [{"type": kind, kind: {"link": f"https://example.com/1.{kind}"}}]


TEMPLATES: dict[str, tuple[str, list[dict[str, Any]], list[dict[str, Any]]]] = {
    "text header, body": (
        "POSITIONAL",
        [{"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"}, {"type": "BODY", "text": "Hi {{1}}, {{2}} left."}],
        [
            {"type": "header", "parameters": [{"type": "text", "text": "12"}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "2"}]},
        ],
    ),
    "named": (
        "NAMED",
        [{"type": "BODY", "text": "Hi {{first_name}}, {{days}} days."}],
        [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "parameter_name": "days", "text": "2"},
                    {"type": "text", "parameter_name": "first_name", "text": "Ana"},
                ],
            }
        ],
    ),
    "money and time": (
        "POSITIONAL",
        [{"type": "BODY", "text": "Pay {{1}} by {{2}} please."}],
        [
            {
                "type": "body",
                "parameters": [
                    {"type": "currency", "currency": {"fallback_value": "R$ 10", "code": "BRL", "amount_1000": 10000}},
                    {"type": "date_time", "date_time": {"fallback_value": "Monday"}},
                ],
            }
        ],
    ),
    **{
        f"{kind} header": (
            "POSITIONAL",
            [{"type": "HEADER", "format": kind.upper()}],
            [{"type": "header", "parameters": media_parameter(kind)}],
        )
        for kind in ("image", "video", "document")
    },
    "location header": (
        "POSITIONAL",
        [{"type": "HEADER", "format": "LOCATION"}],
        [{"type": "header", "parameters": [{"type": "location", "location": PLACE}]}],
    ),
    "buttons": (
        "POSITIONAL",
        [
            {"type": "BODY", "text": "Choose"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "QUICK_REPLY", "text": "Stop"},
                    {"type": "URL", "text": "Track", "url": "https://example.com/{{1}}"},
                    {"type": "COPY_CODE", "example": "SALE"},
                    {"type": "FLOW", "text": "Book", "flow_id": "1"},
                ],
            },
        ],
        [
            {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "stop"}]},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "42"}]},
            {"type": "button", "sub_type": "copy_code", "index": "2", "parameters": [{"type": "coupon_code", "coupon_code": "SALE10"}]},
            {"type": "button", "sub_type": "flow", "index": "3", "parameters": [{"type": "action", "action": {"flow_token": "t"}}]},
        ],
    ),
    "limited-time offer": (
        "POSITIONAL",
        [
            {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Ends soon", "has_expiration": True}},
            {"type": "BODY", "text": "Hurry"},
        ],
        [
            {
                "type": "limited_time_offer",
                "parameters": [{"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1_800_000_000_000}}],
            }
        ],
    ),
    "carousel": (
        "POSITIONAL",
        [{"type": "BODY", "text": "Look, {{1}}!"}, {"type": "CAROUSEL", "cards": [{"components": CARD}, {"components": CARD}]}],
        [
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}]},
            {
                "type": "carousel",
                "cards": [
                    {
                        "card_index": place,
                        "components": [
                            {"type": "header", "parameters": media_parameter("image")},
                            {"type": "body", "parameters": [{"type": "text", "text": "R$ 10"}]},
                            {
                                "type": "button",
                                "sub_type": "quick_reply",
                                "index": "0",
                                "parameters": [{"type": "payload", "payload": f"want-{place}"}],
                            },
                        ],
                    }
                    for place in range(2)
                ],
            },
        ],
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_sent_with_every_component_it_may_have(meta, name):
    form, defined, given = TEMPLATES[name]
    account = meta.world.accounts["2055"]
    template = add_template(meta.world, account, name.replace(" ", "_").replace(",", ""), defined, parameter_format=form)

    send(TemplateCall(template.name, "en", tuple(given)))
    with pytest.raises(ProviderError) as caught:
        send(TemplateCall(template.name, "en", ()))

    [document] = meta.taken
    assert document["template"] == {"name": template.name, "language": {"code": "en"}, "components": given}
    assert caught.value.code in ("132000", "132012", "131008")


@pytest.mark.parametrize(
    "content",
    [
        Buttons("x", ()),
        Buttons("x", tuple(Choice(str(place), f"b{place}") for place in range(4))),
        Buttons("x", (Choice("a", "Same"), Choice("b", "Same"))),
        Buttons("x", (Choice("a", "t" * 21),)),
        Buttons("", TWO),
        Buttons("x" * 1025, TWO),
        Buttons("x", TWO, footer="f" * 61),
        Buttons("x", TWO, header=Media(MessageKind.AUDIO, external_id="1")),
        ChoiceList("x", "Open", (Section(tuple(Choice(str(place), "r") for place in range(11))),)),
        ChoiceList("x", "Open", (Section(TWO), Section((Choice("z", "Z"),)))),
        ChoiceList("x", "o" * 21, (Section(TWO),)),
        LinkButton("x", "l" * 21, "https://example.com"),
        Form("x", "Open"),
        Form("x", "Open", form_id="1", form_name="one"),
    ],
    ids=lambda content: type(content).__name__,
)
def test_what_meta_would_refuse_is_refused_before_it_is_sent(meta, content):
    with pytest.raises(ProviderError) as caught:
        send(content)

    assert (caught.value.code, caught.value.policy, list(meta.taken)) == ("content_invalid", Policy.PERMANENT, [])
    assert caught.value.message


def test_every_message_names_our_id():
    contents = [Text("x"), Buttons("x", TWO), LocationRequest("x"), TemplateCall("a", "en")]

    assert {document_for(Outgoing("m-7", ANA, content))["biz_opaque_callback_data"] for content in contents} == {"m-7"}


def test_reading_is_shown_and_reading_what_was_never_said_is_refused(meta):
    with pytest.raises(ProviderError) as caught:
        asyncio.run(provider_named("cloud_api").mark_read(LINK, "wamid.nothing"))

    assert caught.value.policy is Policy.PERMANENT
