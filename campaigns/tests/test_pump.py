"""The pump on real rows, with the simulated network as the gateway."""

import asyncio
import datetime
import threading

import pytest
from django.db import connection as database
from django.db.models import F

from campaigns.models import Campaign, CampaignCount, Recipient
from campaigns.sending.slices import job_of, send_next_batch, settle_lost, settle_lost_rows
from campaigns.services.lifecycle import cancel_campaign, pause_campaign, resume_campaign, start_campaign
from campaigns.statements.sending import CLAIM_WAVE
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of, states_of
from campaigns.tests.gateways import SlowGateway
from connectors.models import Connection
from connectors.types import Delivery, Receipt
from contacts.models import Contact, OptOut
from contacts.services.merging import merge_contacts
from contacts.tests.factories import ContactFactory
from tenants.lib.clock import now
from tenants.lib.tenancy import current_company, enter
from tenants.models import Flight, Timer
from tickets.models import Message, ParkedReceipt
from tickets.services.receipts import apply_receipts


def counts_of(campaign: Campaign) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, delta in CampaignCount.objects.filter(campaign=campaign, minute=None).values_list("name", "delta"):
        counts[name] = counts.get(name, 0) + delta
    return {name: amount for name, amount in counts.items() if amount}


def started(size: int, **settings: object) -> Campaign:
    """A running campaign to so many, on a simulated number with these settings."""
    line = ConnectionFactory(settings={"messages_per_second": 10_000, **settings})
    campaign = CampaignFactory(connection=line, lists=[list_of(size)])
    return start_campaign(campaign, by=None)


def send(campaign: Campaign) -> Campaign:
    send_next_batch(campaign.pk, campaign.connection_id)
    campaign.refresh_from_db()
    return campaign


def recipients_of(campaign: Campaign) -> list[Recipient]:
    return list(Recipient.objects.filter(campaign=campaign).order_by("pk"))


def messages_of(campaign: Campaign):
    return Message.objects.filter(origin="campaign", origin_id=campaign.pk).order_by("pk")


def timers_of(campaign: Campaign) -> list[str]:
    return list(Timer.objects.filter(key=f"{campaign.pk}:{campaign.connection_id}", kind="campaign.send").values_list("kind", flat=True))


def test_everybody_gets_it_once_and_the_campaign_finishes(real_acme):
    campaign = send(started(150))

    messages = messages_of(campaign)
    assert (campaign.status, states_of(campaign), counts_of(campaign)) == (Campaign.Status.FINISHED, {"sent": 150}, {"sent": 150})
    assert (messages.count(), messages.values("contact").distinct().count()) == (150, 150)
    assert messages.filter(status=10, direction="out", kind="text", ticket=None).exclude(external_id="").count() == 150
    assert [message.key for message in messages] == [f"r{recipient.pk}.1" for recipient in recipients_of(campaign)]
    assert messages[0].body == f"Hello {messages[0].contact.name.split()[0]}"
    flights = Flight.objects.filter(company_id=current_company().pk, direction="out", answered_at__gte=F("sent_at"))
    assert sorted(flights.values_list("external_id", "our_id")) == sorted(messages.values_list("external_id", "key"))


def test_receipts_that_came_before_the_answer_was_recorded_are_counted(real_acme):
    campaign = started(3)
    first, second, third = recipients_of(campaign)
    early = [
        Receipt("sim.1", Delivery.SENT, now(), our_id=f"r{first.pk}.1"),
        Receipt("sim.1", Delivery.READ, now(), our_id=f"r{first.pk}.1"),
        Receipt("sim.2", Delivery.DELIVERED, now(), our_id=f"r{second.pk}.1"),
    ]
    parked = apply_receipts(campaign.connection, early).parked

    send(campaign)

    assert (parked, ParkedReceipt.objects.count()) == (3, 0)
    assert [message.status for message in messages_of(campaign)] == [Delivery.READ, Delivery.DELIVERED, Delivery.ACCEPTED]
    assert messages_of(campaign)[0].read_at is not None
    assert counts_of(campaign) == {"sent": 3, "delivered": 2, "read": 1}


def test_receipts_that_come_later_in_any_order_are_counted_once(real_acme):
    campaign = send(started(2))
    first, second = messages_of(campaign)
    receipts = [
        Receipt(first.external_id, Delivery.READ, now()),
        Receipt(first.external_id, Delivery.DELIVERED, now()),
        Receipt(first.external_id, Delivery.READ, now()),
        Receipt(second.external_id, Delivery.FAILED, now()),
    ]

    apply_receipts(campaign.connection, receipts)
    apply_receipts(campaign.connection, receipts)

    assert counts_of(campaign) == {"sent": 1, "delivered": 1, "read": 1, "failed": 1}
    assert [Delivery(recipient.status) for recipient in recipients_of(campaign)] == [Delivery.READ, Delivery.FAILED]


