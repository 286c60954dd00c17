"""Numbers on their way: listed, proved by a code, registered with a PIN, lent by Embedded Signup. Meta is emulated, the calls are real."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.conf import settings as django_settings

from connectors.emulators.cloud import seeds
from connectors.models import Connection
from connectors.services.connections import create_connection
from connectors.tests.meta import TOKEN, emulated_meta
from tenants.lib.tenancy import enter
from tenants.models import WebhookRoute

URL = "/api/v1/connections/"
NUMBER, ACCOUNT = "1055", "2055"
CREDENTIALS = {"phone_number_id": NUMBER, "waba_id": ACCOUNT, "access_token": TOKEN}


@pytest.fixture
def meta(settings):
    with emulated_meta() as emulator:
        settings.GRAPH_URL = emulator.url
        seeds.add_app(emulator.world, django_settings.META_APP_ID, django_settings.META_APP_SECRET)
        yield emulator


@pytest.fixture
def line(acme, alice):
    return create_connection(name="Main", provider="cloud_api", credentials=CREDENTIALS, by=alice)


def deed(meta, name: str, **data):
    answer = requests.post(f"{meta.url}/emulator/{name}", json=data, timeout=10)
    assert answer.ok, answer.text
    return answer.json()


def begun(client) -> dict[str, str]:
    """Where the person is sent: the query of Meta's dialog."""
    url = urlsplit(client.get(f"{URL}signup/").json()["url"])
    assert url.path.endswith("/dialog/oauth")
    return {name: values[0] for name, values in parse_qs(url.query).items()}


def test_a_wrong_secret_of_the_platform_s_app_is_told_as_that(acme, alice, client_of, meta, settings):
    client = client_of(alice)
    state = begun(client)["state"]
    settings.META_APP_SECRET = "mistyped"

    answer = client.post(f"{URL}signup/", {"code": "any", "state": state})

    assert (answer.status_code, errors(answer)) == (400, [("gateway_app_refused", None)])
    assert "META_APP_SECRET" in answer.json()["errors"][0]["detail"]


def test_who_began_at_another_host_goes_on_there(acme, alice, client_of, meta, client):
    state = begun(client_of(alice))["state"]

    shared = client.get("/app/connections/signup", {"code": "c", "state": state}, headers={"host": "localhost:8000"})
    at_home = client.get("/app/connections/signup", {"code": "c", "state": state}, headers={"host": "acme.localhost"})
    forged = client.get("/app/connections/signup", {"state": "1-1@evil.test:x:y"}, headers={"host": "localhost:8000"})

    address = urlsplit(shared["Location"])
    assert (shared.status_code, address.path, address.hostname) == (302, "/app/connections/signup", "acme.localhost")
    assert parse_qs(address.query)["state"] == [state]
    assert (at_home.status_code, forged.status_code) == (200, 200)


def errors(answer) -> list[tuple[str, str | None]]:
    return [(error["code"], error["attr"]) for error in answer.json()["errors"]]


def test_the_numbers_of_an_account_are_listed_before_one_is_linked(acme, alice, client_of, meta):
    account = meta.world.accounts[ACCOUNT]
    seeds.add_number(meta.world, account, "1056", "+1 555-0199")

    answer = client_of(alice).post(f"{URL}numbers/", {"credentials": {"waba_id": ACCOUNT, "access_token": TOKEN}})
    wrong = client_of(alice).post(f"{URL}numbers/", {"credentials": {"waba_id": ACCOUNT, "access_token": "guessed"}})
    simulated = client_of(alice).post(f"{URL}numbers/", {"provider": "simulator", "credentials": {}})

    assert sorted((row["phone_number_id"], row["waba_id"], row["number"]) for row in answer.json()) == [
        ("1055", ACCOUNT, "+1 555-0100"),
        ("1056", ACCOUNT, "+1 555-0199"),
    ]
    assert (wrong.status_code, errors(wrong)[0][0], "guessed" in wrong.content.decode()) == (400, "gateway_190", False)
    assert errors(simulated) == [("no_registration", "provider")]


