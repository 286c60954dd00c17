"""A number that too many messages fail through, and nobody answers, rests from writing first; its agents go on, and a person may end it."""

import datetime

import pytest

from accounts.models import Notice, User
from campaigns.models import Campaign, Recipient
from campaigns.sending.slices import send_next_batch
from campaigns.services.health import failure_points, health_of, rest_if_unwell, silence_points
from campaigns.services.lifecycle import start_campaign
from campaigns.services.lines import can_take
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of, states_of
from connectors.models import Connection
from connectors.services.connections import resume_sending
from connectors.services.pacing import save_pacing
from connectors.types import Delivery
from contacts.tests.factories import ContactFactory
from tenants.lib.clock import now
from tickets.delivery import can_send_now

HOUR = datetime.timedelta(hours=1)


def founder() -> User:
    return User.objects.get(email="founder@acme.test")


def history(number: Connection, *, sent: int = 0, failed: int = 0, refused: int = 0, answered: int = 0, ago: datetime.timedelta = 5 * HOUR):
    """A campaign that went out a while ago: of `sent` some were answered; `failed` after they left, `refused` before."""
    campaign = CampaignFactory(connection=number, status=Campaign.Status.FINISHED, started_at=now() - ago)
    rows = [
        *(("sent", Delivery.DELIVERED, now() - HOUR if place < answered else None, "") for place in range(sent)),
        *(("sent", Delivery.FAILED, None, "131026") for _ in range(failed)),
        *(("failed", Delivery.FAILED, None, "131026") for _ in range(refused)),
    ]
    contacts = ContactFactory.create_batch(len(rows))
    Recipient.objects.bulk_create(
        Recipient(
            campaign=campaign, contact=contact, connection=number, address=contact.phone, state=state, status=status,
            replied_at=replied_at, error_code=error, attempted_at=now() - ago,
        )
        for contact, (state, status, replied_at, error) in zip(contacts, rows, strict=True)
    )  # fmt: skip
    return campaign


def waiting_campaign(number: Connection, size: int = 3) -> Campaign:
    return start_campaign(CampaignFactory(connection=number, lists=[list_of(size)]), by=None)


@pytest.mark.parametrize(
    ("failed", "attempted", "points"), [(0, 100, 0), (5, 100, 20), (10, 100, 40), (20, 100, 80), (90, 100, 80), (20, 29, 0)]
)
def test_what_fails_costs_up_to_a_fifth(failed, attempted, points):
    assert failure_points(failed, attempted) == points


@pytest.mark.parametrize(("unanswered", "answerable", "points"), [(0, 100, 0), (70, 100, 0), (85, 100, 20), (100, 100, 40), (29, 29, 0)])
def test_silence_costs_where_fewer_than_three_of_ten_answer(unanswered, answerable, points):
    assert silence_points(unanswered, answerable) == points


def test_the_score_is_shown_with_what_it_is_made_of(acme):
    number = ConnectionFactory()
    history(number, sent=85, answered=17, failed=5, refused=10)

    health = health_of(number)

    assert (health.attempted, health.failed, health.answerable, health.unanswered) == (100, 15, 85, 68)
    assert (health.failure_points, health.silence_points, health.score) == (60, 13, 27)


def test_few_messages_say_nothing_and_recent_ones_are_not_silent_yet(acme):
    few, fresh = ConnectionFactory(), ConnectionFactory()
    history(few, refused=29)
    history(fresh, sent=60, ago=HOUR)

    assert health_of(few).score is None
    assert (health_of(fresh).score, health_of(fresh).answerable) == (100, 0)
    assert not rest_if_unwell(few)


def test_messages_that_are_a_week_old_or_another_number_s_do_not_count(acme):
    number = ConnectionFactory()
    history(number, refused=60, ago=datetime.timedelta(days=8))
    history(ConnectionFactory(), refused=60)

    assert health_of(number).score is None


def test_what_failed_long_before_the_newest_does_not_count_among_them(acme, monkeypatch):
    monkeypatch.setattr("campaigns.services.health.SAMPLE", 40)
    number = ConnectionFactory()
    campaign = history(number, refused=30)
    later = history(number, sent=50, answered=50)
    Recipient.objects.filter(campaign=later).update(campaign=campaign)

    health = health_of(number)

    assert (health.attempted, health.failed, health.score) == (40, 0, 100)


