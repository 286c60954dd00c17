"""Before a file is sent: recordings become voice notes, and gateways that want the file first get it, once."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from connectors.emulators.cloud.orders import refuse
from connectors.models import Connection, Media
from connectors.preparing import prepare_media
from connectors.selectors import readiness_of
from connectors.services.media import keep_upload, prepare_again
from connectors.tests.meta import TOKEN, emulated_meta
from connectors.tests.samples import picture, recording, stored
from connectors.types import Readiness
from tenants.lib.clock import now


@pytest.fixture(autouse=True)
def graph(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with emulated_meta() as server:
        settings.GRAPH_URL = server.url
        yield server


@pytest.fixture
def line(acme):
    credentials = {"phone_number_id": "1055", "access_token": TOKEN}
    return Connection.objects.create(name="Cloud", provider="cloud_api", state="connected", credentials=credentials)


@pytest.fixture
def simulated(acme):
    return Connection.objects.create(name="Simulated", provider="simulator", state="connected")


def kept(by, content, *, name="photo.png", declared_type="image/png", is_voice=False):
    file = SimpleUploadedFile(name, content).file
    return keep_upload(file=file, filename=name, declared_type=declared_type, size_bytes=len(content), is_voice=is_voice, by=by)


def prepared(media, line):
    prepare_media(media.pk, line.pk)
    media.refresh_from_db()
    return readiness_of(media, line)


def test_a_file_is_handed_to_the_gateway_once_and_again_before_it_forgets(graph, line, bob):
    media = kept(bob, picture())
    first = prepared(media, line)
    media.gateway_ids[str(line.pk)]["at"] = (now() - datetime.timedelta(days=26)).isoformat()
    media.save()
    forgotten = readiness_of(media, line)
    second = prepared(media, line)

    ids = list(graph.world.files)
    assert (first, forgotten, second) == (
        Readiness(is_ready=True, external_id=ids[0]), Readiness(), Readiness(is_ready=True, external_id=ids[1]),
    )  # fmt: skip
    assert [(file.mime_type, file.content) for file in graph.uploaded] == [("image/png", picture())] * 2


def test_a_gateway_that_reads_links_gets_none(graph, simulated, bob):
    media = kept(bob, picture())

    assert (readiness_of(media, simulated), graph.calls) == (Readiness(is_ready=True), [])


@pytest.mark.parametrize(("form", "codec"), [("webm", "libopus"), ("mp4", "aac")])
def test_what_a_browser_recorded_becomes_a_voice_note(simulated, bob, form, codec):
    media = kept(bob, recording(form, codec=codec), name="blob", declared_type=f"audio/{form}", is_voice=True)
    recorded, before = media.file, readiness_of(media, simulated)

    after = prepared(media, simulated)

    content = stored(media.file)
    assert (before, after) == (Readiness(), Readiness(is_ready=True))
    assert (media.mime_type, media.kind, media.is_voice, media.size_bytes, media.file[-4:]) == (
        "audio/ogg", "audio", True, len(content), ".ogg",
    )  # fmt: skip
    assert (content[:4], b"OpusHead" in content[:64], default_storage.exists(recorded)) == (b"OggS", True, False)


def test_a_recording_without_sound_fails_in_words(simulated, bob):
    media = kept(bob, recording("webm")[:60], name="blob", declared_type="audio/webm", is_voice=True)

    readiness = prepared(media, simulated)

    assert (readiness.is_ready, readiness.error_code) == (False, "voice_conversion")
    assert readiness.error_text == "The recording cannot be converted: it holds no sound that can be played."


def test_a_gateway_that_refuses_is_asked_a_few_times_or_by_a_person(graph, line, bob, settings):
    settings.SEND_ATTEMPTS = 2
    media = kept(bob, picture())
    graph.orders.extend([refuse(1, status=500), refuse(1, status=500)])

    first, second = prepared(media, line), prepared(media, line)
    prepare_again(media, line)
    third = prepared(media, line)

    assert (first, second.error_code, bool(second.error_text)) == (Readiness(), "1", True)
    assert (third.is_ready, len(graph.uploaded)) == (True, 1)


def test_two_workers_do_not_prepare_the_same_file_at_once(graph, line, bob):
    media = kept(bob, picture())
    Media.objects.filter(pk=media.pk).update(leased_until=now() + datetime.timedelta(minutes=1))

    assert (prepared(media, line), graph.calls) == (Readiness(), [])
