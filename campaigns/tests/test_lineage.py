"""What the seed lineage's campaigns get wrong (whaticket.md 4.1, 4.2, 4.12) and peers' (peers.md P16, P17, 3.1): a regression test each.

Beside these: test_lineage_pace (4.3, P2, P18), config test_lineage_answers (4.2), tickets test_lineage_schedules (4.9, P23).
Proved elsewhere, and not again here:

4.1, 3.2   lost when its time passed while nothing ran: test_lifecycle a_later_start_waits_…, a_start_that_is_hours_late_…;
           config test_journey_b a_scheduled_campaign_starts_though_everything_was_down_at_its_time
4.1        recipients wait for ever when a number is not there: test_lines a_campaign_pauses_when_its_last_number_is_gone;
           test_lifecycle a_start_that_became_impossible_pauses_and_says_why
4.1, 4.12  failures are logged, not tried again: test_pump a_refusal_is_retried_until_the_attempts_are_used_up
4.1        `deliveredAt` is when the call returned: test_pump everybody_gets_it_once_…, receipts_that_come_later_…
4.1        a cancel has to find a job for each recipient: test_pump a_pause_and_a_cancel_keep_what_was_sent
4.12, P33  another company's campaigns by their ids: test_api mallory_finds_nothing; config test_two_companies
P16        only labels as audience, only what the page shows: test_audience everybody_or_all_of_the_tags, conditions_on_…, who_wrote_…
P17        no reason, list, export or retry of some: test_report failures_are_grouped_…; test_exporting; test_retrying only_these_or_…
3.1        twice or lost under a crash: config test_chaos; test_pump what_a_dead_worker_had_in_flight_…
3.8        no dry run: test_audience a_dry_run_names_who_and_why_…; test_pacing the_dry_run_s_end_…
3.9, 4.2   which message was answered, and answers after the end: test_report a_reply_belongs_to_…, who_writes_within_three_days_…
"""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from django.db import transaction

from campaigns.models import Campaign, Recipient
from campaigns.sending.database import Wire
from campaigns.sending.slices import send_next_batch
from campaigns.services.drafts import update_campaign
from campaigns.services.lifecycle import pause_campaign, resume_campaign, start_campaign, start_campaign_at, start_due
from campaigns.services.survey import dry_run
from campaigns.tasks import recover
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of, states_of
from campaigns.tests.gateways import RememberingGateway, SlowGateway
from connectors.models import Connection
from contacts.models import Address, Contact, ContactList, Tag
from contacts.tests.factories import ContactFactory
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import enter
from tenants.models import Company
from tickets.models import Message

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def taken(settings) -> list[tuple[str, str]]:
    """What the gateway `remembering` was given."""
    settings.PROVIDERS = settings.PROVIDERS | {
        "remembering": "campaigns.tests.gateways.RememberingGateway",
        "slow": "campaigns.tests.gateways.SlowGateway",
    }
    RememberingGateway.taken = []
    return RememberingGateway.taken


def through(provider: str, **knobs: object) -> Connection:
    """A number of this gateway. It is linked as a simulator's is."""
    return ConnectionFactory(provider=provider, settings={"messages_per_second": 10_000, **knobs})


def started(people: ContactList, **fields: object) -> Campaign:
    return start_campaign(CampaignFactory(lists=[people], **fields), by=None)


def send(campaign: Campaign) -> Campaign:
    send_next_batch(campaign.pk, campaign.connection_id)
    campaign.refresh_from_db()
    return campaign


def numbers_of(people: ContactList) -> list[str]:
    return sorted(people.contacts.values_list("phone", flat=True))


def everywhere(company: Company, deed) -> object:
    """In a thread: with a connection of its own."""
    try:
        with enter(company):
            return deed()
    finally:
        database.close()


# --- once ------------------------------------------------------------------------------------------------------------------------


def test_a_campaign_that_is_looked_at_again_and_again_is_sent_once__4_1_queued_every_20_seconds(real_acme, taken):
    """whaticket.md 4.1: until the job has run, every sweep queues the same campaign once more."""
    people = list_of(20)
    campaign = CampaignFactory(connection=through("remembering"), lists=[people])
    start_campaign_at(campaign, by=None, starts_at=now() + HOUR)
    Campaign.objects.filter(pk=campaign.pk).update(starts_at=now())

    for _sweep in range(3):
        with transaction.atomic():
            start_due(str(campaign.pk), {})
    for _sweep in range(3):
        recover()
        send(campaign)

    campaign.refresh_from_db()
    assert sorted(number for number, _text in taken) == numbers_of(people)
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.FINISHED, {"sent": 20})