@pytest.mark.parametrize(
    ("code", "state", "status", "attempts"),
    [
        ("not_on_whatsapp", "failed", Delivery.FAILED, 1),
        ("lost", "unknown", Delivery.UNKNOWN, 1),
        ("unavailable", "pending", Delivery.QUEUED, 1),
        ("engagement_cap", "pending", Delivery.QUEUED, 1),
        ("pair_rate", "pending", Delivery.QUEUED, 1),
        ("throttled", "pending", Delivery.QUEUED, 0),
        ("template_paused", "pending", Delivery.QUEUED, 0),
    ],
)
def test_what_a_refusal_does_to_its_recipient(real_acme, code, state, status, attempts):
    campaign = started(1, failure_rate=1, failure_code=code)

    send(campaign)

    (recipient,) = recipients_of(campaign)
    assert (recipient.state, recipient.status, recipient.attempts, recipient.error_code) == (state, status, attempts, code)
    assert recipient.error_text.startswith("Simulated")


def test_a_refusal_is_retried_until_the_attempts_are_used_up(real_acme, settings):
    settings.SEND_BACKOFF_SECONDS = 0
    campaign = started(1, failure_rate=1, failure_code="unavailable")

    for _ in range(settings.SEND_ATTEMPTS):
        Recipient.objects.filter(campaign=campaign, state="pending").update(retry_at=None)
        send(campaign)

    (recipient,) = recipients_of(campaign)
    (message,) = messages_of(campaign)
    assert (recipient.state, recipient.attempts, message.status) == ("failed", 3, Delivery.FAILED)
    assert (campaign.status, counts_of(campaign)) == (Campaign.Status.FINISHED, {"failed": 1})


def test_a_gateway_that_asks_to_slow_down_is_obeyed_and_nobody_fails(real_acme):
    campaign = send(started(5, failure_rate=1, failure_code="throttled"))

    assert (campaign.status, states_of(campaign)) == (Campaign.Status.RUNNING, {"pending": 5})
    assert timers_of(campaign) == ["campaign.send"]


def test_a_paused_template_pauses_the_campaign_in_words(real_acme):
    campaign = send(started(5, failure_rate=1, failure_code="template_paused"))

    assert (campaign.status, campaign.status_reason) == (Campaign.Status.PAUSED, "Simulated: the template is paused.")
    assert states_of(campaign) == {"pending": 5}


def test_an_expired_token_pauses_the_number_and_the_campaign(real_acme):
    campaign = send(started(5, failure_rate=1, failure_code="token_expired"))

    campaign.connection.refresh_from_db()
    assert (campaign.status, campaign.status_reason) == (Campaign.Status.PAUSED, "Simulated: the access token has expired.")
    assert campaign.connection.paused_until > now()


def test_an_unknown_outcome_is_settled_by_a_receipt_with_our_id(real_acme):
    campaign = send(started(1, failure_rate=1, failure_code="timeout"))
    (recipient,) = recipients_of(campaign)
    before = (recipient.state, counts_of(campaign))

    apply_receipts(campaign.connection, [Receipt("sim.late", Delivery.DELIVERED, now(), our_id=f"r{recipient.pk}.1")])

    recipient.refresh_from_db()
    assert before == ("unknown", {"unknown": 1})
    assert (recipient.state, recipient.status, counts_of(campaign)) == ("sent", Delivery.DELIVERED, {"sent": 1, "delivered": 1})


def test_the_rate_of_the_number_is_kept_without_holding_a_worker(real_acme):
    campaign = send(started(40, messages_per_second=0.5))

    assert (states_of(campaign), timers_of(campaign)) == ({"sent": 1, "pending": 39}, ["campaign.send"])


def test_a_pause_and_a_cancel_keep_what_was_sent(real_acme):
    campaign = send(started(40, messages_per_second=0.5))

    pause_campaign(campaign, by=None)
    send(campaign)
    paused = states_of(campaign)
    resume_campaign(campaign, by=None)
    cancel_campaign(campaign, by=None)
    send(campaign)

    assert paused == {"sent": 1, "pending": 39}
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.CANCELLED, {"sent": 1, "cancelled": 39})
    assert counts_of(campaign) == {"sent": 1, "cancelled": 39}


def test_who_opts_out_after_the_start_gets_nothing(real_acme):
    campaign = started(3)
    OptOut.objects.create(contact=recipients_of(campaign)[1].contact, purpose="marketing")

    send(campaign)

    assert [recipient.state for recipient in recipients_of(campaign)] == ["sent", "excluded", "sent"]
    assert recipients_of(campaign)[1].exclusion == "opted_out"
    assert counts_of(campaign) == {"sent": 2, "excluded": 1}


def test_only_one_worker_pumps_a_campaign(real_acme):
    campaign = started(3)
    campaign.lines.update(pump_lease="another", pump_leased_until=now() + datetime.timedelta(seconds=30))

    send(campaign)

    assert states_of(campaign) == {"pending": 3}


def claim_as_a_worker_that_dies(campaign: Campaign) -> None:
    """Everybody claimed and stamped, and then nothing more, until the lease has ended."""
    campaign.lines.update(pump_lease="dead")
    with database.cursor() as cursor:
        parameters = {
            "campaign": campaign.pk,
            "connection": campaign.connection_id,
            "lease": "dead",
            "lease_seconds": 30,
            "after": 0,
            "count": 100,
            "most_marketing": None,
            "marketing_days": 7,
        }
        cursor.execute(CLAIM_WAVE, parameters)
    Recipient.objects.filter(campaign=campaign).update(leased_until=now() - datetime.timedelta(seconds=1))


