"""What customers answer to campaigns, where the seed lineage (whaticket.md 4.1, 4.2) takes anything for a yes and closes conversations."""

from itertools import count

import pytest

from campaigns.models import Campaign, Recipient
from campaigns.selectors import campaigns_with_counts, counts_of
from campaigns.sending.slices import send_next_batch
from campaigns.services.lifecycle import start_campaign
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of, states_of
from config.inbound import handle
from connectors.models import Connection
from connectors.types import InboundMessage, MessageKind, Person
from contacts.models import Contact, ContactList, OptOut
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.clock import now
from tickets.models import Message, Ticket
from tickets.tests.factories import TicketFactory, inbound

_ids = count(1)


@pytest.fixture
def people(real_acme) -> ContactList:
    return list_of(3)


@pytest.fixture
def line(real_acme) -> Connection:
    return ConnectionFactory(settings={"messages_per_second": 10_000})


def sent(line: Connection, people: ContactList) -> Campaign:
    campaign = start_campaign(CampaignFactory(connection=line, lists=[people]), by=None)
    send_next_batch(campaign.pk, line.pk)
    return Campaign.objects.get(pk=campaign.pk)


def replied(campaign: Campaign) -> int:
    return counts_of(campaigns_with_counts().get(pk=campaign.pk))["replied"]


def says(line: Connection, contact: Contact, words: str) -> None:
    handle(line, [inbound(contact, words, external_id=f"lineage.{next(_ids)}")])


def test_no_is_no_and_the_next_campaign_keeps_to_it__4_2_any_text_is_a_yes(line, people):
    """whaticket.md 4.2 (a): any text confirms, and there is no way to say no."""
    yes, no, silent = people.contacts.order_by("pk")
    first = sent(line, people)

    says(line, yes, "Sim, quero")
    says(line, no, "Sair")
    second = sent(line, people)

    assert (first.status, replied(first)) == (Campaign.Status.FINISHED, 2)
    assert list(OptOut.objects.filter(contact__in=(yes, no, silent)).values_list("contact", flat=True)) == [no.pk]
    assert states_of(second) == {"sent": 2, "excluded": 1}
    assert Recipient.objects.get(campaign=second, contact=no).exclusion == "opted_out"


def test_each_answer_counts_where_it_belongs_and_one_answer_once__4_2_first_shipping_and_after_the_end(line, people):
    """whaticket.md 4.2 (b, c): only the first shipping of the number is looked at, and none of a campaign that has ended."""
    first, *_others = people.contacts.order_by("pk")
    older, newer = sent(line, people), sent(line, people)

    says(line, first, "And the price?")
    says(line, first, "Hello?")

    assert (older.status, newer.status) == (Campaign.Status.FINISHED, Campaign.Status.FINISHED)
    assert (replied(older), replied(newer)) == (0, 1)


def test_a_campaign_and_its_echo_close_no_conversation__4_1_u200c(line, people):
    """whaticket.md 4.1: the echo of a campaign's message, known by an invisible sign, closes the contact's ticket."""
    first, *_others = people.contacts.order_by("pk")
    ticket = TicketFactory(contact=first, connection=line, status="open")
    campaign = sent(line, people)
    message = Message.objects.get(origin="campaign", origin_id=campaign.pk, contact=first)

    echo = InboundMessage(
        external_id=message.external_id,
        person=Person((Address(AddressKind.PHONE, first.phone),)),
        kind=MessageKind.TEXT,
        sent_at=now(),
        body=f"\N{ZERO WIDTH NON-JOINER} {message.body}",
        is_echo=True,
    )
    handle(line, [echo, echo])

    tickets = Ticket.objects.filter(contact__in=people.contacts.all())
    assert list(tickets.values_list("pk", "status")) == [(ticket.pk, "open")]
    assert Message.objects.filter(contact=first, direction="out").count() == 1
    assert replied(campaign) == 0