def test_two_starts_at_the_same_moment_are_one__4_1_no_unique_campaign_and_contact(real_acme):
    """whaticket.md 4.1 and 4.12: findOrCreate without a unique index makes two shippings for a contact."""
    campaign = CampaignFactory(lists=[list_of(50)])

    def start() -> str:
        try:
            return start_campaign(Campaign.objects.get(pk=campaign.pk), by=None).status
        except ApplicationError as refused:
            return refused.code

    with ThreadPoolExecutor(4) as clerks:
        said = sorted(clerks.map(lambda _place: everywhere(real_acme, start), range(4)))

    assert said == ["running", "wrong_status", "wrong_status", "wrong_status"]
    assert Recipient.objects.filter(campaign=campaign).count() == 50


def test_four_workers_at_the_same_campaign_send_it_once__4_12_no_unique_campaign_and_contact(real_acme, taken):
    """whaticket.md 4.12: two jobs of one recipient are two messages."""
    people = list_of(60)
    campaign = started(people, connection=through("remembering"))

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _place: everywhere(real_acme, lambda: send_next_batch(campaign.pk, campaign.connection_id)), range(4)))

    assert sorted(number for number, _text in taken) == numbers_of(people)
    assert states_of(campaign) == {"sent": 60}


def test_a_restart_while_a_message_is_at_the_gateway_sends_nobody_twice__4_1_restart(real_acme, taken):
    """whaticket.md 4.1: a restart queues all that have no deliveredAt yet, those on their way too."""
    campaign = started(list_of(3), connection=through("slow", parallel_sends=1))
    restarts = []

    def paused_and_resumed() -> None:
        def deed() -> None:
            pause_campaign(campaign, by=None)
            resume_campaign(campaign, by=None)
            send_next_batch(campaign.pk, campaign.connection_id)  # as its worker would

        restarts.append(everywhere(real_acme, deed))

    SlowGateway.meanwhile = paused_and_resumed
    send(campaign)

    messages = Message.objects.filter(origin="campaign", origin_id=campaign.pk)
    assert (len(restarts), messages.count(), messages.values("contact").distinct().count()) == (3, 3, 3)
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.FINISHED, {"sent": 3})


def test_a_campaign_of_2300_reaches_all_of_them_over_many_slices__p16_stops_at_1200(real_acme, settings, taken):
    """peers.md P16: one long job dies somewhere in the middle, and nothing goes on from there."""
    settings.LEASE_SECONDS = 1.5  # slices of half a second, in which not half of them can go
    people = ContactList.objects.create(name="Many")
    contacts = Contact.objects.bulk_create(Contact(name=f"One of many {place}", phone=f"+5521960{place:06d}") for place in range(2300))
    Address.objects.bulk_create(Address(contact=contact, kind="phone", value=contact.phone) for contact in contacts)
    people.contacts.set(contacts)
    campaign = started(people, connection=through("remembering", messages_per_second=1500))

    slices = 0
    while campaign.status == Campaign.Status.RUNNING and slices < 100:
        send(campaign)
        slices += 1

    assert slices >= 3
    assert sorted(number for number, _text in taken) == numbers_of(people)
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.FINISHED, {"sent": 2300})


def test_the_end_comes_with_failures_and_with_a_list_that_changed__4_1_valid_equals_delivered(real_acme):
    """whaticket.md 4.1: it ends when as many were delivered as the list has valid contacts *now*: one failure, and it never does."""
    people = list_of(4)
    gone, *_others = people.contacts.order_by("pk")
    campaign = started(people, connection=ConnectionFactory(settings={"failure_rate": 1, "failure_code": "not_on_whatsapp"}))
    people.contacts.remove(gone)
    people.contacts.add(*ContactFactory.create_batch(2))

    send(campaign)

    assert (campaign.status, states_of(campaign)) == (Campaign.Status.FINISHED, {"failed": 4})


