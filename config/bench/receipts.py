"""Receipts applied as the inbox applies them: batches of 500, statuses moved forward, campaign's counters moved, early ones parked."""

import time

from django.db import connection, transaction

from campaigns.models import Campaign, CampaignCount, Recipient
from campaigns.types import COUNTERS
from config.bench.installation import Installation
from config.bench.results import Result, middle
from connectors.models import Connection
from connectors.types import Delivery, Receipt
from contacts.models import Contact
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tenants.models import Company
from tickets.models import Message, ParkedReceipt
from tickets.services.receipts import apply_receipts

MESSAGES = 20_000
BATCH = 500
ROUNDS = 3
PARKED_SHARE = 20
GOAL = 5_000

_CONTACTS = "INSERT INTO contacts_contact (name) SELECT 'Receiver ' || n FROM generate_series(1, %(count)s) n"
_MESSAGES = """
INSERT INTO tickets_message (contact_id, connection_id, direction, origin, origin_id, kind, body, key, external_id, status, sent_at)
SELECT id, %(line)s, 'out', 'campaign', %(campaign)s, 'text', 'Hello', %(prefix)s || n, 'wamid.' || %(prefix)s || n, %(sent)s, now()
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM contacts_contact WHERE name LIKE 'Receiver %%' LIMIT %(count)s) AS contacts
"""
_RECIPIENTS = """
INSERT INTO campaigns_recipient (campaign_id, contact_id, address, state, status, message_id, external_id, sent_at)
SELECT origin_id, contact_id, '+550000', 'sent', status, id, external_id, sent_at FROM tickets_message WHERE connection_id = %(line)s
"""


def run(installation: Installation, company: Company) -> list[Result]:
    rates = []
    for number in range(ROUNDS):
        with enter(company):
            line, campaign = _sent_campaign(number)
            batches = _batches(f"r{number}-")
            began, cpu_began = time.perf_counter(), _cpu(installation)
            moved = parked = 0
            for batch in batches:
                applied = apply_receipts(line, batch)
                moved, parked = moved + len(applied.moves), parked + applied.parked
            seconds = time.perf_counter() - began
            cpu = [(now_spent - before) / (moved + parked) * 1e6 for now_spent, before in zip(_cpu(installation), cpu_began, strict=True)]
            _check(campaign, line, moved, parked)
        rates.append((moved + parked) / seconds)
        words = f"CPU per receipt: python {cpu[0]:.0f} us, postgres {cpu[1]:.0f} us"
        print(f"  {rates[-1]:8,.0f} receipts/s ({moved:,} moved a message, {parked:,} parked)   {words}", flush=True)
    rate = middle(rates)
    against = f"batches of {BATCH}, 1 process, counters counted, {100 // PARKED_SHARE}% parked; {words}"
    return [Result("receipts", rate, "receipts/s", against, f">= {GOAL:,}", rate >= GOAL)]


def _cpu(installation: Installation) -> tuple[float, float]:
    return time.process_time(), installation.cpu_seconds("postgres")


def _sent_campaign(number: int) -> tuple[Connection, Campaign]:
    line = Connection.objects.create(name=f"Receipts {number}", provider="simulator", state="connected")
    return line, sent_campaign(line, prefix=f"r{number}-", count=MESSAGES)


def sent_campaign(line: Connection, *, prefix: str, count: int) -> Campaign:
    """One whose messages, `wamid.{prefix}1` and so on, were sent and have no receipts yet."""
    campaign = Campaign.objects.create(name=f"Receipts {prefix}", connection=line, body="Hello", status=Campaign.Status.RUNNING)
    values = {"count": count, "line": line.pk, "campaign": campaign.pk, "prefix": prefix, "sent": Delivery.SENT.value}
    with transaction.atomic(), connection.cursor() as cursor:
        missing = count - Contact.objects.filter(name__startswith="Receiver ").count()
        if missing > 0:
            cursor.execute(_CONTACTS, {"count": missing})
        cursor.execute(_MESSAGES, values)
        cursor.execute(_RECIPIENTS, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE tickets_message")
        cursor.execute("VACUUM ANALYZE campaigns_recipient")
    return campaign


def _batches(prefix: str) -> list[list[Receipt]]:
    """Delivered, and then read; one of twenty for a message that is not recorded yet."""
    receipts = [
        Receipt(f"wamid.{prefix}{'' if n % PARKED_SHARE else 'early-'}{n}", status, now())
        for status in (Delivery.DELIVERED, Delivery.READ)
        for n in range(1, MESSAGES + 1)
    ]
    return [receipts[start : start + BATCH] for start in range(0, len(receipts), BATCH)]


def _check(campaign: Campaign, line: Connection, moved: int, parked: int) -> None:
    """What was counted is what is there."""
    early = MESSAGES // PARKED_SHARE * 2
    assert (moved, parked) == (2 * MESSAGES - early, early), (moved, parked)
    assert Message.objects.filter(connection=line, status=Delivery.READ).count() == moved // 2
    assert ParkedReceipt.objects.filter(connection=line).count() == early
    assert set(CampaignCount.objects.filter(campaign=campaign).values_list("name", flat=True)) <= set(COUNTERS)
    read = sum(CampaignCount.objects.filter(campaign=campaign, name="read", minute=None).values_list("delta", flat=True))
    assert read == moved // 2, read
    assert Recipient.objects.filter(campaign=campaign, status=Delivery.READ).count() == moved // 2
