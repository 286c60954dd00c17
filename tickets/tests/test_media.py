"""Files in conversations: what customers send is shown when it is here, what people send goes out as WhatsApp wants it."""

import base64
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from connectors.emulators.cloud.orders import refuse
from connectors.emulators.cloud.world import StoredFile
from connectors.fetching import fetch_media
from connectors.models import Media
from connectors.preparing import prepare_media
from connectors.providers.simulator import network
from connectors.providers.simulator.network import Line
from connectors.tests.meta import TOKEN, emulated_meta
from connectors.tests.samples import picture, recording
from connectors.types import Delivery, MediaRef, MessageKind
from tenants.lib.realtime import head, missed
from tenants.lib.tenancy import current_company, enter
from tickets.delivery import deliver
from tickets.models import Message
from tickets.services.receiving import receive_message
from tickets.tests.factories import heard, inbound

URL = "/api/v1/"
CONTENT = picture("JPEG", size=(600, 400))
DATA_URL = "data:image/jpeg;base64," + base64.b64encode(CONTENT).decode()


@pytest.fixture(autouse=True)
def graph(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with emulated_meta() as server:
        settings.GRAPH_URL = server.url
        yield server


@pytest.fixture
def held(line, marina, bob, client_of):
    """Marina wrote, and Bob took it."""
    ticket = heard(line, marina).ticket
    client_of(bob).post(f"{URL}tickets/{ticket.pk}/accept/")
    return ticket


@pytest.fixture
def cloud_held(cloud_line, marina, bob, client_of):
    cloud_line.credentials = {"phone_number_id": "1055", "access_token": TOKEN}
    cloud_line.save()
    ticket = heard(cloud_line, marina).ticket
    client_of(bob).post(f"{URL}tickets/{ticket.pk}/accept/")
    return ticket


def uploaded(client, content=CONTENT, name="a.jpg", content_type="image/jpeg", **more):
    form = {"file": SimpleUploadedFile(name, content, content_type), **more}
    return client.post(f"{URL}uploads/", form, format="multipart").json()["id"]


def say(client, ticket, **body):
    return client.post(f"{URL}tickets/{ticket.pk}/messages/", body)


def errors_of(answer):
    return answer.status_code, [(error["code"], error["attr"]) for error in answer.json()["errors"]]


def sends_picture(line, contact, **more):
    ref = MediaRef(url=DATA_URL, mime_type="image/jpeg", sha256=hashlib.sha256(CONTENT).hexdigest(), filename="beach.jpg")
    return heard(line, contact, "Look", kind=MessageKind.IMAGE, media=ref, **more)


def opened(client, path):
    """What is behind a link of the API, as a browser follows it."""
    answer = client.get(URL + path)
    return b"".join(Client(HTTP_HOST="acme.localhost").get(answer["Location"]).streaming_content)


def test_a_customers_picture_is_announced_then_shown(line, marina, bob, client_of, django_capture_on_commit_callbacks):
    message = sends_picture(line, marina)
    client = client_of(bob)
    waiting = client.get(f"{URL}messages/{message.pk}/").json()
    early = client.get(f"{URL}media/{message.media_id}/")
    since = head(current_company())

    with django_capture_on_commit_callbacks(execute=True):
        fetch_media(message.media_id)

    shown = client.get(f"{URL}messages/{message.pk}/").json()
    [frame] = [frame for frame in missed(current_company(), since) if frame.event.endswith("appMessage")]
    assert (waiting["media"]["state"], errors_of(early)) == ("waiting", (409, [("media_not_ready", None)]))
    assert (shown["body"], shown["kind"], shown["payload"]["media"]["url"]) == ("Look", "image", "")
    assert shown["media"] == {
        "id": message.media_id, "kind": "image", "mime_type": "image/jpeg", "size_bytes": len(CONTENT), "filename": "beach.jpg",
        "width": 600, "height": 400, "is_voice": False, "is_animated": False, "is_inline": True, "state": "ready", "error_code": "",
        "error": "", "url": f"media/{message.media_id}/", "thumbnail_url": f"media/{message.media_id}/thumbnail/",
    }  # fmt: skip
    assert (frame.data["action"], frame.data["message"]["media"]) == ("update", shown["media"])
    assert opened(client, shown["media"]["url"]) == CONTENT
    assert opened(client, shown["media"]["thumbnail_url"])[8:12] == b"WEBP"
    assert client.get(f"{URL}media/{message.media_id}/link/").json()["expires_in"] == 3600


def test_a_repeat_brings_no_second_file(line, marina):
    for _ in range(2):
        sends_picture(line, marina, external_id="wamid.1")

    assert (Message.objects.count(), Media.objects.count()) == (1, 1)


def test_a_message_without_a_file_has_none(bob, client_of, held):
    assert client_of(bob).get(f"{URL}tickets/{held.pk}/messages/").json()["results"][0]["media"] is None


def test_files_are_for_those_who_see_the_message(line, marina, alice, bob, carol, mallory, client_of):
    message = sends_picture(line, marina)
    fetch_media(message.media_id)

    def statuses(user):
        client = client_of(user)
        paths = ["", "thumbnail/", "link/"]
        return [client.get(f"{URL}media/{message.media_id}/{path}").status_code for path in paths]

    def retried(user):
        return client_of(user).post(f"{URL}media/{message.media_id}/retry/").status_code

    assert [statuses(user) for user in (alice, bob, carol, mallory)] == [[302, 302, 200]] * 2 + [[404] * 3] * 2
    assert [retried(user) for user in (alice, bob, carol, mallory)] == [409, 409, 404, 404]


def test_an_upload_is_its_owners_until_it_is_sent(held, bob, carol, mallory, client_of):
    media = uploaded(client_of(bob))

    before = [client_of(user).get(f"{URL}media/{media}/").status_code for user in (bob, carol, mallory)]
    theirs = say(client_of(carol), held, media=media)

    assert (before, theirs.status_code) == ([302, 404, 404], 404)
    with enter(mallory.company):
        assert Media.objects.count() == 0


def test_a_campaigns_file_is_seen_by_those_who_talk_with_the_contact(line, held, marina, bob, carol, client_of):
    media = Media.objects.create(kind="image", state="ready", file="acme/x.jpg", mime_type="image/jpeg")
    Message.objects.create(
        contact=marina, connection=line, direction="out", origin="campaign", kind="image", media=media, status=Delivery.SENT.value
    )

    assert [client_of(user).get(f"{URL}media/{media.pk}/").status_code for user in (bob, carol)] == [302, 404]


def test_a_failed_file_says_why_and_is_tried_again(cloud_held, marina, graph, bob, client_of):
    graph.world.files["9001"] = StoredFile(CONTENT)
    ref = MediaRef(external_id="9001", sha256=hashlib.sha256(b"another").hexdigest())
    message = receive_message(cloud_held.connection, marina, inbound(marina, "", kind=MessageKind.IMAGE, media=ref)).message
    fetch_media(message.media_id)
    client = client_of(bob)

    failed = client.get(f"{URL}messages/{message.pk}/").json()["media"]
    opened_anyway = client.get(f"{URL}media/{message.media_id}/")
    again = client.post(f"{URL}media/{message.media_id}/retry/").json()

    words = "The file arrived damaged: it is not the one that was sent."
    assert (failed["state"], failed["error_code"], failed["error"]) == ("failed", "sha256_mismatch", words)
    assert (errors_of(opened_anyway), again["state"], again["error"]) == ((409, [("media_failed", None)]), "waiting", "")


def test_a_picture_goes_out_by_link_to_the_simulated_phone(line, held, marina, bob, client_of):
    client = client_of(bob)
    said = say(client, held, media=uploaded(client), caption="Here it is").json()

    deliver(line.pk)

    message = Message.objects.get(pk=said["id"])
    entry = network.conversation(Line(current_company().pk, line.pk), marina.phone)[-1]
    assert (said["kind"], said["body"], said["media"]["state"], message.status) == ("image", "Here it is", "ready", Delivery.ACCEPTED)
    assert (entry["kind"], entry["body"], entry["filename"]) == ("image", "Here it is", "a.jpg")
    assert b"".join(Client(HTTP_HOST="localhost").get(entry["link"]).streaming_content) == CONTENT


def test_a_file_is_uploaded_before_its_message_is_stamped(cloud_held, graph, bob, client_of, django_capture_on_commit_callbacks):
    client, connection = client_of(bob), cloud_held.connection
    first = say(client, cloud_held, media=uploaded(client), caption="First").json()
    second = say(client, cloud_held, body="Second").json()

    held_back = deliver(connection.pk)
    attempts = Message.objects.get(pk=first["id"]).attempts
    prepare_media(first["media"]["id"], connection.pk)
    went = deliver(connection.pk)

    [file_id] = graph.world.files
    assert (held_back, attempts, went) == (0, 0, 2)
    assert [(document["type"], document[document["type"]]) for document in graph.taken] == [
        ("image", {"id": file_id, "caption": "First"}),
        ("text", {"body": "Second", "preview_url": False}),
    ]
    assert [file.content for file in graph.uploaded] == [CONTENT]
    assert set(Message.objects.filter(pk__in=[first["id"], second["id"]]).values_list("status", flat=True)) == {Delivery.ACCEPTED}


def test_a_file_that_the_gateway_refuses_fails_its_message_until_a_person_retries(cloud_held, graph, bob, client_of):
    client, connection = client_of(bob), cloud_held.connection
    said = say(client, cloud_held, media=uploaded(client)).json()
    graph.orders.append(refuse(131051, status=400))
    deliver(connection.pk)
    prepare_media(said["media"]["id"], connection.pk)
    deliver(connection.pk)
    failed = client.get(f"{URL}messages/{said['id']}/").json()

    client.post(f"{URL}messages/{said['id']}/retry/")
    deliver(connection.pk)
    prepare_media(said["media"]["id"], connection.pk)
    deliver(connection.pk)

    assert (failed["status"], failed["error_code"], bool(failed["error_text"])) == ("failed", "131051", True)
    assert client.get(f"{URL}messages/{said['id']}/").json()["status"] == "accepted"


def test_what_the_browser_recorded_is_sent_as_a_voice_note(cloud_held, graph, bob, client_of):
    client, connection = client_of(bob), cloud_held.connection
    media = uploaded(client, recording("webm"), name="blob", content_type="audio/webm;codecs=opus", is_voice=True)
    said = say(client, cloud_held, media=media).json()

    deliver(connection.pk)
    prepare_media(media, connection.pk)
    deliver(connection.pk)

    [document] = graph.taken
    [(file_id, file)] = graph.world.files.items()
    assert (said["kind"], said["media"]["is_voice"]) == ("audio", True)
    assert (document["audio"], file.mime_type, file.content[:4]) == ({"id": file_id, "voice": True}, "audio/ogg", b"OggS")


def test_files_that_cannot_go_are_refused(line, held, marina, bob, client_of):
    client = client_of(bob)
    photo, voice = uploaded(client), uploaded(client, recording("ogg"), name="a.ogg", content_type="audio/ogg")
    waiting = sends_picture(line, marina).media_id

    refusals = [
        say(client, held, media=photo, kind="audio"),
        say(client, held, media=photo, kind="sticker"),
        say(client, held, media=voice, caption="Listen"),
        say(client, held, media=photo, caption="x" * 1025),
        say(client, held, media=waiting),
        say(client, held, media=999_999),
    ]

    assert [errors_of(answer) for answer in refusals] == [
        (400, [("kind_mismatch", "kind")]),
        (400, [("kind_mismatch", "kind")]),
        (400, [("caption_unsupported", "caption")]),
        (400, [("max_length", "caption")]),
        (409, [("media_not_ready", None)]),
        (400, [("does_not_exist", "media")]),
    ]
    assert say(client, held, media=photo, kind="document").json()["kind"] == "document"
    assert Message.objects.filter(direction="out").count() == 1
