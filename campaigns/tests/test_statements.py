"""Every hand-written statement runs on the migrated schema, and does what it says."""

import datetime

import orjson
import pytest
from django.db import connection as database

from campaigns.models import Campaign, CampaignCount, Recipient
from campaigns.services.audience import count_audience
from campaigns.services.counting import count_moves, squash_counts
from campaigns.statements.audience import FIND_OR_ADD_NUMBERS
from campaigns.statements.sending import CLAIM_WAVE, LEASE_PUMP, RELEASE_PUMP, RETURN
from campaigns.tests.factories import CampaignFactory, list_of
from campaigns.types import Audience, counters_of
from connectors.types import Delivery
from contacts.models import Contact, ContactList, OptOut, Tag
from contacts.tests.factories import ContactFactory
from tenants.lib.clock import now
from tickets.models import Message
from tickets.tests.factories import TicketFactory

NO_CAP = {"most_marketing": None, "marketing_days": 7}


def run(statement: str, **parameters: object) -> list[tuple]:
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def tagged(name: str, *contacts: Contact) -> Tag:
    tag = Tag.objects.create(name=name)
    tag.contacts.set(contacts)
    return tag


def test_an_audience_is_lists_and_tags_without_repeats_and_each_exclusion_has_its_reason(acme):
    marina, rafael, opted_out, blocked, unreachable, invalid, tagged_out = ContactFactory.create_batch(7)
    everybody = ContactList.objects.create(name="Everybody")
    everybody.contacts.set([marina, rafael, opted_out, blocked, unreachable, invalid, tagged_out])
    vip, never = tagged("VIP", marina, ContactFactory(name="Only tagged")), tagged("Never", tagged_out)
    OptOut.objects.create(contact=opted_out, purpose="all")
    Contact.objects.filter(pk=blocked.pk).update(is_blocked=True)
    unreachable.addresses.all().delete()
    invalid.addresses.update(is_invalid=True)

    counted = count_audience(Audience(list_ids=(everybody.pk,), tag_ids=(vip.pk,), excluded_tag_ids=(never.pk,)))

    assert counted.count == 3
    assert counted.exclusions == {"opted_out": 1, "blocked": 1, "no_address": 1, "invalid_address": 1, "excluded_tag": 1}


def test_an_opt_out_of_any_kind_that_covers_marketing_excludes(acme):
    contacts = list_of(2)
    first, second = contacts.contacts.order_by("pk")
    OptOut.objects.create(contact=first, purpose="marketing")
    OptOut.objects.create(contact=second, purpose="marketing")
    OptOut.objects.create(contact=second, purpose="all")

    assert count_audience(Audience(list_ids=(contacts.pk,))).exclusions == {"opted_out": 2}


def test_who_lacks_a_value_without_fallback_is_excluded(acme):
    contacts = list_of(3)
    first, second, _third = contacts.contacts.order_by("pk")
    Contact.objects.filter(pk=first.pk).update(name="")
    Contact.objects.filter(pk=second.pk).update(custom={"plan": "Gold"})

    by_name = count_audience(Audience(list_ids=(contacts.pk,), required=((0, "first_name"),)))
    by_plan = count_audience(Audience(list_ids=(contacts.pk,), required=((0, "custom.plan"), (0, "phone"))))

    assert (by_name.count, by_name.exclusions) == (2, {"missing_value": 1})
    assert (by_plan.count, by_plan.exclusions) == (1, {"missing_value": 2})


def test_a_name_of_nothing_but_spaces_has_no_first_name(acme):
    """Said before the start, and not by a failure for each of them after it."""
    contacts = list_of(2)
    Contact.objects.filter(pk=contacts.contacts.first().pk).update(name="  \t ")

    counted = count_audience(Audience(list_ids=(contacts.pk,), required=((0, "first_name"),)))

    assert (counted.count, counted.exclusions) == (1, {"missing_value": 1})


def test_free_text_goes_only_to_open_windows_where_the_gateway_has_them(acme):
    campaign = CampaignFactory()
    contacts = list_of(3)
    first, second, _third = contacts.contacts.order_by("pk")
    TicketFactory(contact=first, connection=campaign.connection, last_inbound_at=now() - datetime.timedelta(hours=23))
    TicketFactory(contact=second, connection=campaign.connection, last_inbound_at=now() - datetime.timedelta(hours=25))

    counted = count_audience(Audience(list_ids=(contacts.pk,), needs_open_window=True, lines=((campaign.connection_id, 1),)))

    assert (counted.count, counted.exclusions) == (1, {"outside_window": 2})


def frozen_recipients(size: int) -> list[Recipient]:
    campaign = CampaignFactory(status=Campaign.Status.RUNNING)
    campaign.lines.update(pump_lease="mine")
    contacts = ContactFactory.create_batch(size)
    return [
        Recipient.objects.create(campaign=campaign, contact=contact, connection=campaign.connection, address=contact.phone)
        for contact in contacts
    ]


