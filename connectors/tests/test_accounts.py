"""Numbers of one account: who has which, and what is said of one at the door of another."""

import json

import pytest

from connectors.inbox import drain_inbox
from connectors.models import Connection, Template
from connectors.providers.cloud_api.errors import error_from
from connectors.services.accounts import claim_number, release_number
from connectors.services.connections import create_connection, update_connection
from connectors.services.resting import rest
from connectors.tests import calls
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import enter
from tenants.models import Webhook, WebhookRoute
from tickets.models import Message


def number_of(alice, name: str, number_id: str, *, number: str = "", account: str = calls.ACCOUNT_ID) -> Connection:
    credentials = {"phone_number_id": number_id, "waba_id": account, "access_token": "EAAsecret"}
    connection = create_connection(name=name, provider="cloud_api", number=number, credentials=credentials, by=alice)
    claim_number(connection)
    return connection


@pytest.fixture
def first(acme, alice) -> Connection:
    return number_of(alice, "First", "111", number="+55 11 3000-0001")


@pytest.fixture
def second(acme, alice) -> Connection:
    return number_of(alice, "Second", "222", number="+55 11 3000-0002")


def arrives(acme, connection: Connection, body: bytes) -> None:
    Webhook.objects.create(company_id=acme.pk, connection_id=connection.pk, provider="cloud_api", body=body)
    for _ in range(3):  # what is brought to another lane is worked off in the next look
        drain_inbox()


def test_a_message_for_the_sister_number_reaches_her_once(acme, first, second):
    mine = calls.change("messages", number="111", messages=[calls.message(id="wamid.1", text={"body": "to the first"})])
    hers = calls.change("messages", number="222", messages=[calls.message(id="wamid.2", text={"body": "to the second"})])
    body = calls.call(mine, hers)

    arrives(acme, first, body)
    arrives(acme, first, body)

    said = list(Message.objects.order_by("external_id").values_list("connection__name", "body"))
    assert said == [("First", "to the first"), ("Second", "to the second")]
    assert not Webhook.objects.filter(company_id=acme.pk, state=Webhook.State.NEW).exists()


def test_what_concerns_the_account_concerns_each_of_its_numbers(acme, alice, first, second):
    elsewhere = number_of(alice, "Elsewhere", "333", account="other")
    template = {"event": "PAUSED", "message_template_id": 5, "message_template_name": "offer", "message_template_language": "en"}
    restriction = [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 4_000_000_000}]
    body = calls.call(
        {"field": "message_template_status_update", "value": template},
        {"field": "account_update", "value": {"event": "ACCOUNT_RESTRICTION", "restriction_info": restriction}},
    )

    arrives(acme, second, body)

    rows = {row.pk: row for row in Connection.objects.all()}
    assert sorted(Template.objects.values_list("connection__name", "status")) == [("First", "PAUSED"), ("Second", "PAUSED")]
    assert [rows[one.pk].may_not_write_first for one in (first, second, elsewhere)] == [True, True, False]
    assert rows[first.pk].paused_until is None


def test_what_names_a_number_concerns_that_one(acme, first, second):
    body = calls.call(
        {
            "field": "phone_number_quality_update",
            "value": {
                "display_phone_number": "551130000002",
                "event": "THROUGHPUT_UPGRADE",
                "max_daily_conversations_per_business": "TIER_UNLIMITED",
            },
        }
    )

    arrives(acme, first, body)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.facts, second.facts["throughput"], second.facts["messaging_limit"]) == ({}, {"level": "HIGH"}, "TIER_UNLIMITED")


def test_a_number_belongs_to_one_connection_of_all_companies(acme, globex, alice, mallory, first):
    with enter(globex):
        stolen = create_connection(name="Stolen", provider="cloud_api", credentials={"phone_number_id": "111", "waba_id": "x"}, by=mallory)
        with pytest.raises(ApplicationError) as refused:
            claim_number(stolen)
        release_number(stolen)

    assert (refused.value.code, refused.value.status) == ("number_taken", 409)
    assert WebhookRoute.objects.get(external_id="111").company_id == acme.pk


def test_another_number_typed_into_the_form_must_be_proved_anew(acme, alice, first):
    update_connection(first, by=alice, fields={"credentials": {"access_token": "renewed"}})
    kept = WebhookRoute.objects.get(connection_id=first.pk).external_id

    update_connection(first, by=alice, fields={"credentials": {"phone_number_id": "222"}})

    assert (kept, WebhookRoute.objects.get(connection_id=first.pk).external_id) == ("111", "")


def test_what_nobody_here_has_stays_visible_where_it_came(acme, first):
    body = calls.messages(calls.message(), number="999")

    arrives(acme, first, body)

    (kept,) = Webhook.objects.filter(company_id=acme.pk)
    assert (kept.state, kept.unknown_events, json.loads(bytes(kept.body))) == (Webhook.State.DONE, 1, json.loads(body))
    assert not Message.objects.exists()


def resting(*numbers: Connection) -> list[bool]:
    return [Connection.objects.get(pk=number.pk).paused_until is not None for number in numbers]


def test_what_a_send_hears_about_the_account_rests_all_of_its_numbers(acme, alice, first, second):
    elsewhere = number_of(alice, "Elsewhere", "333", account="other")
    locked = error_from(403, {"error": {"code": 131031, "message": "Business Account locked"}})
    pin = error_from(400, {"error": {"code": 133005, "message": "PIN mismatch"}})

    rest(first, reason=pin.message, seconds=60, is_account=pin.is_account)
    own = resting(first, second, elsewhere)
    rest(second, reason=locked.message, seconds=3600, is_account=locked.is_account)

    assert (own, resting(first, second, elsewhere)) == ([True, False, False], [True, True, False])
    assert (
        Connection.objects.get(pk=first.pk).state_reason == "Meta has locked or restricted this WhatsApp account for breaking its policies."
    )


def test_a_receipt_that_speaks_of_the_account_rests_all_of_its_numbers(acme, first, second):
    body = calls.call(calls.change("messages", number="111", errors=[{"code": 131042, "title": "Payment issue"}]))

    arrives(acme, first, body)

    reasons = [Connection.objects.get(pk=number.pk).state_reason for number in (first, second)]
    assert reasons == ["There is a problem with the payment method of the WhatsApp account."] * 2
