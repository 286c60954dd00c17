"""When a campaign would be through: by each number's part of it, behind what the number sent already, and after its rest."""

import datetime

import pytest
from django.utils import timezone

from campaigns.models import Campaign, Line
from campaigns.services.planning import seconds_for
from campaigns.tests.factories import CampaignFactory, ConnectionFactory
from connectors.models import Connection
from connectors.types import Delivery
from contacts.tests.factories import ContactFactory
from tickets.models import Message

HOUR = 3600
NOON = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.UTC)  # the company's clock is UTC


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def sent_through(connection: Connection, count: int) -> None:
    said = {"connection": connection, "direction": "out", "kind": "text", "origin": "campaign", "status": Delivery.SENT}
    Message.objects.bulk_create(Message(contact=contact, occurred_at=NOON, **said) for contact in ContactFactory.create_batch(count))


def number(**pacing: object) -> Connection:
    return ConnectionFactory(settings={"messages_per_second": 1, "pacing": pacing})


def planned(*numbers: Connection, count: int, weights: tuple[int, ...] = (), begins: datetime.datetime = NOON) -> float:
    how = Campaign.Distribution.WEIGHTED if weights else Campaign.Distribution.ROUND_ROBIN
    campaign = CampaignFactory(connection=numbers[0], distribution=how)
    lines = [
        Line(campaign=campaign, connection=each, weight=weights[place] if weights else 1, position=place)
        for place, each in enumerate(numbers)
    ]
    return seconds_for(campaign, lines, count=count, begins=begins)


def test_each_number_has_its_part(acme):
    one, other = number(), number()

    assert planned(one, other, count=400) == 200
    assert planned(one, other, count=400, weights=(3, 1)) == 300


def test_what_a_number_sent_today_counts_against_its_caps(acme):
    capped = number(per_day=10)
    assert planned(capped, count=8) == 8

    sent_through(capped, 4)

    assert planned(capped, count=8) == 12 * HOUR + 2  # six today, two after midnight
    assert planned(capped, count=8, begins=NOON + datetime.timedelta(days=1)) == 8


def test_the_hour_is_a_new_one_for_a_campaign_that_begins_later(acme):
    capped = number(per_hour=10)
    sent_through(capped, 10)

    assert planned(capped, count=5) == HOUR + 5
    assert planned(capped, count=5, begins=NOON + datetime.timedelta(hours=3)) == 5


def test_a_number_that_rests_begins_when_it_may(acme):
    resting, fit = number(), number()
    Connection.objects.filter(pk=resting.pk).update(paused_until=NOON + datetime.timedelta(hours=2))
    resting.refresh_from_db()

    assert planned(resting, count=60) == 2 * HOUR + 60
    assert planned(resting, fit, count=60) == 60  # the other takes all of it


def test_nobody_takes_no_time(acme):
    assert planned(number(), count=0) == 0
