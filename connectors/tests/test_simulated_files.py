"""A simulated customer sends a file that was uploaded for it: by a link that we signed, which only this company's worker opens."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from connectors.fetching import fetch_media
from connectors.models import Connection, Media
from connectors.registry import provider_named
from connectors.services.media import expect_media
from connectors.tests.samples import picture, stored
from connectors.types import MessageKind, TypingSign
from tenants.models import Webhook, WebhookRoute

PHONE = "+5511987654321"


@pytest.fixture
def line(acme, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    connection = Connection.objects.create(name="Simulated", provider="simulator", state="connected")
    WebhookRoute.objects.create(token="a" * 40, company=acme, connection_id=connection.pk, provider="simulator")
    return connection


def test_a_file_from_the_simulated_phone_arrives_whole(line, bob, carol, client_of):
    client, path = client_of(bob), f"/api/v1/connections/{line.pk}/simulator/{PHONE}/messages/"
    form = {"file": SimpleUploadedFile("a.png", picture(), "image/png")}
    upload = client.post("/api/v1/uploads/", form, format="multipart").json()["id"]

    entry = client.post(path, {"kind": "image", "body": "Look", "media": upload})
    stolen = client_of(carol).post(path, {"kind": "image", "media": upload})

    [event] = provider_named("simulator").parse(bytes(Webhook.objects.get().body))
    media = expect_media(connection=line, ref=event.media, kind=MessageKind.IMAGE)
    fetch_media(media.pk)
    media = Media.objects.get(pk=media.pk)
    assert (entry.status_code, entry.json()["link"].startswith("/files/"), stolen.status_code) == (201, True, 400)
    assert (event.body, event.kind, media.state, media.filename, stored(media.file)) == ("Look", "image", "ready", "a.png", picture())


def test_a_simulated_customer_types(line, bob, client_of):
    path = f"/api/v1/connections/{line.pk}/simulator"

    typed, wrong = (client_of(bob).post(f"{path}/{number}/typing/") for number in (PHONE, "letters"))

    [event] = provider_named("simulator").parse(bytes(Webhook.objects.get().body))
    assert (typed.status_code, wrong.status_code, wrong.json()["errors"][0]["attr"]) == (204, 400, "number")
    assert (isinstance(event, TypingSign), event.person.addresses[0].value) == (True, PHONE)


def test_a_simulated_customer_sends_a_place_and_a_card(line, bob, client_of):
    client, path = client_of(bob), f"/api/v1/connections/{line.pk}/simulator/{PHONE}/messages/"

    place = client.post(path, {"kind": "location", "place": {"latitude": -23.5, "longitude": -46.6, "name": "Home"}}, format="json")
    card = client.post(path, {"kind": "contacts", "cards": [{"name": "Zoe", "phone": "+5511988887777"}]}, format="json")
    nowhere = client.post(path, {"kind": "location"}, format="json")
    nobody = client.post(path, {"kind": "contacts", "cards": []}, format="json")

    events = [provider_named("simulator").parse(bytes(webhook.body))[0] for webhook in Webhook.objects.order_by("pk")]
    assert (place.status_code, card.status_code, [event.kind for event in events]) == (201, 201, ["location", "contacts"])
    assert events[0].payload["location"] == {"latitude": -23.5, "longitude": -46.6, "name": "Home", "address": ""}
    assert events[1].payload["contacts"] == [{"name": {"formatted_name": "Zoe"}, "phones": [{"phone": "+5511988887777"}]}]
    assert [(answer.status_code, answer.json()["errors"][0]["attr"]) for answer in (nowhere, nobody)] == [(400, "place"), (400, "cards")]