def claim(campaign: Campaign, *, count: int = 10, after: int = 0, lease: str = "mine") -> list[int]:
    rows = run(
        CLAIM_WAVE,
        campaign=campaign.pk,
        connection=campaign.connection_id,
        lease=lease,
        lease_seconds=30,
        after=after,
        count=count,
        **NO_CAP,
    )
    return [row[0] for row in rows]


def test_a_wave_is_claimed_leased_and_stamped_in_order_and_once(acme):
    first, second, third = frozen_recipients(3)
    campaign = first.campaign

    waves = [claim(campaign, count=2), claim(campaign, count=2), claim(campaign, count=2)]

    first.refresh_from_db()
    assert waves == [[first.pk, second.pk], [third.pk], []]
    assert (first.state, first.lease, first.attempts, first.attempted_at is not None) == ("claimed", "mine", 1, True)
    assert first.leased_until > now() + datetime.timedelta(seconds=25)


@pytest.mark.parametrize(
    ("change", "lost"), [({"status": "paused"}, {}), ({"status": "cancelled"}, {}), ({"status": "running"}, {"pump_lease": "another"})]
)
def test_no_wave_begins_once_the_campaign_stops_or_the_pump_is_another_s(acme, change, lost):
    (recipient,) = frozen_recipients(1)
    Campaign.objects.filter(pk=recipient.campaign_id).update(**change)
    recipient.campaign.lines.update(**lost)

    assert claim(recipient.campaign) == []


def test_a_row_whose_lease_was_lost_is_not_recorded_over(acme):
    (recipient,) = frozen_recipients(1)
    claim(recipient.campaign)
    Recipient.objects.filter(pk=recipient.pk).update(lease="another")

    put_back = run(
        RETURN,
        lease="mine",
        returns=orjson.dumps([{"id": recipient.pk, "attempts": 0, "seconds": 0, "error_code": "", "error_text": ""}]).decode(),
    )

    recipient.refresh_from_db()
    assert (put_back, recipient.state) == ([], "claimed")


def test_the_pump_s_lease_is_taken_once_and_given_back(acme):
    campaign = CampaignFactory(status=Campaign.Status.RUNNING)
    line = {"campaign": campaign.pk, "connection": campaign.connection_id}

    def lease(name: str) -> bool:
        return bool(run(LEASE_PUMP, **line, lease=name, lease_seconds=30))

    taken = [lease("one"), lease("two")]
    run(RELEASE_PUMP, **line, lease="two")
    still = lease("two")
    run(RELEASE_PUMP, **line, lease="one")

    assert (taken, still, lease("two")) == ([True, False], False, True)


@pytest.mark.parametrize("old", list(Delivery))
@pytest.mark.parametrize("new", [Delivery.SENT, Delivery.FAILED, Delivery.DELIVERED, Delivery.READ, Delivery.PLAYED])
def test_counters_move_as_the_statuses_do(acme, old, new):
    (recipient,) = frozen_recipients(1)
    campaign = recipient.campaign
    said = {"connection": campaign.connection, "direction": "out", "origin": "campaign", "kind": "text"}
    message = Message.objects.create(contact=recipient.contact, **said)
    Recipient.objects.filter(pk=recipient.pk).update(message_id=message.pk, status=old, state="sent")
    CampaignCount.objects.bulk_create([CampaignCount(campaign=campaign, name=name, delta=1) for name in counters_of(old)])

    move = {"message_id": message.pk, "origin": "campaign", "old": old, "new": new, "error_code": "", "error_text": ""}
    count_moves([move])
    count_moves([move])

    squash_counts()
    sums: dict[str, int] = {}
    for name, delta in CampaignCount.objects.filter(campaign=campaign, minute=None).values_list("name", "delta"):
        sums[name] = sums.get(name, 0) + delta
    assert {name for name, amount in sums.items() if amount} == counters_of(max(old, new))
    assert set(sums.values()) <= {0, 1}


def test_squashing_keeps_the_sums(acme):
    campaign = CampaignFactory()
    names = ("sent", "read") * 40
    CampaignCount.objects.bulk_create([CampaignCount(campaign=campaign, name=name, delta=2) for name in names])

    squashed = squash_counts()

    assert squashed == 1
    assert sorted(CampaignCount.objects.filter(campaign=campaign).values_list("name", "delta")) == [("read", 80), ("sent", 80)]


def test_numbers_become_contacts_once(acme):
    marina = ContactFactory(name="Marina", phone="+5511987650001")
    numbers = orjson.dumps([{"number": "+5511987650001", "name": "Other"}, {"number": "+5511987650002", "name": "New"}]).decode()

    first = dict(run(FIND_OR_ADD_NUMBERS, numbers=numbers))
    second = dict(run(FIND_OR_ADD_NUMBERS, numbers=numbers))

    new = Contact.objects.get(phone="+5511987650002")
    assert first == second == {"+5511987650001": marina.pk, "+5511987650002": new.pk}
    assert (new.name, [address.value for address in new.addresses.all()]) == ("New", ["+5511987650002"])
