"""Templates from a form to Meta's review and back, against the emulated Graph API."""

import pytest
import requests
from django.core.files.base import ContentFile

from connectors.models import Template
from connectors.services.connections import create_connection
from connectors.services.media import keep_upload
from connectors.tests.meta import TOKEN, emulated_meta
from connectors.tests.samples import picture

CREDENTIALS = {"phone_number_id": "1055", "waba_id": "2055", "access_token": TOKEN}
DRAFT = {
    "name": "order_sent",
    "language": "pt_BR",
    "category": "UTILITY",
    "components": [
        {"type": "body", "text": "Olá {{1}}, o pedido {{2}} já saiu para entrega.", "example": {"body_text": [["Ana", "A-17"]]}},
        {"type": "footer", "text": "Loja"},
    ],
}


@pytest.fixture
def meta(settings):
    with emulated_meta() as emulator:
        settings.GRAPH_URL = emulator.url
        emulator.world.accounts["2055"].reviews_templates = True
        yield emulator


@pytest.fixture
def line(acme, alice):
    return create_connection(name="Main", provider="cloud_api", credentials=CREDENTIALS, by=alice)


@pytest.fixture
def url(line) -> str:
    return f"/api/v1/connections/{line.pk}/templates/"


def decided(meta, template_id: str, **said) -> None:
    requests.post(f"{meta.url}/emulator/template", json={"id": template_id} | said, timeout=10).raise_for_status()


def errors(answer) -> list[tuple[str, str | None]]:
    return [(error["code"], error["attr"]) for error in answer.json()["errors"]]


def test_a_template_is_handed_in_and_waits_for_its_review(alice, client_of, url, meta):
    checked = client_of(alice).post(f"{url}check/", DRAFT)
    answer = client_of(alice).post(url, DRAFT)

    shown = answer.json()
    theirs = meta.world.accounts["2055"].templates[shown["external_id"]]
    assert (checked.status_code, answer.status_code, shown["status"]) == (204, 201, "PENDING")
    assert (theirs.name, theirs.status, [part["type"] for part in theirs.components]) == ("order_sent", "PENDING", ["BODY", "FOOTER"])


def test_the_review_s_word_comes_with_the_next_fetch_too(alice, client_of, url, meta):
    shown = client_of(alice).post(url, DRAFT).json()
    decided(meta, shown["external_id"], status="REJECTED", reason="INVALID_FORMAT")

    client_of(alice).post(f"{url}sync/")

    template = Template.objects.get(pk=shown["id"])
    assert (template.status, template.reason) == ("REJECTED", "INVALID_FORMAT")


def test_mistakes_are_told_by_their_place_and_nothing_is_handed_in(alice, client_of, url, meta):
    bad = DRAFT | {"name": "Pedido", "components": [{"type": "BODY", "text": "{{1}} chegou"}]}

    answer = client_of(alice).post(url, bad)

    found = {attr for _, attr in errors(answer)}
    assert (answer.status_code, found) == (400, {"name", "components.0.text", "components.0.example.body_text"})
    assert not Template.objects.exists() and all(one.name != "Pedido" for one in meta.world.accounts["2055"].templates.values())


def test_the_same_name_twice_is_refused_and_another_language_is_not(alice, client_of, url, meta):
    client = client_of(alice)
    client.post(url, DRAFT)

    twice, other = client.post(url, DRAFT), client.post(url, DRAFT | {"language": "en"})

    assert (twice.status_code, errors(twice), other.status_code) == (409, [("template_exists", None)], 201)


def test_an_approved_template_is_edited_and_reviewed_again(alice, client_of, url, meta):
    client = client_of(alice)
    shown = client.post(url, DRAFT).json()
    locked = client.patch(f"{url}{shown['id']}/", DRAFT)
    decided(meta, shown["external_id"], status="APPROVED")
    client.post(f"{url}sync/")

    renamed = client.patch(f"{url}{shown['id']}/", DRAFT | {"name": "other"})
    recategorised = client.patch(f"{url}{shown['id']}/", DRAFT | {"category": "MARKETING"})
    edited = client.patch(f"{url}{shown['id']}/", DRAFT | {"components": [{"type": "BODY", "text": "Seu pedido saiu."}]})

    assert (locked.status_code, errors(locked)[0][0]) == (409, "template_locked")
    assert (errors(renamed), errors(recategorised)) == ([("template_name_fixed", "name")], [("template_category_fixed", "category")])
    assert (edited.status_code, edited.json()["status"], edited.json()["body"]) == (200, "PENDING", "Seu pedido saiu.")


def test_deleted_there_and_here(alice, client_of, url, meta):
    shown = client_of(alice).post(url, DRAFT).json()

    answer = client_of(alice).delete(f"{url}{shown['id']}/")

    assert (answer.status_code, Template.objects.filter(pk=shown["id"]).exists()) == (204, False)
    assert shown["external_id"] not in meta.world.accounts["2055"].templates


def test_a_picture_becomes_the_sample_of_a_header(alice, client_of, url, meta):
    content = picture("PNG")
    upload = keep_upload(
        file=ContentFile(content), filename="offer.png", declared_type="image/png", size_bytes=len(content), is_voice=False, by=alice
    )

    handle = client_of(alice).post(f"{url}samples/", {"upload": upload.pk}).json()["handle"]
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [handle]}}
    answer = client_of(alice).post(url, DRAFT | {"components": [header, *DRAFT["components"]]})

    assert (bool(handle), answer.status_code) == (True, 201)


def test_somebody_else_s_upload_is_no_sample(alice, bob, client_of, url, meta):
    content = picture("PNG")
    upload = keep_upload(
        file=ContentFile(content), filename="x.png", declared_type="image/png", size_bytes=len(content), is_voice=False, by=bob
    )

    assert client_of(alice).post(f"{url}samples/", {"upload": upload.pk}).status_code == 404


def test_the_simulator_s_templates_are_not_written(acme, alice, client_of):
    simulated = create_connection(name="Play", provider="simulator", by=alice)

    answer = client_of(alice).post(f"/api/v1/connections/{simulated.pk}/templates/", DRAFT)

    assert (answer.status_code, errors(answer)[0][0]) == (400, "no_templates")


def test_agents_read_templates_and_admins_write_them(acme, bob, client_of, url, meta):
    client = client_of(bob)

    answers = [client.get(url), client.post(url, DRAFT), client.post(f"{url}check/", DRAFT)]
    assert [answer.status_code for answer in answers] == [200, 403, 403]