def test_a_new_number_is_proved_by_its_code_and_registered_with_a_pin(acme, alice, client_of, line, meta):
    number = meta.world.numbers[NUMBER]
    number.is_verified = number.is_registered = False
    client, here = client_of(alice), f"{URL}{line.pk}/"

    asked = client.post(f"{here}request-code/", {"method": "SMS", "language": "pt_BR"})
    wrong = client.post(f"{here}verify-code/", {"code": "000-000" if number.code != "000000" else "111-111"})
    right = client.post(f"{here}verify-code/", {"code": f"{number.code[:3]}-{number.code[3:]}"})
    registered = client.post(f"{here}register/", {"pin": "123456"})

    assert (asked.status_code, wrong.status_code, right.status_code) == (204, 400, 204)
    assert (registered.status_code, registered.json()["state"]) == (200, "connected")
    assert (number.is_verified, number.is_registered) == (True, True)
    assert WebhookRoute.objects.get(connection_id=line.pk).external_id == NUMBER


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("request-code/", {"method": "PIGEON"}, ("invalid_method", "method")),
        ("request-code/", {"language": "PT"}, ("invalid", "language")),
        ("verify-code/", {"code": "abc"}, ("invalid_code", "code")),
        ("register/", {"pin": "12"}, ("invalid_pin", "pin")),
        ("register/", {}, ("required", "pin")),
    ],
)
def test_bad_input_is_refused_before_meta_is_asked(alice, client_of, line, meta, path, body, expected):
    answer = client_of(alice).post(f"{URL}{line.pk}/{path}", body)

    assert (answer.status_code, errors(answer)) == (400, [expected])


def test_a_lent_account_becomes_connections_that_are_linked(acme, alice, client_of, meta):
    client = client_of(alice)
    query = begun(client)
    code = deed(meta, "signup", app=django_settings.META_APP_ID, accounts=[ACCOUNT])["code"]

    answer = client.post(f"{URL}signup/", {"code": code, "state": query["state"]})
    again = client.post(f"{URL}signup/", {"code": code, "state": query["state"]})

    (shown,) = answer.json()
    connection = Connection.objects.get(pk=shown["id"])
    assert (query["client_id"], query["config_id"]) == (django_settings.META_APP_ID, django_settings.META_CONFIG_ID)
    assert query["redirect_uri"] == f"{django_settings.PUBLIC_URL}/app/connections/signup"
    assert (answer.status_code, shown["state"], shown["credentials"]) == (200, "connected", {"phone_number_id": NUMBER, "waba_id": ACCOUNT})
    assert connection.credentials["access_token"] and connection.credentials["access_token"] not in answer.content.decode()
    assert WebhookRoute.objects.get(connection_id=connection.pk).account_id == ACCOUNT
    assert again.status_code == 400


def test_a_number_that_is_linked_is_not_linked_twice(acme, globex, alice, mallory, client_of, meta):
    client = client_of(alice)
    first = deed(meta, "signup", app=django_settings.META_APP_ID, accounts=[ACCOUNT])["code"]
    client.post(f"{URL}signup/", {"code": first, "state": begun(client)["state"]})
    second = deed(meta, "signup", app=django_settings.META_APP_ID, accounts=[ACCOUNT])["code"]

    with enter(globex):
        theirs = client_of(mallory)
        refused = theirs.post(f"{URL}signup/", {"code": second, "state": begun(theirs)["state"]})
        there = Connection.objects.filter(provider="cloud_api").count()

    assert (refused.status_code, errors(refused)[0][0], there) == (409, "numbers_linked", 0)


def test_only_who_began_may_finish(acme, globex, alice, mallory, client_of, meta):
    """Otherwise a stranger's code, slipped to an admin, would link the stranger's account."""
    code = deed(meta, "signup", app=django_settings.META_APP_ID, accounts=[ACCOUNT])["code"]
    with enter(globex):
        state_of_mallory = begun(client_of(mallory))["state"]

    stolen = client_of(alice).post(f"{URL}signup/", {"code": code, "state": state_of_mallory})
    forged = client_of(alice).post(f"{URL}signup/", {"code": code, "state": "1-1:abc:def"})

    assert errors(stolen) == errors(forged) == [("sign_up_state", "state")]
    assert not Connection.objects.exists()


def test_without_a_platform_app_people_are_told_to_use_their_own(acme, alice, client_of, settings):
    settings.META_APP_ID = ""

    answer = client_of(alice).get(f"{URL}signup/")

    assert (answer.status_code, errors(answer)) == (409, [("sign_up_unavailable", None)])
