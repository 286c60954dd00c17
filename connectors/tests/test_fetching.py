"""What customers send is fetched, checked and kept; what goes wrong is told in words and can be tried again."""

import base64
import datetime
import hashlib

import pytest

from connectors import fetching, media_links
from connectors.emulators.cloud.orders import answer_with
from connectors.emulators.cloud.world import StoredFile
from connectors.fetching import fetch_media, sweep_company
from connectors.models import Connection, Media
from connectors.services.media import expect_media, retry_download
from connectors.tests.meta import TOKEN, emulated_meta
from connectors.tests.samples import PDF, PROGRAM, bomb, picture, recording, stored
from connectors.types import MediaRef, MessageKind
from tenants.lib import filing
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError

CONTENT = picture("JPEG", size=(800, 600))


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


def told(content):
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def arrives(graph, line, content=CONTENT, *, kind=MessageKind.IMAGE, told_sha256="", **more):
    graph.world.files["9001"] = StoredFile(content)
    ref = MediaRef(external_id="9001", mime_type="image/jpeg", sha256=told_sha256 or told(content), **more)
    return expect_media(connection=line, ref=ref, kind=kind)


def fetched(media):
    fetch_media(media.pk)
    media.refresh_from_db()
    return media


def test_a_picture_is_fetched_checked_and_kept(graph, line):
    media = fetched(arrives(graph, line, filename="../a.jpg"))

    assert (media.state, media.mime_type, media.size_bytes, media.is_inline, media.filename) == (
        "ready", "image/jpeg", len(CONTENT), True, "a.jpg",
    )  # fmt: skip
    assert (media.sha256, media.width, media.height) == (hashlib.sha256(CONTENT).hexdigest(), 800, 600)
    assert stored(media.file) == CONTENT
    assert stored(media.thumbnail)[8:12] == b"WEBP"


def test_it_is_fetched_once(graph, line):
    media = fetched(arrives(graph, line))
    calls = len(graph.calls)

    fetch_media(media.pk)

    assert len(graph.calls) == calls


def test_a_file_that_is_not_the_one_that_was_sent_is_not_kept(graph, line):
    media = fetched(arrives(graph, line, told_sha256=told(b"another")))

    assert (media.state, media.error_code, media.file) == ("failed", "sha256_mismatch", "")
    assert media.error_text == "The file arrived damaged: it is not the one that was sent."


@pytest.mark.parametrize("content", [PROGRAM, b"<html><script>", bomb(), picture()[:70]], ids=["program", "page", "bomb", "broken"])
def test_what_is_dangerous_is_kept_for_download_only(graph, line, content):
    media = fetched(arrives(graph, line, content))

    assert (media.state, media.is_inline, media.thumbnail) == ("ready", False, "")


@pytest.mark.parametrize(
    ("content", "kind", "said", "found"),
    [
        (picture("PNG"), MessageKind.IMAGE, "image/jpeg", ("ready", "image/png", True)),
        (picture("WEBP"), MessageKind.STICKER, "application/octet-stream", ("ready", "image/webp", True)),
        (recording("ogg"), MessageKind.AUDIO, "audio/mpeg", ("ready", "audio/ogg", True)),
        (PDF, MessageKind.DOCUMENT, "image/png", ("ready", "application/pdf", False)),
        (b"<svg onload='alert(1)'>", MessageKind.IMAGE, "image/png", ("ready", "image/svg+xml", False)),
        (PDF, MessageKind.IMAGE, "image/jpeg; charset=binary", ("ready", "application/pdf", False)),
        (picture("PNG"), MessageKind.IMAGE, "", ("ready", "image/png", True)),
        (picture("PNG"), MessageKind.IMAGE, "no type at all" * 40, ("ready", "image/png", True)),
    ],
    ids=["png as jpeg", "sticker as bytes", "ogg as mp3", "pdf as png", "page as png", "pdf as photo", "untold", "nonsense"],
)
def test_a_gateways_wrong_type_is_not_believed(graph, line, content, kind, said, found):
    graph.world.files["9001"] = StoredFile(content)

    media = fetched(expect_media(connection=line, ref=MediaRef(external_id="9001", mime_type=said), kind=kind))

    assert (media.state, media.mime_type, media.is_inline) == found


