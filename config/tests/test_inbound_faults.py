"""A failure that comes as a receipt is obeyed: the number rests, the campaign pauses, the address is left out until it answers."""

import pytest

from campaigns.tests.factories import CampaignFactory
from config.inbound import settle
from connectors.types import Delivery, Fault, Policy, Receipt
from contacts.services.senders import remember_sender
from contacts.tests.factories import ContactFactory
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.clock import now
from tickets.models import Message


@pytest.fixture
def campaign(acme):
    return CampaignFactory(status="running")


@pytest.fixture
def message(campaign):
    return Message.objects.create(
        contact=ContactFactory(),
        connection=campaign.connection,
        direction="out",
        origin="campaign",
        origin_id=campaign.pk,
        kind="text",
        external_id="wamid.1",
        status=Delivery.SENT,
    )


def fail(message, *, policy, is_unreachable=False):
    fault = Fault(code="9", title="It failed", policy=policy, is_unreachable=is_unreachable)
    settle(message.connection, [Receipt(external_id=message.external_id, status=Delivery.FAILED, at=now(), fault=fault)])
    message.connection.refresh_from_db()
    message.refresh_from_db()


def test_a_failure_that_pauses_the_number(message):
    fail(message, policy=Policy.PAUSE_NUMBER)

    assert (message.status, message.error_code) == (Delivery.FAILED, "9")
    assert message.connection.paused_until > now()
    assert message.connection.state_reason == "It failed"


def test_a_failure_that_pauses_the_campaign(campaign, message):
    fail(message, policy=Policy.PAUSE_CAMPAIGN)

    campaign.refresh_from_db()
    assert (campaign.status, campaign.status_reason) == ("paused", "It failed")
    assert message.connection.paused_until is None


def test_an_unreachable_address_is_left_out_until_it_writes(message):
    fail(message, policy=Policy.PERMANENT, is_unreachable=True)
    (after_failure,) = message.contact.addresses.all()

    remember_sender(addresses=(Address(AddressKind.PHONE, message.contact.phone),))
    (after_writing,) = message.contact.addresses.all()

    assert (after_failure.is_invalid, after_failure.invalid_reason) == (True, "It failed")
    assert after_writing.is_invalid is False


def test_an_address_that_gets_a_message_is_believed_in_again(message):
    fail(message, policy=Policy.PERMANENT, is_unreachable=True)

    settle(message.connection, [Receipt(external_id=message.external_id, status=Delivery.DELIVERED, at=now())])

    (address,) = message.contact.addresses.all()
    assert (address.is_invalid, address.invalid_reason) == (False, "")


def test_the_same_failure_again_moves_nothing(campaign, message):
    fail(message, policy=Policy.PAUSE_CAMPAIGN)
    campaign.refresh_from_db()
    campaign.status = "running"
    campaign.save()

    fail(message, policy=Policy.PAUSE_CAMPAIGN)

    campaign.refresh_from_db()
    assert campaign.status == "running"
