"""Files to and from Meta, against its Graph API on loopback."""

import asyncio
import io

import pytest

from connectors.emulators.cloud.orders import answer_with, refuse, take_and_cut
from connectors.emulators.cloud.world import StoredFile
from connectors.registry import provider_named
from connectors.tests.meta import TOKEN, emulated_meta
from connectors.types import (
    ContactCard,
    ContactCards,
    Link,
    Location,
    Media,
    MediaRef,
    MessageKind,
    Outgoing,
    Policy,
    ProviderError,
    Reaction,
)
from tenants.lib.addresses import Address, AddressKind

LINK = Link(1, 1, "cloud_api", {"phone_number_id": "1055", "waba_id": "2055", "access_token": TOKEN}, {})
REF = MediaRef(external_id="9001")
CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def graph(settings):
    with emulated_meta() as server:
        settings.GRAPH_URL = server.url
        yield server


def fetched(ref=REF):
    return b"".join(provider_named("cloud_api").media(LINK, ref))


def upload(content=CONTENT, filename="férias 1.jpg"):
    provider = provider_named("cloud_api")
    return provider.upload(LINK, io.BytesIO(content), filename=filename, mime_type="image/jpeg", size_bytes=len(content))


def refusal(deed):
    with pytest.raises(ProviderError) as caught:
        deed()
    return caught.value.code, caught.value.policy


def test_a_file_is_fetched_by_its_id_with_the_token(graph):
    graph.world.files["9001"] = StoredFile(CONTENT)

    assert fetched() == CONTENT
    assert [call[:2] for call in graph.calls] == [("GET", "9001"), ("GET", "files")]


def test_an_address_that_has_run_out_is_asked_for_once_more(graph):
    graph.world.files["9001"] = StoredFile(CONTENT)
    graph.orders.append(answer_with(404, b"URL signature expired", path="files"))

    assert fetched() == CONTENT
    assert [call[1] for call in graph.calls] == ["9001", "files"] * 2


def test_failures_say_whether_trying_again_helps(graph):
    graph.world.files["9001"] = StoredFile(CONTENT)
    graph.world.address_seconds = 0
    assert refusal(fetched) == ("media_refused", Policy.RETRY)

    graph.orders.append(refuse(100, status=400))
    assert refusal(fetched)[1] == Policy.PERMANENT
    assert refusal(lambda: fetched(MediaRef(external_id="../messages"))) == ("media_unnamed", Policy.PERMANENT)
    graph.orders.append(answer_with(200, {"id": "9001"}))
    assert refusal(fetched) == ("media_gone", Policy.PERMANENT)
    graph.orders.append(take_and_cut())
    assert refusal(fetched) == ("gateway_unreachable", Policy.RETRY)


def test_a_file_is_uploaded_as_the_documented_form(graph):
    external_id = upload()

    [file] = graph.uploaded
    assert (graph.world.files[external_id], file.filename, file.mime_type, file.content) == (file, "férias 1.jpg", "image/jpeg", CONTENT)


def test_an_upload_that_is_refused_says_why(graph):
    graph.orders.append(refuse(190, status=401))
    assert refusal(upload) == ("190", Policy.PAUSE_NUMBER)

    graph.orders.append(answer_with(502, b"<html>Bad gateway"))
    assert refusal(upload)[0] == "http_502"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (Media(MessageKind.AUDIO, external_id="77", is_voice=True), {"type": "audio", "audio": {"id": "77", "voice": True}}),
        (
            Location(-23.5, -46.6, "Office", ""),
            {"type": "location", "location": {"latitude": -23.5, "longitude": -46.6, "name": "Office"}},
        ),
        (
            ContactCards((ContactCard("Ana Lima", ("+5511987654321",), "Acme"),)),
            {
                "type": "contacts",
                "contacts": [
                    {
                        "name": {"formatted_name": "Ana Lima", "first_name": "Ana", "last_name": "Lima"},
                        "phones": [{"phone": "+5511987654321", "wa_id": "5511987654321", "type": "CELL"}],
                        "org": {"company": "Acme"},
                    }
                ],
            },
        ),
        (Reaction("wamid.X", "👍"), {"type": "reaction", "reaction": {"message_id": "wamid.X", "emoji": "👍"}}),
        (Reaction("wamid.X", ""), {"type": "reaction", "reaction": {"message_id": "wamid.X", "emoji": ""}}),
    ],
    ids=["voice", "location", "contacts", "reaction", "taken back"],
)
def test_more_than_text_is_sent_in_the_documented_shape(graph, content, part):
    graph.world.files["77"] = StoredFile(b"OggS", "audio/ogg", uploaded_by="1055")
    outgoing = Outgoing("m-1", Address(AddressKind.PHONE, "+5511987654321"), content)

    sent = asyncio.run(provider_named("cloud_api").send(LINK, outgoing))

    [document] = graph.taken
    assert (sent.external_id, {key: document[key] for key in part}) == (graph.wamid_of(document), part)
