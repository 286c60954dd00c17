"""Every declared kind arrives as it was meant; what is not declared is refused or said in words, never dropped."""

import io

import pytest

from connectors.preparing import prepare_media
from connectors.services.downgrading import choice_answered, fitted
from connectors.services.media import keep_upload, outgoing_of
from connectors.tests.conformance.gateway import Said, Shown
from connectors.tests.samples import PDF, picture, recording
from connectors.types import (
    MEDIA_KINDS,
    Buttons,
    Choice,
    ChoiceList,
    ContactCard,
    ContactCards,
    Form,
    InteractiveKind,
    LinkButton,
    Location,
    LocationRequest,
    MessageKind,
    ProviderError,
    Reaction,
    Section,
    TemplateCall,
    Text,
)
from tickets.models import Message

YES_NO = Buttons("Shall we?", (Choice("y", "Yes"), Choice("n", "Não")), footer="Acme")
MENU = ChoiceList(
    "What is it about?",
    "Topics",
    (Section((Choice("buy", "Buying", "a new one"), Choice("fix", "Repair")), "Shop"), Section((Choice("other", "Other"),), "Else")),
)
FILES = {
    MessageKind.IMAGE: ("a.png", "image/png", picture("PNG")),
    MessageKind.VIDEO: ("a.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200)),
    MessageKind.AUDIO: ("a.ogg", "audio/ogg", b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead\x01\x01" + bytes(200)),
    MessageKind.DOCUMENT: ("a.pdf", "application/pdf", PDF),
    MessageKind.STICKER: ("a.webp", "image/webp", picture("WEBP", size=(512, 512))),
}


def file_content(gateway, by, kind, caption=""):
    """As the product sends files: kept, made ready for the gateway, named by its id there or by a link."""
    name, mime_type, content = FILES[kind]
    media = keep_upload(file=io.BytesIO(content), filename=name, declared_type=mime_type, size_bytes=len(content), is_voice=False, by=by)
    prepare_media(media.pk, gateway.connection.pk)
    media.refresh_from_db()
    return outgoing_of(media, gateway.connection, kind=kind, caption=caption)


def template_of(gateway):
    """The first listed one, every variable filled."""
    info = next(one for one in gateway.provider.templates(gateway.link) if one.status == "APPROVED" and "{{1}}" in str(one.components))
    text = next(component["text"] for component in info.components if component["type"] == "BODY")
    count = text.count("{{")
    parameters = [{"type": "text", "text": f"word {place}"} for place in range(count)]
    return TemplateCall(info.name, info.language, ({"type": "body", "parameters": parameters},), text.replace("{{1}}", "word 0"))


def test_a_text_arrives_and_names_who_got_it(gateway):
    sent = gateway.send(Text("Olá, *mundo* 😀\nlinha 2"))

    assert gateway.phone() == [Shown(MessageKind.TEXT, "Olá, *mundo* 😀\nlinha 2")]
    assert (bool(sent.external_id), gateway.number in {address.value for address in sent.addresses}) == (True, True)


@pytest.mark.parametrize("kind", sorted(MEDIA_KINDS))
def test_a_file_arrives_byte_for_byte(gateway, alice, kind):
    caption = "" if kind in (MessageKind.AUDIO, MessageKind.STICKER) else "Look"

    gateway.send(file_content(gateway, alice, kind, caption))

    assert kind in gateway.provider.capabilities.kinds
    assert gateway.phone() == [Shown(kind, caption, FILES[kind][2])]


def test_a_recording_arrives_as_a_voice_note(gateway, alice):
    content = recording("webm")
    media = keep_upload(
        file=io.BytesIO(content), filename="blob", declared_type="audio/webm", size_bytes=len(content), is_voice=True, by=alice
    )
    prepare_media(media.pk, gateway.connection.pk)
    media.refresh_from_db()

    gateway.send(outgoing_of(media, gateway.connection, kind=MessageKind.AUDIO, caption=""))

    [shown] = gateway.phone()
    assert (shown.kind, shown.content[:4]) == (MessageKind.AUDIO, b"OggS")


def test_the_same_file_is_handed_over_once(gateway, alice):
    first = file_content(gateway, alice, MessageKind.IMAGE)
    second = file_content(gateway, alice, MessageKind.IMAGE)

    assert (first.external_id == second.external_id, bool(first.external_id)) == (True, gateway.provider.capabilities.needs_upload)


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        (MessageKind.LOCATION, Location(-23.5, -46.6, "Office", "Rua A, 1"), "Office"),
        (MessageKind.CONTACTS, ContactCards((ContactCard("Ana Lima", ("+5511987654321",), "Acme"), ContactCard("Bo", ()))), "Ana Lima, Bo"),
    ],
)
def test_places_and_cards_arrive(gateway, kind, content, words):
    gateway.send(content)

    assert [(shown.kind, shown.body) for shown in gateway.phone()] == [(kind, words)]


