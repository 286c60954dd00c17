"""The report comes from counters; these are what a full count would say, whatever happened in whatever order."""

import datetime
import random
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign, CampaignCount, Line, Recipient, Variant
from campaigns.selectors import campaigns_with_counts, counts_of, report_of, timeline_of
from campaigns.sending.slices import send_next_batch
from campaigns.services.counting import count_replies, squash_counts
from campaigns.services.lifecycle import cancel_campaign, start_campaign
from campaigns.services.lines import pass_on
from campaigns.services.retrying import send_again
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of
from campaigns.types import Reply
from connectors.types import Delivery, Fault, Receipt
from contacts.models import OptOut
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tickets.models import Message
from tickets.services.receipts import apply_receipts

FULL_COUNT = import_module("campaigns.migrations.0011_recount").FORWARD
AFTER_SENDING = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.FAILED)


def cube_of(campaign: Campaign) -> dict[tuple, int]:
    """Every counter by variant, number and detail, without those that are zero."""
    sums: dict[tuple, int] = {}
    rows = CampaignCount.objects.filter(campaign=campaign, minute=None)
    for *key, delta in rows.values_list("name", "variant", "connection_id", "detail", "delta"):
        sums[tuple(key)] = sums.get(tuple(key), 0) + delta
    return {key: amount for key, amount in sums.items() if amount}


def full_count_of(campaign: Campaign) -> dict[tuple, int]:
    """What counting all recipients says. Forgets the counters."""
    with database.cursor() as cursor:
        cursor.execute(FULL_COUNT)
    return cube_of(campaign)


def line(**knobs: object):
    return ConnectionFactory(settings={"messages_per_second": 10_000, **knobs})


def send(campaign: Campaign) -> None:
    for number in Line.objects.filter(campaign=campaign).values_list("connection", flat=True):
        send_next_batch(campaign.pk, number)


def sent_campaign(size: int) -> Campaign:
    campaign = start_campaign(CampaignFactory(connection=line(), lists=[list_of(size)]), by=None)
    send(campaign)
    return Campaign.objects.get(pk=campaign.pk)


