"""Everything that customers do arrives, once, whatever happens on its way."""

import pytest

from connectors.fetching import fetch_media
from connectors.tests.conformance.gateway import File, Said
from connectors.tests.samples import PDF, picture, stored
from connectors.types import MessageKind
from tickets.models import Message, Ticket

PLACE = {"latitude": -23.5, "longitude": -46.6, "name": "Praça", "address": "Rua A, 1"}
PHONES = [{"phone": "+55 11 98765-0000", "wa_id": "5511987650000"}]
CARDS = [{"name": {"formatted_name": "Bruno Lima", "first_name": "Bruno"}, "phones": PHONES}]
ORDER = {"catalog_id": "1", "text": "", "product_items": [{"product_retailer_id": "a", "quantity": 2, "item_price": 5, "currency": "BRL"}]}
SAID = {
    "text": Said(body="Olá! €"),
    "button": Said(MessageKind.BUTTON, "Yes", payload={"id": "y", "title": "Yes"}),
    "interactive": Said(MessageKind.INTERACTIVE, "Yes", payload={"id": "y", "title": "Yes"}),
    "location": Said(MessageKind.LOCATION, payload={"location": PLACE}),
    "contacts": Said(MessageKind.CONTACTS, payload={"contacts": CARDS}),
    "order": Said(MessageKind.ORDER, payload={"order": ORDER}),
}
FILES = {
    MessageKind.IMAGE: File(picture("JPEG"), "image/jpeg"),
    MessageKind.DOCUMENT: File(PDF, "application/pdf", "a.pdf"),
    MessageKind.STICKER: File(picture("WEBP", size=(512, 512)), "image/webp"),
    MessageKind.AUDIO: File(b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead\x01\x01" + bytes(300), "audio/ogg", is_voice=True),
    MessageKind.VIDEO: File(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(300), "video/mp4"),
}


@pytest.mark.parametrize("name", SAID)
def test_every_kind_is_received(gateway, name):
    said = SAID[name]

    external_id = gateway.says(said)
    gateway.arrive()

    message = Message.objects.get()
    assert (message.external_id, message.kind, message.direction, message.contact.name) == (external_id, said.kind, "in", "Ana Souza")
    assert (message.contact.phone, message.ticket.unread_count) == (gateway.number, 1)
    for key in ("location", "contacts", "order", "id"):
        assert message.payload.get(key) == said.payload.get(key)
    if said.body:
        assert message.body == said.body


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_file_is_received_byte_for_byte(gateway, kind):
    file = FILES[kind]

    gateway.says(Said(kind, "" if kind in (MessageKind.AUDIO, MessageKind.STICKER) else "Look", file))
    gateway.arrive()
    message = Message.objects.get()
    fetch_media(message.media_id)
    message.media.refresh_from_db()

    assert (message.kind, message.media.state, stored(message.media.file)) == (kind, "ready", file.content)
    assert (message.media.is_voice, message.media.filename) == (file.is_voice, file.filename)


def test_a_quote_names_what_it_quotes(gateway):
    first = gateway.says(Said(body="One"))
    second = gateway.says(Said(body="Two", reply_to=first))
    gateway.arrive()

    assert Message.objects.get(external_id=second).reply_to == first


def test_reactions_edits_and_revokes_change_what_they_are_about(gateway):
    first = gateway.says(Said(body="Tomorow"))
    gateway.arrive()
    for said in (
        Said(MessageKind.REACTION, "👍", target=first, payload={"emoji": "👍"}),
        Said(MessageKind.EDIT, "Tomorrow", target=first),
        Said(MessageKind.REVOKE, target=first),
    ):
        gateway.says(said)
    gateway.arrive_badly()

    message = Message.objects.get()
    assert (message.body, message.payload["reactions"]["in"]["emoji"], "revoked_at" in message.payload) == ("Tomorrow", "👍", True)
    assert len(message.payload["edits"]) == 2


def test_a_kind_that_nobody_knows_is_kept(gateway):
    external_id = gateway.says(Said(MessageKind.UNKNOWN))
    gateway.arrive()

    message = Message.objects.get()
    assert (message.external_id, message.kind, message.payload["type"]) == (external_id, "unknown", "hologram")


def test_repeats_and_disorder_store_each_message_once(gateway):
    said = [gateway.says(Said(body=f"Word {place}")) for place in range(8)]
    gateway.arrive_badly()

    assert sorted(Message.objects.values_list("external_id", flat=True)) == sorted(said)
    assert (Ticket.objects.count(), Ticket.objects.get().unread_count) == (1, 8)


def test_a_call_that_cannot_be_read_costs_nothing_else(gateway):
    external_id = gateway.says(Said(body="Still here"))
    bodies = gateway.collect()

    gateway.arrive([b'{"nothing": "known"}', *bodies])

    assert Message.objects.get().external_id == external_id