def test_an_unwell_number_rests_from_campaigns_says_why_and_its_agents_go_on(real_acme):
    number = ConnectionFactory()
    history(number, sent=40, refused=20)
    campaign = waiting_campaign(number)

    send_next_batch(campaign.pk, number.pk)

    number.refresh_from_db()
    line = campaign.lines.get()
    assert states_of(campaign) == {"pending": 3}
    assert (line.waits_for, line.waits_until) == ("health", number.health_rest_until)
    assert 23 * HOUR < number.health_rest_until - now() <= 24 * HOUR
    assert number.health_rest_reason == (
        "Of its last 60 messages 20 failed. Of 40 people 40 did not answer. Its health is 0 of 100; below 30 it rests from writing first."
    )
    assert (can_send_now(number), can_take(number)) == (True, False)
    assert Notice.objects.filter(kind="connection.resting").count() >= 1


def test_a_person_ends_the_rest_and_what_was_before_is_forgiven(real_acme):
    number = ConnectionFactory()
    history(number, sent=40, refused=20)
    campaign = waiting_campaign(number)
    send_next_batch(campaign.pk, number.pk)

    resume_sending(number, by=founder())
    send_next_batch(campaign.pk, number.pk)

    campaign.refresh_from_db()
    number.refresh_from_db()
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.FINISHED, {"sent": 3})
    assert (number.health_rest_until, number.health_rest_reason) == (None, "")


def test_after_the_rest_it_begins_anew_by_itself(real_acme):
    number = ConnectionFactory()
    history(number, sent=40, refused=20)
    campaign = waiting_campaign(number)
    send_next_batch(campaign.pk, number.pk)

    Connection.objects.filter(pk=number.pk).update(health_rest_until=now() - datetime.timedelta(seconds=1))
    send_next_batch(campaign.pk, number.pk)

    assert states_of(campaign) == {"sent": 3}


def test_a_second_rest_needs_new_failures(real_acme):
    number = ConnectionFactory()
    history(number, sent=40, refused=20)
    rest_if_unwell(number)
    Connection.objects.filter(pk=number.pk).update(health_rest_until=now() - HOUR)
    number.refresh_from_db()
    forgiven = health_of(number)
    history(number, refused=40, ago=datetime.timedelta(minutes=5))
    rested_again = rest_if_unwell(number)
    resume_sending(number, by=founder())
    number.refresh_from_db()

    assert (forgiven.score, rested_again, health_of(number).score) == (None, True, None)


def test_where_the_campaign_has_other_numbers_they_take_its_share(real_acme):
    unwell, well = ConnectionFactory(), ConnectionFactory()
    history(unwell, sent=40, refused=20)
    campaign = CampaignFactory(connection=unwell, lists=[list_of(6)])
    campaign.lines.create(connection=unwell, position=0)
    campaign.lines.create(connection=well, position=1)
    start_campaign(campaign, by=None)

    send_next_batch(campaign.pk, unwell.pk)
    send_next_batch(campaign.pk, well.pk)

    campaign.refresh_from_db()
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.FINISHED, {"sent": 6})
    assert set(Recipient.objects.filter(campaign=campaign).values_list("connection", flat=True)) == {well.pk}


@pytest.mark.parametrize("least", [0, 5])
def test_its_company_says_below_what_score_it_rests(real_acme, least):
    number = ConnectionFactory()
    history(number, sent=45, answered=45, refused=11)  # 22 points
    save_pacing(number, by=founder(), fields={"rests_below": least})
    campaign = waiting_campaign(Connection.objects.get(pk=number.pk))

    send_next_batch(campaign.pk, number.pk)

    assert states_of(campaign) == {"sent": 3}


def test_the_score_over_http(alice, sam, client_of):
    number = ConnectionFactory()
    history(number, sent=40, refused=20)
    rest_if_unwell(number)

    shown = client_of(sam).get(f"/api/v1/connections/{number.pk}/health/score/").json()
    client_of(alice).post(f"/api/v1/connections/{number.pk}/resume/")
    after = client_of(sam).get(f"/api/v1/connections/{number.pk}/health/score/").json()

    assert {name: shown[name] for name in ("score", "attempted", "failed", "rests_below")} == {
        "score": 0, "attempted": 60, "failed": 20, "rests_below": 30,
    }  # fmt: skip
    assert (shown["rests_until"] is not None, "20 failed" in shown["rest_reason"]) == (True, True)
    assert (after["rests_until"], after["rest_reason"], after["score"]) == (None, "", None)