def test_a_template_arrives_filled(gateway):
    if not gateway.provider.capabilities.has_templates:
        with pytest.raises(ProviderError):
            gateway.send(TemplateCall("any", "en"))
        return

    gateway.send(template_of(gateway))

    [shown] = gateway.phone()
    assert (shown.kind, "word 0" in shown.body) == (MessageKind.TEMPLATE, True)


def test_quotes_and_reactions_are_about_what_the_customer_said(gateway):
    asked = gateway.says(Said(body="How much?"))
    gateway.arrive()

    gateway.send(Text("It is 10"), our_id="c-1", reply_to=asked if gateway.provider.capabilities.can_quote else "")
    gateway.send(Reaction(asked, "👍"), our_id="c-2")
    gateway.send(Reaction(asked, ""), our_id="c-3")

    text, liked, taken_back = gateway.phone()
    assert text.reply_to == (asked if gateway.provider.capabilities.can_quote else "")
    assert [(one.kind, one.body, one.target) for one in (liked, taken_back)] == [
        (MessageKind.REACTION, "👍", asked), (MessageKind.REACTION, "", asked),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [YES_NO, MENU], ids=["buttons", "list"])
def test_choices_are_shown_and_their_answer_is_understood(gateway, content):
    kind = InteractiveKind.BUTTONS if content is YES_NO else InteractiveKind.LIST
    is_native = kind in gateway.provider.capabilities.interactive

    fit = fitted(content, gateway.provider.capabilities)
    sent = gateway.send(fit.content)
    [shown] = gateway.phone()
    second = content.choices[1] if content is YES_NO else content.sections[0].choices[1]
    if is_native:
        gateway.taps(sent.external_id, second.id)
        gateway.arrive()
        answer = Message.objects.get(direction="in")
        assert (answer.payload["id"], answer.body, answer.reply_to) == (second.id, second.title, sent.external_id)
        assert (fit.is_downgraded, shown.choices[1]) == (False, second.title)
        return

    gateway.says(Said(body="2"))
    gateway.arrive()
    answer = Message.objects.get(direction="in")
    assert (fit.is_downgraded, shown.kind, f"2. {second.title}" in shown.body) == (True, MessageKind.TEXT, True)
    assert choice_answered(fit.choices, answer.body) == second
    assert choice_answered(fit.choices, "repair" if content is MENU else "NAO!") == second
    assert choice_answered(fit.choices, "7") is None


@pytest.mark.parametrize(
    ("kind", "content", "must_say"),
    [
        (InteractiveKind.LINK, LinkButton("Our shop", "Open", "https://example.com/shop"), "https://example.com/shop"),
        (InteractiveKind.LOCATION_REQUEST, LocationRequest("Where are you?"), "Where are you?"),
    ],
)
def test_links_and_location_requests_arrive_one_way_or_the_other(gateway, kind, content, must_say):
    gateway.send(fitted(content, gateway.provider.capabilities).content)

    [shown] = gateway.phone()
    if kind in gateway.provider.capabilities.interactive:
        assert (shown.kind, shown.body) == (MessageKind.INTERACTIVE, content.body)
    else:
        assert (shown.kind, must_say in shown.body) == (MessageKind.TEXT, True)


def test_a_form_arrives_or_is_refused_before_anything_is_sent(gateway):
    form = Form("Tell us more", "Open", form_id="77", token="t-1", screen="START", data={"name": "Ana"})
    if InteractiveKind.FORM in gateway.provider.capabilities.interactive:
        gateway.send(fitted(form, gateway.provider.capabilities).content)
        assert [shown.kind for shown in gateway.phone()] == [MessageKind.INTERACTIVE]
        return

    with pytest.raises(ProviderError) as caught:
        fitted(form, gateway.provider.capabilities)
    assert (caught.value.code, gateway.phone()) == ("content_unsupported", [])


@pytest.mark.parametrize(
    "content", [YES_NO, MENU, LocationRequest("Where?"), LinkButton("x", "y", "https://z.test/")], ids=lambda one: type(one).__name__
)
def test_what_the_gateway_has_not_is_refused_by_the_provider_itself(gateway, content):
    if fitted(content, gateway.provider.capabilities).is_downgraded:
        with pytest.raises(ProviderError) as caught:
            gateway.send(content)
        assert (caught.value.code, gateway.phone()) == ("content_unsupported", [])


def test_reading_and_typing_are_shown_or_refused(gateway):
    asked = gateway.says(Said(body="Hello?"))
    gateway.arrive()

    mark = gateway.provider.mark_read(gateway.link, asked, is_typing=gateway.provider.capabilities.shows_typing)
    if gateway.provider.capabilities.marks_read:
        gateway.run(mark)
        assert gateway.reads(asked)
        return
    with pytest.raises(ProviderError) as caught:
        gateway.run(mark)
    assert caught.value.code == "read_unsupported"
