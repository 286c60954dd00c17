"""What the campaigns and schedules of the Whaticket lineage, and of its peers, get wrong: each defect and the test that it does not
return here. Those that another file proves already are named, not written again.

| defect | proved by |
|---|---|
| a campaign whose time passed while nothing ran is lost | test_lifecycle: a later start waits for its timer and comes after downtime too |
| queued again every 20 s until its status changes | here |
| a restart of the process sends again or forgets | config/tests/test_chaos.py, `make chaos` |
| one counter rotates the messages of all companies | here |
| a number that is not there leaves its recipients waiting in silence | test_lines: a campaign pauses when its last number is gone |
| what was handed over counts as delivered | here |
| nothing keeps a contact from standing twice in a campaign | here, test_properties |
| which campaigns may be edited is asked of the submitted status | test_lifecycle: what has started cannot be edited |
| the longer pause after N messages: milliseconds against a count | test_pacing: after every so many it rests |
| the whole list is read again for each contact | here |
| no retry, no reason, no table of who and why | test_pump, test_retrying, test_report, test_exporting |
| tags and lists of any company | test_audience: lists of another company are unknown |
| an invisible mark in a text closes the customer's conversation | here |
| schedules are lost when a window of 30 s is missed | tickets/tests/test_schedules: one that is a little late still goes |
| hours on the database server's clock, never over midnight | tenants/tests/test_pacing, test_quiet_hours |
| records of other companies by their id | config/tests/test_two_companies.py |
| stops at 1,200 of 2,300 (Chatwoot) | here |
| opt-outs are not kept to (STOP, 131050) | config/tests/test_consent.py, contacts/tests |
| numbers are banned after bulk sends, without a sign before | test_health, test_pacing |
"""

from collections import Counter

from django.db import connection as database
from django.db import transaction
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign, Recipient, Variant
from campaigns.selectors import campaigns_with_counts, counts_of
from campaigns.sending.slices import send_next_batch
from campaigns.services.audience import audience_of, count_audience
from campaigns.services.given import replace_given
from campaigns.services.lifecycle import start_campaign, start_due
from campaigns.tests.factories import CampaignFactory, list_of, states_of
from campaigns.types import InlineRecipient
from contacts.models import Address, Contact, ContactList, Tag
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tickets.models import Message, Ticket
from tickets.tests.factories import TicketFactory

MANY = 2_300


def send(campaign: Campaign) -> Campaign:
    send_next_batch(campaign.pk, campaign.connection_id)
    return campaigns_with_counts().get(pk=campaign.pk)


def crowd(size: int) -> ContactList:
    contacts = Contact.objects.bulk_create(Contact(name=f"Person {place}", phone=f"+551196{place:07d}") for place in range(size))
    Address.objects.bulk_create(Address(contact=contact, kind="phone", value=contact.phone) for contact in contacts)
    everybody = ContactList.objects.create(name="Crowd")
    everybody.contacts.set(contacts)
    return everybody


def test_a_start_that_is_told_five_times_starts_once(real_acme):
    campaign = CampaignFactory(lists=[list_of(5)], status=Campaign.Status.SCHEDULED, starts_at=now())

    for _ in range(5):
        with transaction.atomic():
            start_due(str(campaign.pk), {})
        send(campaign)

    assert states_of(campaign) == {"sent": 5}
    assert Message.objects.filter(origin="campaign", origin_id=campaign.pk).count() == 5


def with_two_variants(size: int) -> Campaign:
    campaign = CampaignFactory(lists=[list_of(size)])
    Variant.objects.bulk_create(Variant(campaign=campaign, position=place, body=f"Text {place}", weight=1) for place in range(2))
    return campaign


def test_the_variants_of_one_company_do_not_depend_on_what_others_send(acme, globex):
    campaign = with_two_variants(20)
    foretold = count_audience(audience_of(campaign), campaign_id=campaign.pk).variants
    with enter(globex):
        start_campaign(with_two_variants(7), by=None)

    start_campaign(campaign, by=None)

    dealt = Counter(Recipient.objects.filter(campaign=campaign).values_list("variant", flat=True))
    assert (dealt, set(dealt)) == (foretold, {0, 1})


def test_a_message_that_was_handed_over_is_not_called_delivered(real_acme):
    campaign = send(start_campaign(CampaignFactory(lists=[list_of(3)]), by=None))

    counts = counts_of(campaign)
    assert (counts["sent"], counts["delivered"], counts["read"]) == (3, 0, 0)


def test_whoever_is_meant_in_four_ways_gets_it_once(real_acme):
    people = list_of(3)
    contacts = list(people.contacts.all())
    again = ContactList.objects.create(name="The same again")
    again.contacts.set(contacts)
    tag = Tag.objects.create(name="Also tagged")
    tag.contacts.set(contacts)
    campaign = CampaignFactory(lists=[people, again], is_for_everybody=True)
    campaign.tags.add(tag)
    replace_given(campaign, [InlineRecipient(contact.phone) for contact in contacts])

    send(start_campaign(campaign, by=None))

    assert Message.objects.filter(origin="campaign", origin_id=campaign.pk, contact__in=contacts).count() == 3


def test_a_mark_that_nobody_sees_closes_no_conversation(real_acme):
    people = list_of(1)
    ticket = TicketFactory(contact=people.contacts.get(), status=Ticket.Status.OPEN)

    send(start_campaign(CampaignFactory(lists=[people], connection=ticket.connection, body="\u200c Hello"), by=None))

    ticket.refresh_from_db()
    assert ticket.status == Ticket.Status.OPEN
    assert Message.objects.get(origin="campaign", contact=ticket.contact).body == "\u200c Hello"


def test_two_thousand_three_hundred_are_reached_to_the_last_and_the_start_asks_no_more_for_them(real_acme):
    few, many = CampaignFactory(lists=[list_of(3)]), CampaignFactory(lists=[crowd(MANY)])
    asked = []
    for campaign in (few, many):
        with CaptureQueriesContext(database) as questions:
            start_campaign(campaign, by=None)
        asked.append(len(questions))

    while send(many).status == Campaign.Status.RUNNING:
        pass

    assert asked[0] == asked[1]
    assert states_of(many) == {"sent": MANY}
    assert Message.objects.filter(origin="campaign", origin_id=many.pk).values("contact").distinct().count() == MANY
