"""People's pictures: a private square of what was uploaded, and nothing of what was not a picture."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.services.avatars import MOST_BYTES, SIDE
from connectors.tests.samples import PROGRAM, bomb, picture

OWN = "/api/v1/auth/me/avatar/"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(client, content: bytes, name: str = "me.png"):
    return client.post(OWN, {"file": SimpleUploadedFile(name, content, "image/png")}, format="multipart")


def code_of(response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


def test_the_middle_of_a_photo_is_seen_by_colleagues_by_a_link_that_runs_out(acme, alice, bob, client_of):
    answer = upload(client_of(bob), picture("JPEG", size=(1200, 400)))
    path = f"/api/v1/{answer.json()['avatar']}"

    redirect = client_of(alice).get(path)
    file = Client(HTTP_HOST="acme.localhost").get(redirect.headers["Location"])
    shown = Image.open(io.BytesIO(b"".join(file.streaming_content)))

    assert (answer.status_code, redirect.status_code) == (200, 302)
    assert (shown.size, shown.format, file.headers["Content-Type"]) == ((SIDE, SIDE), "WEBP", "image/webp")
    assert client_of(alice).get("/api/v1/users/").json()["results"][1]["avatar"] == answer.json()["avatar"]
    assert client_of(bob).get("/api/v1/auth/me/").json()["user"]["avatar"] == answer.json()["avatar"]


def test_a_turned_photo_stands_upright_and_says_nothing_of_its_camera(acme, bob, client_of):
    wide = Image.new("RGB", (400, 200), "white")
    wide.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"  # turned by a quarter; who made it
    content = io.BytesIO()
    wide.save(content, "JPEG", exif=exif, quality=95)

    upload(client_of(bob), content.getvalue())

    bob.refresh_from_db()
    with default_storage.open(bob.avatar.name) as file:
        kept = Image.open(io.BytesIO(file.read())).convert("RGB")
    top, bottom = kept.getpixel((SIDE // 2, 20)), kept.getpixel((SIDE // 2, SIDE - 20))
    assert (top[1] < 80, bottom[1] > 200, dict(kept.getexif())) == (True, True, {})


def test_a_new_picture_has_a_new_address_and_the_old_file_is_gone(acme, bob, client_of, django_capture_on_commit_callbacks):
    client = client_of(bob)
    paths, names = [], []
    with django_capture_on_commit_callbacks(execute=True):
        for color in ("teal", "red"):
            paths.append(upload(client, picture(color=color)).json()["avatar"])
            bob.refresh_from_db()
            names.append(bob.avatar.name)

    there = [default_storage.exists(name) for name in names]
    with django_capture_on_commit_callbacks(execute=True):
        removed = client.delete(OWN)

    assert (len(set(paths)), there) == (2, [False, True])
    assert (removed.status_code, removed.json()["avatar"], default_storage.exists(names[1])) == (200, None, False)
    assert client.get(f"/api/v1/users/{bob.pk}/avatar/").status_code == 404


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (PROGRAM, (400, "image_broken")),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", (400, "image_broken")),
        (picture()[:60], (400, "image_broken")),
        (bomb(), (400, "image_too_large")),
        (bytes(MOST_BYTES + 1), (413, "file_too_large")),
        (b"", (400, "empty")),
    ],
    ids=["program", "svg", "half", "bomb", "large", "empty"],
)
def test_what_is_no_picture_is_refused_in_words(acme, bob, client_of, content, refusal):
    answer = upload(client_of(bob), content)

    bob.refresh_from_db()
    assert (code_of(answer), bob.avatar.name) == (refusal, "")


def test_mallory_sees_no_faces_of_acmes(acme, globex, bob, mallory, client_of):
    avatar = upload(client_of(bob), picture()).json()["avatar"]
    link = client_of(bob).get(f"/api/v1/{avatar}").headers["Location"]

    assert client_of(mallory).get(f"/api/v1/{avatar}").status_code == 404
    assert Client(HTTP_HOST="globex.localhost").get(link).status_code == 404
