import asyncio

import orjson
import pytest
from django.core.management import CommandError, call_command

from connectors import simulating
from connectors.models import Connection
from connectors.providers.simulator import network
from connectors.providers.simulator.network import Line
from connectors.registry import provider_named
from connectors.simulating import Saying
from connectors.types import Link, Outgoing, Text
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import enter
from tenants.models import Webhook, WebhookRoute

PHONE = "+5511987654321"
AT_ONCE = {"delivered_after_ms": 0, "read_after_ms": 0}


def line_in(company, token):
    connection = Connection.objects.create(name="Simulated", provider="simulator", state="connected")
    WebhookRoute.objects.create(token=token * 40, company=company, connection_id=connection.pk, provider="simulator")
    return Line(company.pk, connection.pk)


@pytest.fixture
def line(acme):
    return line_in(acme, "a")


def send(line, number=PHONE, **settings):
    link = Link(line.company_id, line.connection_id, "simulator", {}, AT_ONCE | settings)
    return asyncio.run(provider_named("simulator").send(link, Outgoing("m-1", Address(AddressKind.PHONE, number), Text("hi"))))


def events_stored(line):
    calls = Webhook.objects.filter(company_id=line.company_id, connection_id=line.connection_id).order_by("id")
    return [event for call in calls for event in provider_named(call.provider).parse(bytes(call.body))]


def test_what_a_customer_says_is_stored_like_any_webhook_and_shown_on_the_phone(line):
    entry = simulating.say(line, "(11) 98765-4321", Saying("Oi!", name="Ana"))

    [event] = events_stored(line)
    assert (event.external_id, event.body, event.person.name, event.person.addresses[0].value) == (entry["id"], "Oi!", "Ana", PHONE)
    assert simulating.conversation(line, PHONE) == [entry]
    assert [(customer.number, customer.name) for customer in simulating.customers(line)] == [(PHONE, "Ana")]


def test_a_customer_s_name_is_remembered(line):
    simulating.say(line, PHONE, Saying("Oi!", name="Ana"))
    simulating.say(line, PHONE, Saying("De novo"))

    assert [event.person.name for event in events_stored(line)] == ["Ana", "Ana"]


@pytest.mark.parametrize(
    ("number", "saying", "code"),
    [
        ("letters", Saying("Oi"), "invalid_number"),
        ("12", Saying("Oi"), "invalid_number"),
        (PHONE, Saying("  "), "body_required"),
        (PHONE, Saying("Oi", kind="hologram"), "kind_unsupported"),
    ],
)
def test_bad_input_is_refused_and_stores_nothing(line, number, saying, code):
    with pytest.raises(ApplicationError) as caught:
        simulating.say(line, number, saying)

    assert (caught.value.code, events_stored(line)) == (code, [])


def test_what_is_due_becomes_webhooks_once(line):
    sent = send(line, reply_rate=1, reply_after_ms=0, reply_text="Sim")

    counts = [simulating.tick(), simulating.tick()]

    assert counts == [4, 0]
    assert [(event.external_id, getattr(event, "our_id", event.__class__.__name__)) for event in events_stored(line)] == [
        *[(sent.external_id, "m-1")] * 3,
        (f"{sent.external_id}.reply", "InboundMessage"),
    ]
    assert [entry["body"] for entry in simulating.conversation(line, PHONE)] == ["hi", "Sim"]


def test_what_is_not_due_yet_waits(line):
    send(line, delivered_after_ms=60_000, read_after_ms=90_000)

    simulating.tick()

    assert [event.status.name for event in events_stored(line)] == ["SENT"]


def test_receipts_come_in_batches(line, monkeypatch):
    monkeypatch.setattr(simulating, "STATUSES_PER_WEBHOOK", 10)
    network.plan(line, [network.Due(1, b"s" + orjson.dumps({"id": str(n), "status": "sent", "at": 1})) for n in range(25)])

    simulating.tick()

    assert [len(orjson.loads(bytes(call.body))["statuses"]) for call in Webhook.objects.filter(connection_id=line.connection_id)] == [
        10,
        10,
        5,
    ]


def test_a_line_that_is_worked_on_is_left_alone(line):
    send(line)
    other = network.valkey.client().lock(line.key("tick"), timeout=5)
    other.acquire()

    count = simulating.tick()

    other.release()
    assert (count, simulating.tick()) == (0, 3)


def test_a_deleted_connection_takes_its_phones_along(line):
    send(line)
    WebhookRoute.objects.filter(connection_id=line.connection_id).delete()

    simulating.tick()

    assert (network.customers(line), network.lines_due(10**15), events_stored(line)) == ([], [], [])


def test_companies_do_not_hear_each_other(line, globex):
    with enter(globex):
        theirs = line_in(globex, "g")
    send(line)
    send(theirs, "+5521912345678")

    simulating.tick()

    assert [{event.person.addresses[0].value for event in events_stored(each)} for each in (line, theirs)] == [{PHONE}, {"+5521912345678"}]


def test_an_unknown_failure_cannot_be_ordered(line):
    with pytest.raises(ApplicationError) as caught:
        simulating.order_failure(line, "earthquake")

    assert caught.value.code == "unknown_failure"


def test_simulate_writes_at_its_rate(line, capsys):
    call_command("simulate", company="acme", rate=40, seconds=0.5, customers=3, connection=line.connection_id)

    events = events_stored(line)
    assert (len(events), len({event.external_id for event in events})) == (20, 20)
    assert len({event.person.addresses[0].value for event in events}) <= 3


@pytest.mark.parametrize(
    "options",
    [
        {"company": "nobody"},
        {"company": "acme", "rate": 10**9},
        {"company": "acme", "connection": 987654},
        {"company": "acme", "url": "http://x"},
    ],
)
def test_simulate_refuses_what_cannot_be(line, options):
    with pytest.raises(CommandError):
        call_command("simulate", **({"rate": 1, "seconds": 1, "customers": 1} | options))
