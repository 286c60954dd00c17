"""Files that people upload: kept when they are what they say, reached by links that run out."""

import io
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import TimestampSigner
from django.test import Client
from PIL import Image

from connectors import media_links
from connectors.models import Media
from connectors.tests.samples import PDF, PROGRAM, bomb, picture, recording, stored
from tenants.lib import filing


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(client, content, name="photo.png", content_type="image/png", **more):
    return client.post("/api/v1/uploads/", {"file": SimpleUploadedFile(name, content, content_type), **more}, format="multipart")


def error_of(answer):
    [error] = answer.json()["errors"]
    return answer.status_code, error["code"]


def get(path, host="acme.localhost", **headers):
    return Client(HTTP_HOST=host).get(path, headers=headers)


def test_a_picture_is_kept_with_a_small_one(acme, bob, client_of):
    content = picture("JPEG", size=(1600, 800))

    answer = upload(client_of(bob), content, name="../../férias.jpg", content_type="image/jpeg")

    media = Media.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": media.pk, "kind": "image", "mime_type": "image/jpeg", "size_bytes": len(content), "filename": "férias.jpg",
        "width": 1600, "height": 800, "is_voice": False, "is_animated": False, "is_inline": True, "state": "ready",
        "error_code": "", "error": "", "url": f"media/{media.pk}/", "thumbnail_url": f"media/{media.pk}/thumbnail/",
    }  # fmt: skip
    assert (media.author, media.file.startswith("acme/"), stored(media.file)) == (bob, True, content)
    with Image.open(io.BytesIO(stored(media.thumbnail))) as small:
        assert (small.format, small.size) == ("WEBP", (480, 240))


def test_a_recording_is_a_voice_note(acme, bob, client_of):
    answer = upload(client_of(bob), recording("webm"), name="blob", content_type="audio/webm;codecs=opus", is_voice=True)

    assert {key: answer.json()[key] for key in ("kind", "mime_type", "is_voice", "filename", "state")} == {
        "kind": "audio", "mime_type": "audio/webm", "is_voice": True, "filename": "", "state": "ready",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "content_type", "more", "error"),
    [
        (PROGRAM, "photo.jpg", "image/jpeg", {}, (400, "file_is_program")),
        (b"<svg onload='alert(1)'>", "photo.png", "image/png", {}, (400, "type_mismatch")),
        (PDF, "song.mp3", "audio/mpeg", {}, (400, "type_mismatch")),
        (b"", "photo.png", "image/png", {}, (400, "file_empty")),
        (b"", "voice.webm", "audio/webm", {"is_voice": True}, (400, "file_empty")),
        (picture(), "voice.webm", "audio/webm", {"is_voice": True}, (400, "type_mismatch")),
        (bomb(), "photo.png", "image/png", {}, (400, "image_too_large")),
        (picture()[:60], "photo.png", "image/png", {}, (400, "image_broken")),
    ],
    ids=["program", "page", "pdf as mp3", "empty", "empty voice", "picture as voice", "bomb", "broken"],
)
def test_lies_and_traps_are_refused(acme, bob, client_of, content, name, content_type, more, error):
    answer = upload(client_of(bob), content, name=name, content_type=content_type, **more)

    assert (error_of(answer), Media.objects.count(), [*Path(django_settings.MEDIA_ROOT).rglob("*.*")]) == (error, 0, [])


def test_a_file_that_is_too_large_is_refused_before_it_is_read(acme, bob, client_of, settings):
    settings.UPLOAD_MAX_SIZE = 1024
    with patch("rest_framework.request.Request._parse", side_effect=AssertionError("It was read.")):
        far = upload(client_of(bob), bytes(200_000))
    near = upload(client_of(bob), picture("PNG") + bytes(1500))

    assert (error_of(far), error_of(near), "1.0\xa0KB" in near.json()["errors"][0]["detail"]) == (
        (413, "file_too_large"), (413, "file_too_large"), True,
    )  # fmt: skip


def test_a_signed_link_opens_the_file_and_parts_of_it(acme, bob, client_of):
    content = picture("JPEG", size=(300, 300))
    media = Media.objects.get(pk=upload(client_of(bob), content, name="a.jpg", content_type="image/jpeg").json()["id"])

    link = media_links.link_to_file(media)
    whole = get(link)
    part, tail, beyond = (get(link, Range=asked) for asked in ("bytes=10-19", "bytes=-5", "bytes=999999-"))
    shared = get(link, host="localhost")

    assert (whole.status_code, b"".join(whole.streaming_content), whole["Content-Type"]) == (200, content, "image/jpeg")
    assert whole["Content-Disposition"] == 'inline; filename="a.jpg"'
    assert (whole["X-Content-Type-Options"], whole["Content-Security-Policy"].split(";")[0]) == ("nosniff", "sandbox")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, content[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(content)}"
    assert (b"".join(tail.streaming_content), beyond.status_code) == (content[-5:], 416)
    assert b"".join(shared.streaming_content) == content


def test_what_a_browser_should_not_open_is_downloaded(acme, bob, client_of):
    media = Media.objects.get(pk=upload(client_of(bob), b"<html><script>", name="page.html", content_type="text/html").json()["id"])

    answer = get(media_links.link_to_file(media))

    assert (answer["Content-Disposition"], answer["Content-Type"]) == ('attachment; filename="page.html"', "text/html")


def test_a_link_runs_out_and_opens_nothing_elsewhere(acme, globex, bob, client_of):
    media = Media.objects.get(pk=upload(client_of(bob), picture()).json()["id"])
    link = media_links.link_to_file(media)
    with patch("django.core.signing.time.time", return_value=0):
        old = media_links.link_to_file(media)

    expired, forged, elsewhere = get(old), get(link[:-3] + "xx/"), get(link, host="globex.localhost")
    stranger = filing.local_link(filing.FileLink(globex.pk, media.file, "image/png", "a.png", is_inline=True))

    assert [answer.status_code for answer in (expired, forged, elsewhere)] == [410, 404, 404]
    assert "This link has expired." in expired.content.decode()
    assert [get(stranger, host=host).status_code for host in ("globex.localhost", "localhost")] == [404, 404]
    assert get(f"/files/{TimestampSigner(salt='other').sign_object([1])}/").status_code == 404


def test_names_are_shown_but_never_obeyed():
    names = ["..\\..\\boot.ini", "a\u202egnp.exe", "x" * 400 + ".pdf", "\x00.jpg", "ok name.txt"]

    assert [filing.clean_filename(name) for name in names] == ["boot.ini", "agnp.exe", "x" * 146 + ".pdf", "jpg", "ok name.txt"]
