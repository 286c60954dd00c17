"""Buttons, lists and links: stored by WhatsApp's rules, sent as the gateway can show them, and their answers understood."""

import io

import pytest
from PIL import Image

from config.inbound import handle
from connectors.models import Media as File
from connectors.services.media import keep_upload
from connectors.types import Buttons, ChoiceList, Form, LinkButton, LocationRequest, Text
from tickets.delivery import _content_of
from tickets.models import Message
from tickets.tests.factories import heard, inbound

COLORS = {"kind": "buttons", "body": "Which one?", "choices": [{"id": "b", "title": "Blue"}, {"id": "g", "title": "Green"}]}
MENU = {
    "kind": "list",
    "body": "How can we help?",
    "button": "Choose",
    "sections": [
        {"title": "Shop", "choices": [{"title": "Buy", "description": "New things"}, {"title": "Return"}]},
        {"title": "More", "choices": [{"title": "A person"}]},
    ],
}
LINK = {"kind": "link", "body": "Your invoice", "button": "Open", "url": "https://shop.example.test/7"}
WHERE = {"kind": "location_request", "body": "Where are you?"}
FORM = {
    "kind": "form",
    "body": "Book a visit",
    "button": "Book",
    "form_id": "123",
    "token": "t1",
    "screen": "START",
    "data": {"day": "Monday"},
}


@pytest.fixture
def sent(bob, client_of):
    """What the API answers, and the stored message if there is one."""

    def send(ticket, interactive, **more):
        answer = client_of(bob).post(f"/api/v1/tickets/{ticket.pk}/messages/", {"interactive": interactive, **more}, format="json")
        return answer, Message.objects.filter(pk=answer.json().get("id")).first()

    return send


def picture(by):
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    size = content.tell()
    content.seek(0)
    return keep_upload(file=content, filename="map.png", declared_type="image/png", size_bytes=size, is_voice=False, by=by)


@pytest.mark.parametrize(
    ("interactive", "shape"), [(COLORS, Buttons), (MENU, ChoiceList), (LINK, LinkButton), (WHERE, LocationRequest), (FORM, Form)]
)
def test_a_gateway_that_can_gets_the_thing_itself(cloud_line, marina, sent, interactive, shape):
    answer, message = sent(heard(cloud_line, marina).ticket, interactive)

    content = _content_of(cloud_line, message)
    assert (answer.status_code, message.kind, message.body) == (201, "interactive", interactive["body"])
    assert (type(content), "is_downgraded" in message.payload) == (shape, False)


def test_ids_that_nobody_gave_are_places_and_come_with_the_content(cloud_line, marina, sent):
    _, message = sent(heard(cloud_line, marina).ticket, MENU)

    sections = _content_of(cloud_line, message).sections
    assert [(choice.id, choice.title) for section in sections for choice in section.choices] == [
        ("1", "Buy"),
        ("2", "Return"),
        ("3", "A person"),
    ]


def test_another_gets_numbered_text_and_the_answer_is_understood(line, marina, sent):
    _, message = sent(heard(line, marina).ticket, MENU)

    content = _content_of(line, message)
    assert (type(content), content.body, message.payload["is_downgraded"]) == (Text, message.body, True)
    assert "1. Buy – New things" in message.body and "3. A person" in message.body

    handle(line, [inbound(marina, "2"), inbound(marina, "1")])
    first, second = Message.objects.filter(direction="in").order_by("pk")[1:]
    assert first.payload["chosen"] == {"id": "2", "title": "Return"}
    assert "chosen" not in second.payload  # it answers nothing any more


@pytest.mark.parametrize(("said", "chosen"), [("Verde", None), ("GREEN!", "g"), ("option 1", "b"), ("3", None), ("I want 2 of them", None)])
def test_only_an_answer_is_taken_for_one(line, marina, sent, said, chosen):
    sent(heard(line, marina).ticket, COLORS)
    handle(line, [inbound(marina, said)])

    answer = Message.objects.filter(direction="in").latest("pk")
    assert answer.payload.get("chosen", {}).get("id") == chosen


def test_a_file_stands_above_the_text_or_carries_it(cloud_line, line, marina, bob, sent):
    media = picture(bob)
    _, message = sent(heard(line, marina).ticket, COLORS, media=media.pk)
    content = _content_of(line, message)

    assert (content.kind, content.caption, message.media_id) == ("image", message.body, media.pk)
    assert "1. Blue" in content.caption
    File.objects.filter(pk=media.pk).update(gateway_ids={str(cloud_line.pk): {"id": "77", "at": "2999-01-01T00:00:00+00:00"}})
    _, native = sent(heard(cloud_line, marina).ticket, COLORS, media=media.pk)
    assert (_content_of(cloud_line, native).header.external_id, native.body) == ("77", "Which one?")


@pytest.mark.parametrize(
    ("change", "code", "attr"),
    [
        ({"choices": []}, "invalid", "interactive.choices"),
        ({"choices": [{"title": str(number)} for number in range(4)]}, "invalid", "interactive.choices"),
        ({"choices": [{"title": "x" * 21}]}, "max_length", "interactive.choices"),
        ({"choices": [{"title": "A"}, {"title": "A"}]}, "duplicate", "interactive.choices"),
        ({"choices": [{"id": "1", "title": "A"}, {"id": "1", "title": "B"}]}, "duplicate", "interactive.choices"),
        ({"choices": [{"title": ""}]}, "blank", "interactive.choices.0.title"),
        ({"body": "x" * 1025}, "max_length", "interactive.body"),
        ({"body": ""}, "blank", "interactive.body"),
        ({"footer": "x" * 61}, "max_length", "interactive.footer"),
        ({"kind": "poll"}, "invalid_choice", "interactive.kind"),
        (MENU | {"button": ""}, "blank", "interactive.button"),
        (MENU | {"sections": []}, "invalid", "interactive.sections"),
        (MENU | {"sections": [MENU["sections"][0], {"choices": [{"title": "x"}]}]}, "required", "interactive.sections"),
        (LINK | {"url": "javascript:alert(1)"}, "invalid", "interactive.url"),
        (LINK | {"button": "x" * 21}, "max_length", "interactive.button"),
        (FORM | {"form_name": "visit"}, "required", "interactive.form_id"),
    ],
)
def test_what_whatsapp_would_refuse_is_said_at_its_field(cloud_line, marina, sent, change, code, attr):
    answer, message = sent(heard(cloud_line, marina).ticket, COLORS | change)

    assert (answer.status_code, [(error["code"], error["attr"]) for error in answer.json()["errors"]], message) == (
        400,
        [(code, attr)],
        None,
    )


def test_a_form_has_no_words_that_could_stand_in(line, marina, sent):
    answer, message = sent(heard(line, marina).ticket, FORM)

    assert (answer.json()["errors"][0]["code"], answer.json()["errors"][0]["attr"], message) == ("kind_unsupported", "interactive", None)


def test_a_program_asks_by_number(line, bob, client_of):
    body = {"connection": line.pk, "number": "+5511987650777", "interactive": COLORS}
    answer = client_of(bob).post("/api/v1/messages/", body, format="json")

    assert (answer.status_code, answer.json()["kind"]) == (201, "interactive")
