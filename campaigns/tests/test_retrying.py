"""Sent again to those who were not reached: each once more, with a key of its own, counted right; and retries that do not come in step."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from django.db import transaction

from campaigns.models import Campaign, Recipient
from campaigns.sending.slices import send_next_batch
from campaigns.sending.verdicts import JITTER, verdict_of
from campaigns.services.lifecycle import cancel_campaign, finish_if_done, start_campaign
from campaigns.services.retrying import send_again
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of, states_of
from campaigns.tests.test_pump import counts_of
from connectors.models import Connection
from connectors.types import Delivery, Policy, ProviderError, Receipt
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import enter
from tickets.models import Message
from tickets.services.receipts import apply_receipts


def ended_badly(size: int, *, code: str) -> Campaign:
    """Everybody met this failure of the simulated network; from now on it is well."""
    line = ConnectionFactory(settings={"messages_per_second": 10_000, "failure_rate": 1, "failure_code": code})
    campaign = start_campaign(CampaignFactory(connection=line, lists=[list_of(size)]), by=None)
    send(campaign)
    Connection.objects.filter(pk=line.pk).update(settings={"messages_per_second": 10_000})
    return Campaign.objects.get(pk=campaign.pk)


def send(campaign: Campaign) -> Campaign:
    send_next_batch(campaign.pk, campaign.connection_id)
    campaign.refresh_from_db()
    return campaign


def test_those_who_failed_get_it_once_more_and_the_counters_follow(real_acme):
    campaign = ended_badly(5, code="not_on_whatsapp")
    before = counts_of(campaign)

    count = send_again(campaign, by=None, what="failed")
    waiting = counts_of(campaign)
    send(campaign)

    assert (before, count, waiting) == ({"failed": 5}, 5, {"queued": 5})
    assert (counts_of(campaign), campaign.status) == ({"sent": 5}, Campaign.Status.FINISHED)
    messages = Message.objects.filter(origin="campaign", origin_id=campaign.pk)
    assert sorted(messages.values_list("status", flat=True)) == [Delivery.ACCEPTED] * 5 + [Delivery.FAILED] * 5
    assert messages.values("key").distinct().count() == 10


def test_a_late_receipt_of_the_first_attempt_moves_only_its_own_message(real_acme):
    campaign = ended_badly(1, code="lost")
    (first,) = Message.objects.filter(origin_id=campaign.pk)

    send_again(campaign, by=None, what="unknown")
    send(campaign)
    apply_receipts(campaign.connection, [Receipt("sim.first", Delivery.DELIVERED, now(), our_id=first.key)])

    first.refresh_from_db()
    recipient = Recipient.objects.get(campaign=campaign)
    assert first.status == Delivery.DELIVERED
    assert (recipient.status, recipient.message_id != first.pk) == (Delivery.ACCEPTED, True)
    assert counts_of(campaign) == {"sent": 1}


def test_what_was_tried_before_is_forgiven(real_acme, settings):
    """The most attempts begin anew: one more refusal that may be retried does not end it."""
    settings.SEND_ATTEMPTS = 2
    campaign = ended_badly(1, code="not_on_whatsapp")
    Recipient.objects.filter(campaign=campaign).update(attempts=2)
    failing = {"messages_per_second": 10_000, "failure_rate": 1, "failure_code": "unavailable"}
    Connection.objects.filter(pk=campaign.connection_id).update(settings=failing)

    send_again(campaign, by=None, what="failed")
    send(campaign)

    recipient = Recipient.objects.get(campaign=campaign)
    assert (recipient.state, recipient.attempts, recipient.forgiven) == ("pending", 3, 2)


def test_who_is_sent_it_again_just_when_the_campaign_ends_keeps_it_running(real_acme):
    """The end looked for waiting people before `send_again` let them wait, and closed the campaign after it."""
    campaign = ended_badly(2, code="not_on_whatsapp")
    Campaign.objects.filter(pk=campaign.pk).update(status=Campaign.Status.RUNNING)  # its end has not been noticed yet

    def end() -> bool:
        with enter(real_acme):
            try:
                return finish_if_done(campaign.pk)
            finally:
                database.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            send_again(campaign, by=None, what="failed")
            ended = other.submit(end)
            until = time.monotonic() + 10
            while not somebody_waits_for_a_row() and time.monotonic() < until:
                time.sleep(0.01)
        assert ended.result(timeout=20) is False

    campaign.refresh_from_db()
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.RUNNING, {"pending": 2})


def somebody_waits_for_a_row() -> bool:
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')")
        return cursor.fetchone()[0] > 0


def test_only_these_or_only_this_failure(real_acme):
    campaign = ended_badly(4, code="not_on_whatsapp")
    first, second, *_rest = Recipient.objects.filter(campaign=campaign).order_by("pk")
    Recipient.objects.filter(pk=second.pk).update(error_code="other")

    with pytest.raises(ApplicationError) as nobody:
        send_again(campaign, by=None, what="failed", error="never happened")
    by_error = send_again(campaign, by=None, what="failed", error="other")
    by_id = send_again(campaign, by=None, what="failed", ids=[first.pk, second.pk])

    assert (nobody.value.code, by_error, by_id) == ("nobody", 1, 1)
    assert states_of(campaign) == {"pending": 2, "failed": 2}


def test_a_cancelled_campaign_stays_so_and_a_paused_one_waits_for_its_resume(real_acme):
    campaign = ended_badly(2, code="not_on_whatsapp")
    Campaign.objects.filter(pk=campaign.pk).update(status=Campaign.Status.PAUSED)

    send_again(campaign, by=None, what="failed")
    campaign.refresh_from_db()
    paused = campaign.status
    cancel_campaign(campaign, by=None)
    with pytest.raises(ApplicationError) as refused:
        send_again(campaign, by=None, what="failed")

    assert (paused, refused.value.code, refused.value.status) == (Campaign.Status.PAUSED, "wrong_status", 409)


def test_over_http_twice_is_once(sam, client_of):
    campaign = CampaignFactory(status=Campaign.Status.FINISHED)
    for contact in list_of(2).contacts.all():
        Recipient.objects.create(campaign=campaign, contact=contact, connection=campaign.connection, state="failed", status=25)
    path = f"/api/v1/campaigns/{campaign.pk}/recipients/send-again/"
    client = client_of(sam)

    answers = [client.post(path, {"what": "failed"}, format="json") for _ in range(2)]
    wrong = client.post(path, {"what": "everybody"}, format="json")

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[0].json() == {"count": 2}
    assert (wrong.status_code, wrong.json()["errors"][0]["attr"]) == (400, "what")


def test_those_who_failed_together_do_not_come_back_together():
    error = ProviderError("503", "Down", Policy.RETRY)

    pauses = [verdict_of(error, attempt=3, max_attempts=9, backoff_seconds=10).seconds for _ in range(500)]

    low, high = (40 * factor for factor in JITTER)
    assert all(low <= pause <= high for pause in pauses)
    assert len({round(pause, 3) for pause in pauses}) > 400
    assert abs(sum(pauses) / len(pauses) - 40) < 2