def test_a_voice_note_is_sound(graph, line):
    media = fetched(arrives(graph, line, recording("ogg"), kind=MessageKind.AUDIO, is_voice=True))

    assert (media.state, media.mime_type, media.is_inline, media.is_voice) == ("ready", "audio/ogg", True, True)


@pytest.mark.parametrize("size_bytes", [None, 5000], ids=["untold", "told"])
def test_a_file_that_is_too_large_is_not_kept(graph, line, settings, size_bytes):
    settings.UPLOAD_MAX_SIZE = 1000

    media = fetched(arrives(graph, line, bytes(5000), size_bytes=size_bytes))

    assert (media.state, media.error_code, media.attempts) == ("failed", "file_too_large", 1)


@pytest.mark.parametrize(("kind", "is_voice"), [(MessageKind.IMAGE, False), (MessageKind.AUDIO, True)], ids=["picture", "voice note"])
def test_an_empty_file_fails(graph, line, kind, is_voice):
    media = fetched(arrives(graph, line, b"", kind=kind, is_voice=is_voice))

    assert (media.state, media.error_code, media.file) == ("failed", "file_empty", "")


def test_trouble_is_tried_again_later_and_in_the_end_told(graph, line):
    media = arrives(graph, line)
    waits = []
    for _ in range(fetching.ATTEMPTS):
        graph.orders.append(answer_with(503, b"busy"))
        fetched(media)
        waits.append(media.retry_at and round((media.retry_at - now()).total_seconds(), -1))
        Media.objects.filter(pk=media.pk).update(retry_at=None)

    assert waits == [10, 30, 90, 270, None]
    assert (media.state, media.attempts, bool(media.error_text)) == ("failed", fetching.ATTEMPTS, True)


def test_nothing_is_tried_before_its_time(graph, line):
    media = arrives(graph, line)
    Media.objects.filter(pk=media.pk).update(retry_at=now() + datetime.timedelta(seconds=30))

    assert (fetched(media).state, graph.calls) == ("waiting", [])


def test_a_person_tries_again(graph, line, bob):
    media = fetched(arrives(graph, line, told_sha256=told(b"another")))
    Media.objects.filter(pk=media.pk).update(expected_sha256="")

    waiting = retry_download(media, by=bob).state

    assert (waiting, fetched(media).state) == ("waiting", "ready")
    with pytest.raises(ApplicationError, match="could not be fetched"):
        retry_download(media, by=bob)


def test_the_sweep_finds_what_was_forgotten(graph, line, django_capture_on_commit_callbacks, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    waiting, left, busy = arrives(graph, line), arrives(graph, line), arrives(graph, line)
    soon, ago = now() + datetime.timedelta(minutes=1), now() - datetime.timedelta(seconds=1)
    Media.objects.filter(pk=left.pk).update(state="downloading", leased_until=ago)
    Media.objects.filter(pk=busy.pk).update(state="downloading", leased_until=soon)

    with django_capture_on_commit_callbacks() as told_of:
        sweep_company()

    assert len(told_of) == 2
    assert [fetched(media).state for media in (waiting, left, busy)] == ["ready", "ready", "downloading"]


def test_a_simulated_phone_sends_data_and_signed_links_of_its_own_company_only(acme, globex, line):
    line.provider = "simulator"
    line.save()
    data = "data:image/jpeg;base64," + base64.b64encode(CONTENT).decode()
    first = fetched(expect_media(connection=line, ref=MediaRef(url=data), kind=MessageKind.IMAGE))
    link = media_links.link_for_gateway(first)
    second = fetched(expect_media(connection=line, ref=MediaRef(url=link), kind=MessageKind.IMAGE))
    stolen = filing.local_link(filing.FileLink(globex.pk, "globex/x.jpg", "image/jpeg", "x.jpg", is_inline=True))

    others = [stolen, "https://elsewhere.test/a.jpg", "file:///etc/passwd"]
    failed = [fetched(expect_media(connection=line, ref=MediaRef(url=url), kind=MessageKind.IMAGE)) for url in others]

    assert (first.state, first.source_url, second.state, second.sha256) == ("ready", "", "ready", first.sha256)
    assert [(media.state, media.error_code) for media in failed] == [("failed", "media_gone")] * 3
