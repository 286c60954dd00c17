"""What is wrong is refused at the door, each with its own error, and leaves nothing behind."""

import datetime

import jwt
import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed

from config.tests.visitors import PATIENCE_SECONDS, Office, fresh_number, fresh_wamid, refusal_of
from connectors.providers.cloud_api.signing import HEADER
from tenants.lib.clock import now
from tenants.services.companies import resume_company, suspend_company


def stored(office: Office) -> int:
    return office.rows("SELECT count(*) FROM tenants_webhook")[0][0]


def test_webhooks_that_are_forged_too_large_or_broken_are_not_stored(office):
    before, body = stored(office), office.sales.spoken(fresh_wamid(), "Hello", sender=fresh_number())
    large = b'{"object": "whatsapp_business_account", "filler": "' + b"x" * 6 * 1024 * 1024 + b'"}'

    answers = [
        office.sales.post(body, **{HEADER: "sha256=" + "0" * 64}),
        office.sales.post(body, **{HEADER: ""}),
        office.sales.post(large),
        office.sales.post(b'{"object": "whatsapp_business_acc'),
        office.sales.post(b"[]"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 413, 400, 400]
    assert stored(office) == before
    rejections = "SELECT reason, sum(count) FROM tenants_rejection WHERE token = %s GROUP BY reason"
    token = office.sales.webhook.rstrip("/").rpartition("/")[2]
    office.wait(lambda: sum(count for _, count in office.rows(rejections, token)) >= len(answers), "the rejections to be counted")


def test_letters_are_no_phone_number(office):
    alice, line = office.api("alice"), office.sales.id
    people = [{"number": fresh_number()}, {"number": "call me"}]

    assert alice.refusal("tickets/", connection=line, number="call me") == (400, "invalid_phone", "number")
    assert alice.refusal("messages/", connection=line, number="call me", body="Hello") == (400, "invalid_phone", "number")
    assert alice.refusal("contacts/", name="Ana", phone="call me") == (400, "invalid_phone", "phone")
    assert alice.refusal("campaigns/", connection=line, body="Hello", recipients=people) == (400, "invalid_phone", "recipients.1.number")


def test_a_template_s_variable_needs_a_value(office):
    ticket = office.heard_from(fresh_number())
    template, alice = office.facts["template"], office.api("alice")
    half = {"connection": office.sales.id, "template": template, "variables": {"1": "Ana"}, "recipients": [{"number": fresh_number()}]}

    said = office.api("bob").refusal(f"tickets/{ticket['id']}/messages/", template={"id": template, "variables": {"1": "Ana"}})

    assert said == (400, "template_variable_missing", "template")
    assert alice.refusal("campaigns/", **half, start=True) == (400, "template_variable_missing", "variables.2")
    assert [message["kind"] for message in alice.all(f"tickets/{ticket['id']}/messages/")] == ["text"]


def test_nothing_starts_in_the_past(office):
    alice, yesterday = office.api("alice"), (now() - datetime.timedelta(days=1)).isoformat()
    draft = alice.make("campaigns/", connection=office.sales.id, template=office.facts["template"], variables={"1": "a", "2": "b"})

    started = alice.refusal(f"campaigns/{draft['id']}/start/", starts_at=yesterday)
    made = alice.refusal("campaigns/", connection=office.sales.id, body="Hello", starts_at=yesterday)

    assert (started, made) == ((400, "time_in_the_past", "starts_at"), (400, "time_in_the_past", "starts_at"))
    assert alice.read(f"campaigns/{draft['id']}/")["status"] == "draft"


def bearing(office: Office, token: str, host: str = "acme.localhost"):
    visitor = office.nobody(host)
    visitor.headers["Authorization"] = f"Bearer {token}"
    return visitor


def token_of(office: Office, name: str) -> str:
    return str(office.api(name).headers["Authorization"]).removeprefix("Bearer ")


def test_tokens_that_are_expired_forged_or_another_companys(office):
    key, algorithm = settings.SIMPLE_JWT["SIGNING_KEY"], settings.SIMPLE_JWT["ALGORITHM"]
    claims = jwt.decode(token_of(office, "bob"), key, algorithms=[algorithm])
    expired = jwt.encode(claims | {"exp": now() - datetime.timedelta(seconds=1)}, key, algorithm=algorithm)
    forged = jwt.encode(claims, key + "?", algorithm=algorithm)

    answers = {
        "expired": bearing(office, expired).get("tickets/"),
        "forged": bearing(office, forged).get("tickets/"),
        "none": office.nobody().get("tickets/"),
        "mallory's here": bearing(office, token_of(office, "mallory")).get("tickets/"),
        "bob's there": bearing(office, token_of(office, "bob"), "globex.localhost").get("tickets/"),
    }

    assert {name: refusal_of(answer) for name, answer in answers.items()} == {
        "expired": (401, "token_expired", None),
        "forged": (401, "token_invalid", None),
        "none": (401, "not_authenticated", None),
        "mallory's here": (401, "wrong_company", None),
        "bob's there": (401, "wrong_company", None),
    }


def closed_with(office: Office, ticket: str, host: str) -> int:
    with office.dial(ticket, f"{host}:{office.stack.port}") as socket, pytest.raises(ConnectionClosed) as closing:
        socket.recv(timeout=PATIENCE_SECONDS)
    assert closing.value.rcvd is not None
    return closing.value.rcvd.code


def test_a_socket_ticket_is_no_good_at_another_companys_door_nor_twice(office):
    tickets = [office.api("mallory").make("auth/socket-ticket/")["ticket"] for _ in range(2)]

    with office.dial(tickets[1], office.host("mallory")) as socket:
        socket.recv(timeout=PATIENCE_SECONDS)

    assert closed_with(office, tickets[0], "acme.localhost") == 4401
    assert closed_with(office, tickets[1], "globex.localhost") == 4401


def test_a_suspended_companys_doors_are_shut_until_it_is_back(office, on_stack):
    mallory, at_the_shared_host = office.api("mallory"), bearing(office, token_of(office, "mallory"), "localhost")
    ticket, person = mallory.make("auth/socket-ticket/")["ticket"], office.person("mallory")
    with on_stack("globex") as globex:
        suspend_company(globex, by=None)
    for visitor in (mallory, at_the_shared_host):
        office.wait(lambda visitor=visitor: visitor.get("tickets/").status_code == 403, "the suspension to be felt")

    asked = refusal_of(mallory.get("tickets/"))
    login = office.nobody("globex.localhost").refusal("auth/login/", email=person["email"], password=person["password"])
    code = closed_with(office, ticket, "globex.localhost")
    neighbour = office.api("alice").get("tickets/").status_code
    with on_stack("globex") as globex:
        resume_company(globex, by=None)
    office.wait(lambda: mallory.get("tickets/").status_code == 200, "the company to be back")

    assert (asked, login) == ((403, "company_suspended", None), (403, "company_suspended", None))
    assert (code, neighbour) == (4403, 200)
