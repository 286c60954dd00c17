"""Texts with variables, filled for one receiver."""

import pytest

from campaigns.rendering import filled, template_message, text_message
from campaigns.types import Receiver
from connectors.services.template_slots import missing_slots, slots_of
from connectors.types import TemplateCall, Text
from tenants.lib.patterns import MissingValue, pattern_of


def receiver(**more: object) -> Receiver:
    row = {
        "id": 7,
        "contact_id": 3,
        "address_kind": "phone",
        "address": "+5511987654321",
        "variables": {},
        "attempt": 1,
        "name": "Marina Duarte",
        "phone": "+5511987654321",
        "email": "marina@example.test",
        "custom": {"plan": "Gold", "visits": 3, "city": None},
    }
    return Receiver(**row | more)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello", "Hello"),
        ("Hello {{name}}!", "Hello Marina Duarte!"),
        ("{{ first_name }}, {{phone}}, {{email}}", "Marina, +5511987654321, marina@example.test"),
        ("Your {{custom.plan|plan}}, {{custom.visits}} visits", "Your Gold, 3 visits"),
        ("From {{custom.city|your town}}", "From your town"),
        ("{{coupon|none}}", "none"),
        ("Nothing{{coupon|}}.", "Nothing."),
        ("{ {not} } {{}} one", "{ {not} } {{}} one"),
        ("Olá {{nome}}", "Olá Zé"),
    ],
)
def test_variables_are_filled(text, words):
    assert filled(pattern_of(text), receiver(variables={"nome": "Zé"})) == words


def test_a_value_given_with_the_recipient_comes_first():
    assert filled(pattern_of("{{name}}"), receiver(variables={"name": "Dona Marina"})) == "Dona Marina"


def test_an_empty_name_takes_the_fallback_and_without_one_it_is_missing():
    nameless = receiver(name="")

    assert filled(pattern_of("Hi {{name|there}}"), nameless) == "Hi there"
    with pytest.raises(MissingValue, match="name"):
        filled(pattern_of("Hi {{name}}"), nameless)
    assert pattern_of("{{name}} {{email|-}} {{coupon}}").required == {"name", "coupon"}


def test_a_text_message_is_what_the_gateway_gets_and_the_history_keeps():
    content, body = text_message("Hi {{first_name|there}}").filled(receiver())

    assert (content, body) == (Text("Hi Marina"), "Hi Marina")


def test_a_template_gets_components_in_the_order_of_its_numbers():
    components = [
        {"type": "HEADER", "format": "TEXT", "text": "News for {{1}}"},
        {"type": "BODY", "text": "{{2}} waits for you, {{1}}"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ok"}, {"type": "URL", "url": "https://x.test/{{1}}"}]},
    ]
    variables = {"header.1": "{{name}}", "1": "{{first_name|there}}", "2": "A\n  gift", "button.1": "{{custom.plan|free}}"}

    content, body = template_message(name="promo", language="pt_BR", components=components, variables=variables).filled(receiver())

    assert [slot.key for slot in slots_of(components)] == ["header.1", "1", "2", "button.1"]
    assert body == "A\n  gift waits for you, Marina"
    assert content == TemplateCall(
        "promo",
        "pt_BR",
        (
            {"type": "header", "parameters": [{"type": "text", "text": "Marina Duarte"}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Marina"}, {"type": "text", "text": "A gift"}]},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "Gold"}]},
        ),
        body,
    )


def test_named_and_media_parameters():
    components = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Hi {{customer}}"}]
    variables = {"header.image": "https://x.test/a.png", "customer": "{{name}}"}

    content, _ = template_message(name="p", language="en", components=components, variables=variables).filled(receiver())

    assert content.components == (
        {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://x.test/a.png"}}]},
        {"type": "body", "parameters": [{"type": "text", "parameter_name": "customer", "text": "Marina Duarte"}]},
    )


def test_slots_that_nothing_was_said_for():
    components = [{"type": "BODY", "text": "{{1}} {{2}} {{3}}"}]

    assert [slot.key for slot in missing_slots(components, {"1": "a", "2": " "})] == ["2", "3"]