def test_what_a_dead_worker_had_in_flight_is_unknown_and_never_sent_again(real_acme):
    campaign = started(2)
    claim_as_a_worker_that_dies(campaign)

    settled = settle_lost(campaign.lines.get())
    send(campaign)

    assert (settled, states_of(campaign), counts_of(campaign)) == (2, {"unknown": 2}, {"unknown": 2})
    assert [(message.status, message.body[:5]) for message in messages_of(campaign)] == [(Delivery.UNKNOWN, "Hello")] * 2
    assert campaign.status == Campaign.Status.FINISHED


def test_a_receipt_that_came_while_the_worker_was_dead_settles_its_row(real_acme):
    campaign = started(2)
    claim_as_a_worker_that_dies(campaign)
    first = recipients_of(campaign)[0]
    apply_receipts(campaign.connection, [Receipt("sim.late", Delivery.READ, now(), our_id=f"r{first.pk}.1")])

    settle_lost(campaign.lines.get())

    assert counts_of(campaign) == {"sent": 1, "delivered": 1, "read": 1, "unknown": 1}
    assert messages_of(campaign)[0].external_id == "sim.late"


@pytest.fixture
def bad_gateways(settings):
    settings.PROVIDERS = settings.PROVIDERS | {
        "slow": "campaigns.tests.gateways.SlowGateway",
        "echoing": "campaigns.tests.gateways.EchoingGateway",
    }


def test_an_answer_that_comes_after_the_lease_settles_what_was_called_unknown(real_acme, bad_gateways):
    campaign = started(1)
    Connection.objects.filter(pk=campaign.connection_id).update(provider="slow")
    seen = []

    def the_lease_ends_and_the_sweep_comes() -> None:
        with enter(real_acme):
            Recipient.objects.filter(campaign=campaign).update(leased_until=now() - datetime.timedelta(seconds=1))
            job = job_of(campaign.lines.get())
        asyncio.run(settle_lost_rows(job))
        with enter(real_acme):
            seen.append(counts_of(campaign))
        database.close()

    SlowGateway.meanwhile = the_lease_ends_and_the_sweep_comes
    send(campaign)

    (message,) = messages_of(campaign)
    assert seen == [{"unknown": 1}]
    assert (states_of(campaign), counts_of(campaign)) == ({"sent": 1}, {"sent": 1})
    assert (message.status, message.external_id != "") == (Delivery.ACCEPTED, True)


def test_who_is_merged_while_the_message_is_in_flight_keeps_it(real_acme, bad_gateways):
    campaign = started(3)
    Connection.objects.filter(pk=campaign.connection_id).update(provider="slow")
    merged = campaign.recipients.order_by("pk").first().contact
    kept, one_at_a_time = ContactFactory(), threading.Lock()

    def they_are_merged() -> None:
        with one_at_a_time, enter(real_acme):
            if Contact.objects.filter(pk=merged.pk).exists():
                merge_contacts(kept, merged, by=None)
            database.close()

    SlowGateway.meanwhile = they_are_merged
    send(campaign)

    assert (states_of(campaign), counts_of(campaign)) == ({"sent": 3}, {"sent": 3})
    assert messages_of(campaign).filter(contact=kept).count() == 1


def test_an_id_that_another_message_has_does_not_stop_the_wave(real_acme, bad_gateways):
    campaign = started(3)
    Connection.objects.filter(pk=campaign.connection_id).update(provider="echoing")

    send(campaign)

    assert (campaign.status, counts_of(campaign)) == (Campaign.Status.FINISHED, {"sent": 3})
    assert sorted(message.external_id for message in messages_of(campaign)) == ["", "", "taken"]


def test_a_slice_that_fails_gives_its_number_back_at_once(real_acme, monkeypatch):
    """And with a new connection the next one works: those of before a restart of the database are dead, all of them."""
    campaign = started(3)

    async def broken(*_: object) -> None:
        raise ConnectionError("The database went away.")

    with monkeypatch.context() as patched:
        patched.setattr("campaigns.sending.pump.Pump._claim_waves", broken)
        with pytest.raises(ExceptionGroup):
            send(campaign)

    assert campaign.lines.get().pump_leased_until is None
    assert send(campaign).status == Campaign.Status.FINISHED


@pytest.mark.parametrize(
    ("facts", "settings", "parallel"),
    [({}, {}, 32), ({"throughput": {"level": "HIGH"}}, {}, 250), ({"throughput": {"level": "HIGH"}}, {"parallel_sends": 8}, 8)],
)
def test_a_number_that_meta_lets_send_fast_has_as_many_in_flight_as_that_needs(acme, facts, settings, parallel):
    """At 1,000 messages a second and a quarter of a second for an answer."""
    number = ConnectionFactory(provider="cloud_api", facts=facts, settings=settings)
    campaign = CampaignFactory(connection=number, status=Campaign.Status.RUNNING)

    assert job_of(campaign.lines.get()).parallel == parallel