def test_what_a_slice_reads_grows_with_its_recipients_and_not_with_their_square__4_12(real_acme, monkeypatch):
    """whaticket.md 4.12: for each contact the whole list is loaded again."""
    read = []
    rows_of = Wire.rows

    async def counted(wire: Wire, statement: str, parameters: dict[str, object]) -> list[tuple]:
        rows = await rows_of(wire, statement, parameters)
        read.append(len(rows))
        return rows

    monkeypatch.setattr(Wire, "rows", counted)
    totals = {}
    for size in (20, 200):
        read.clear()
        send(started(list_of(size)))
        totals[size] = sum(read)

    assert totals == {20: 40, 200: 400}  # each was claimed, and recorded


@pytest.mark.parametrize("claimed", ["draft", "scheduled", "cancelled"])
def test_a_running_campaign_is_not_edited_by_saying_that_it_does_not_run__4_1_submitted_status(sam, client_of, claimed):
    """whaticket.md 4.1: whether it may be edited is decided by the status that the request brings."""
    campaign = started(list_of(1))

    answer = client_of(sam).patch(f"/api/v1/campaigns/{campaign.pk}/", {"status": claimed, "body": "Other"}, format="json")

    campaign.refresh_from_db()
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "campaign_started")
    assert (campaign.status, campaign.body) == (Campaign.Status.RUNNING, "Hello {{first_name|there}}")


# --- what is said ----------------------------------------------------------------------------------------------------------------


def test_another_company_s_campaign_turns_nobody_s_variant_here__4_1_one_counter_for_all(real_acme):
    """whaticket.md 4.1: the rotation is one counter of the process, shared by all companies."""
    variants = {"variants": [{"body": f"Text {place}"} for place in range(3)]}
    campaign = CampaignFactory(lists=[list_of(90)])
    update_campaign(campaign, by=None, fields=variants)
    before = dry_run(campaign).counted.variants

    with enter(Company.objects.get(schema_name="globex")):
        theirs = CampaignFactory(lists=[list_of(10)])
        update_campaign(theirs, by=None, fields=variants)
        send(start_campaign(theirs, by=None))
    send(start_campaign(campaign, by=None))

    said = {f"Text {place}": amount for place, amount in before.items()}
    bodies = list(Message.objects.filter(origin="campaign", origin_id=campaign.pk).values_list("body", flat=True))
    assert {body: bodies.count(body) for body in set(bodies)} == said
    assert set(before) == {0, 1, 2}


def test_what_leaves_is_what_was_written_to_the_letter__4_1_u200c(real_acme, taken):
    """whaticket.md 4.1: every text begins with an invisible sign, by which its own echo is known, which then closes the ticket."""
    people = list_of(1)
    started_campaign = started(people, connection=through("remembering"), body="Hello {{first_name|there}}")

    send(started_campaign)

    name = people.contacts.get().name.split()[0]
    assert taken == [(people.contacts.get().phone, f"Hello {name}")]
    assert Message.objects.get(origin="campaign", origin_id=started_campaign.pk).body == f"Hello {name}"


# --- to whom ---------------------------------------------------------------------------------------------------------------------


def test_a_tag_means_our_own_contacts_each_once_and_only_good_numbers__4_1_audience_by_tag(real_acme):
    """whaticket.md 4.1: tickets with the tag's id, of any company, as often as they have tickets, all marked valid."""
    once, invalid = ContactFactory.create_batch(2)
    tag = Tag.objects.create(name="Chosen")
    tag.contacts.set([once, invalid])
    invalid.addresses.update(is_invalid=True)
    with enter(Company.objects.get(schema_name="globex")):
        theirs = Tag.objects.create(pk=tag.pk, name="Theirs, with our tag's id")
        theirs.contacts.set(ContactFactory.create_batch(2))
    campaign = CampaignFactory()
    campaign.tags.set([tag])
    people = list_of(0)
    people.contacts.set([once])
    campaign.lists.set([people])

    send(start_campaign(campaign, by=None))

    rows = Recipient.objects.filter(campaign=campaign).order_by("contact")
    assert list(rows.values_list("contact", "state", "exclusion")) == [
        (once.pk, "sent", ""),
        (invalid.pk, "excluded", "invalid_address"),
    ]