def some_receipts(dice: random.Random, campaign: Campaign) -> None:
    messages = list(Message.objects.filter(origin="campaign", origin_id=campaign.pk).select_related("connection"))
    for message in dice.sample(messages, k=len(messages) // 2):
        status = dice.choice(AFTER_SENDING)
        fault = Fault(dice.choice(("131026", "130472")), "Not reached.") if status == Delivery.FAILED else None
        apply_receipts(message.connection, [Receipt(message.external_id, status, now(), our_id=message.key, fault=fault)])


@pytest.mark.parametrize("seed", range(4))
def test_counters_are_what_a_full_count_says_after_anything(real_acme, seed):
    dice = random.Random(seed)
    first, second = line(failure_rate=0.3, failure_code="lost"), line(failure_rate=0.3, failure_code="not_on_whatsapp")
    campaign = CampaignFactory(connection=first, lists=[list_of(40)], body="A {{first_name|there}}")
    Variant.objects.bulk_create([Variant(campaign=campaign, position=place, weight=1 + place, body=f"Text {place}") for place in range(2)])
    Line.objects.bulk_create([Line(campaign=campaign, connection=number, position=place) for place, number in enumerate((first, second))])
    start_campaign(campaign, by=None)
    for contact_id in dice.sample(list(Recipient.objects.filter(campaign=campaign).values_list("contact_id", flat=True)), k=4):
        OptOut.objects.create(contact_id=contact_id, purpose="marketing")
    deeds = [
        lambda: send(campaign),
        lambda: some_receipts(dice, campaign),
        lambda: send_again(Campaign.objects.get(pk=campaign.pk), by=None, what=dice.choice(("failed", "unknown"))),
        lambda: pass_on(campaign, dice.choice((first, second))),
        squash_counts,
    ]
    for deed in dice.choices(deeds, k=14):
        try:
            deed()
        except ApplicationError:
            continue  # nobody to send to again
    if dice.random() < 0.5 and Campaign.objects.get(pk=campaign.pk).status == Campaign.Status.RUNNING:
        cancel_campaign(Campaign.objects.get(pk=campaign.pk), by=None)

    counted = cube_of(campaign)

    assert counted == full_count_of(campaign)


def test_the_report_asks_for_no_recipient_where_nothing_failed(real_acme):
    campaign = campaigns_with_counts().get(pk=sent_campaign(30).pk)

    with CaptureQueriesContext(
        database,
    ) as asked:
        counts, report = counts_of(campaign), report_of(campaign)
        timeline_of(campaign, ZoneInfo("UTC"))

    assert (counts["total"], counts["sent"], report.variants[0]["sent"]) == (30, 30, 30)
    assert not [query["sql"] for query in asked if "campaigns_recipient" in query["sql"]]


def test_failures_are_grouped_by_their_code_with_the_newest_words(real_acme):
    campaign = start_campaign(CampaignFactory(connection=line(failure_rate=1, failure_code="not_on_whatsapp"), lists=[list_of(3)]), by=None)
    send(campaign)

    (group,) = report_of(campaign).failures

    assert (group.code, group.count, group.is_unknown) == (Recipient.objects.filter(campaign=campaign).first().error_code, 3, False)
    assert group.text == Recipient.objects.filter(campaign=campaign).first().error_text != ""


def test_growth_is_told_by_the_minute_and_by_the_hour_when_it_took_days(real_acme):
    campaign = sent_campaign(5)
    some = list(Message.objects.filter(origin_id=campaign.pk).order_by("pk")[:2])
    apply_receipts(campaign.connection, [Receipt(message.external_id, Delivery.READ, now(), our_id=message.key) for message in some])

    soon = timeline_of(campaign, ZoneInfo("UTC"))
    CampaignCount.objects.filter(campaign=campaign, name="read", minute__isnull=False).update(minute=now() + datetime.timedelta(days=2))
    later = timeline_of(campaign, ZoneInfo("UTC"))

    assert soon.step == "minute"
    assert {name: sum(grown[name] for _at, grown in soon.points) for name in ("sent", "delivered", "read")} == {
        "sent": 5,
        "delivered": 2,
        "read": 2,
    }
    assert (later.step, [grown["read"] for _at, grown in later.points]) == ("hour", [0, 2])


def reply_of(recipient: Recipient, *, quoted: str = "", after: datetime.timedelta = datetime.timedelta(hours=1)) -> Reply:
    return Reply(recipient.contact_id, quoted, now() + after)


def replied(campaign: Campaign) -> int:
    return counts_of(campaigns_with_counts().get(pk=campaign.pk))["replied"]


def test_who_writes_within_three_days_has_replied_once(real_acme):
    campaign = sent_campaign(3)
    first, second, third = Recipient.objects.filter(campaign=campaign).order_by("pk")

    count_replies(campaign.connection, [reply_of(first), reply_of(second), reply_of(third, after=datetime.timedelta(days=4))])
    count_replies(campaign.connection, [reply_of(first, after=datetime.timedelta(hours=5))])
    count_replies(line(), [reply_of(third)])

    assert replied(campaign) == 2
    assert set(Recipient.objects.filter(campaign=campaign, replied_at__isnull=False)) == {first, second}


def test_a_reply_belongs_to_the_newest_campaign_or_to_the_one_that_is_quoted(real_acme):
    contacts, number = list_of(2), line()
    older, newer = (start_campaign(CampaignFactory(connection=number, lists=[contacts]), by=None) for _ in range(2))
    send(older)
    send(newer)
    first, second = Recipient.objects.filter(campaign=older).order_by("pk")

    count_replies(number, [reply_of(first), reply_of(second, quoted=second.external_id)])

    assert (replied(older), replied(newer)) == (1, 1)
    assert Recipient.objects.get(campaign=older, replied_at__isnull=False) == second
