"""Meta's rules for templates, each with the field at fault."""

import copy

import pytest

from connectors.providers.cloud_api.template_rules import problems_of
from connectors.services.writing_templates import draft_of

BODY = {"type": "BODY", "text": "Hello {{1}}, your order {{2}} is on its way.", "example": {"body_text": [["Ana", "A-17"]]}}
GOOD = {"name": "order_sent", "language": "pt_BR", "category": "UTILITY", "components": [BODY], "parameter_format": "POSITIONAL"}


def found(**changes):
    draft = draft_of(**copy.deepcopy(GOOD) | changes)
    return [(problem.field, problem.code) for problem in problems_of(draft)]


def body(text: str, *examples: str) -> list[dict]:
    return [{"type": "BODY", "text": text, "example": {"body_text": [list(examples)]}}]


def buttons(*given: dict) -> list[dict]:
    return [BODY, {"type": "BUTTONS", "buttons": list(given)}]


def reply(text: str = "Yes") -> dict:
    return {"type": "QUICK_REPLY", "text": text}


URL = {"type": "URL", "text": "Track", "url": "https://example.com/t/{{1}}", "example": ["https://example.com/t/A-17"]}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="a text with two variables"),
        pytest.param({"components": [{"type": "body", "text": "Thank you."}], "category": "marketing"}, id="small letters are understood"),
        pytest.param(
            {
                "parameter_format": "NAMED",
                "components": [
                    {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW"]}},
                    {
                        "type": "BODY",
                        "text": "Hello {{first_name}}, see you tomorrow.",
                        "example": {"body_text_named_params": [{"param_name": "first_name", "example": "Ana"}]},
                    },
                    {"type": "FOOTER", "text": "Reply STOP to leave"},
                    {"type": "BUTTONS", "buttons": [reply(), reply("No"), URL]},
                ],
            },
            id="everything, with names",
        ),
        pytest.param(
            {
                "category": "AUTHENTICATION",
                "components": [
                    {"type": "BODY", "add_security_recommendation": True},
                    {"type": "FOOTER", "code_expiration_minutes": 10},
                    {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
                ],
            },
            id="a code",
        ),
    ],
)
def test_what_meta_takes(changes):
    assert found(**changes) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "Pedido enviado"}, ("name", "template_name")),
        ({"name": ""}, ("name", "template_name")),
        ({"language": "português"}, ("language", "template_language")),
        ({"category": "OFFERS"}, ("category", "template_category")),
        ({"parameter_format": "LETTERS"}, ("parameter_format", "template_parameter_format")),
        ({"components": []}, ("components", "template_body_missing")),
        ({"components": [BODY, BODY]}, ("components", "template_component_twice")),
        ({"components": [BODY, {"type": "ASIDE"}]}, ("components.1.type", "template_component")),
        ({"components": body("")}, ("components.0.text", "required")),
        ({"components": body("x" * 1025)}, ("components.0.text", "template_too_long")),
        ({"components": body("{{1}}, hello and welcome", "Ana")}, ("components.0.text", "template_variable_at_edge")),
        ({"components": body("Hello and welcome {{1}}", "Ana")}, ("components.0.text", "template_variable_at_edge")),
        ({"components": body("Hello {{1}} {{2}} {{3}} !", "a", "b", "c")}, ("components.0.text", "template_too_many_variables")),
        ({"components": body("Hello {{2}}, welcome to us all.", "Ana")}, ("components.0.text", "template_variable_numbers")),
        ({"components": body("Hello {{name}}, welcome to us.", "Ana")}, ("components.0.text", "template_variable_numbers")),
        ({"components": body("Hello {{1, welcome to us.")}, ("components.0.text", "template_braces")),
        ({"components": body("Hello {{1}}, welcome to us.", "")}, ("components.0.example.body_text", "template_sample")),
        ({"components": body("Hello\n\n\nthere")}, ("components.0.text", "template_empty_lines")),
        ({"components": [BODY, {"type": "FOOTER", "text": "For {{1}}"}]}, ("components.1.text", "template_too_many_variables")),
        ({"components": [BODY, {"type": "FOOTER", "text": "x" * 61}]}, ("components.1.text", "template_too_long")),
        ({"components": [BODY, {"type": "HEADER", "format": "TEXT", "text": "*Now*"}]}, ("components.1.text", "template_header")),
        ({"components": [BODY, {"type": "HEADER", "format": "VIDEO"}]}, ("components.1.example.header_handle", "template_sample")),
        ({"components": [BODY, {"type": "HEADER", "format": "HOLOGRAM"}]}, ("components.1.format", "template_header")),
        ({"components": buttons()}, ("components.1.buttons", "required")),
        ({"components": buttons(*[reply(str(n)) for n in range(11)])}, ("components.1.buttons", "template_buttons")),
        ({"components": buttons(URL, URL, URL)}, ("components.1.buttons", "template_buttons")),
        ({"components": buttons(reply(), URL, reply("No"))}, ("components.1.buttons", "template_button_order")),
        ({"components": buttons(reply("x" * 26))}, ("components.1.buttons.0.text", "template_button_text")),
        ({"components": buttons(reply(""))}, ("components.1.buttons.0.text", "required")),
        ({"components": buttons(URL | {"url": "ftp://x"})}, ("components.1.buttons.0.url", "template_button_url")),
        ({"components": buttons(URL | {"url": "https://x.com/{{1}}/y"})}, ("components.1.buttons.0.url", "template_button_url")),
        ({"components": buttons(URL | {"example": []})}, ("components.1.buttons.0.example", "template_sample")),
        (
            {"components": buttons({"type": "PHONE_NUMBER", "text": "Call", "phone_number": "us"})},
            ("components.1.buttons.0.phone_number", "template_button_phone"),
        ),
        ({"components": buttons({"type": "COPY_CODE", "example": "x" * 16})}, ("components.1.buttons.0.example", "template_sample")),
        ({"components": buttons({"type": "OTP", "otp_type": "COPY_CODE"})}, ("components.1.buttons", "template_buttons")),
        ({"category": "AUTHENTICATION"}, ("components.0.text", "template_body_fixed")),
    ],
)
def test_what_meta_refuses_is_said_with_its_place(changes, expected):
    assert expected in found(**changes)


def test_everything_wrong_is_said_at_once():
    problems = found(name="Ä", components=[{"type": "BODY", "text": "{{1}}"}, {"type": "FOOTER", "text": ""}])

    fields = [field for field, _ in problems]
    assert fields == ["name", "components.0.example.body_text", "components.0.text", "components.0.text", "components.1.text"]
