"""A simulated customer sends a file that was uploaded for it: by a link that we signed, which only this company's worker opens."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from connectors.fetching import fetch_media
from connectors.models import Connection, Media
from connectors.registry import provider_named
from connectors.services.media import expect_media
from connectors.tests.samples import picture, stored
from connectors.types import MessageKind
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
