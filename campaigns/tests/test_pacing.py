"""A campaign keeps to what its number may: window, caps, ramp, gaps; says what it waits for; and looks again when the rules change."""

import datetime
import time

import pytest
from django.db import connection as database

from accounts.models import User
from campaigns.models import Campaign, Line
from campaigns.sending.slices import send_next_batch
from campaigns.services.lifecycle import start_campaign
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of, states_of
from campaigns.tests.gateways import SlowGateway
from connectors.models import Connection
from connectors.pacer import Breath, Permits, permits, permits_async, slow_down
from connectors.services.pacing import pacing_of, save_pacing, tier_of
from tenants.lib import loop, valkey
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tenants.models import Timer
from tickets.models import Message
from tickets.tests.factories import TicketFactory

HOUR = datetime.timedelta(hours=1)


def founder() -> User:
    return User.objects.get(email="founder@acme.test")


def paced(size: int, number: Connection | None = None, **fields: object) -> Campaign:
    number = number or ConnectionFactory()
    if fields:
        save_pacing(number, by=founder(), fields=fields)
    return start_campaign(CampaignFactory(connection=number, lists=[list_of(size)]), by=None)


def send(campaign: Campaign) -> Campaign:
    send_next_batch(campaign.pk, campaign.connection_id)
    campaign.refresh_from_db()
    return campaign


def line_of(campaign: Campaign) -> Line:
    return campaign.lines.get()


def due_of(campaign: Campaign) -> datetime.datetime:
    return Timer.objects.get(kind="campaign.send", key=f"{campaign.pk}:{campaign.connection_id}").due_at


def closed_now() -> dict[str, str]:
    """A window that opens in two hours, on the company's clock (UTC)."""
    opens = now() + 2 * HOUR
    return {"opens": opens.strftime("%H:%M"), "closes": (opens + HOUR).strftime("%H:%M")}


def test_the_hour_s_cap_is_kept_to_the_letter_and_said(real_acme):
    campaign = send(paced(30, per_hour=10))
    line = line_of(campaign)
    send(campaign)

    assert states_of(campaign) == {"sent": 10, "pending": 20}
    send(campaign)
    line = line_of(campaign)
    assert line.waits_for == "hour_cap"
    assert HOUR - datetime.timedelta(minutes=2) < line.waits_until - now() <= HOUR
    assert due_of(campaign) == line.waits_until
    assert states_of(campaign) == {"sent": 10, "pending": 20}


def test_two_campaigns_on_one_number_share_its_cap(real_acme):
    number = ConnectionFactory()
    first, second = paced(20, number, per_day=15), paced(20, number)

    for campaign in (first, second, first, second):
        send(campaign)

    assert Message.objects.filter(connection=number, origin="campaign").count() == 15
    assert {line_of(first).waits_for, line_of(second).waits_for} == {"day_cap"}


def test_a_number_that_is_counted_works_for_one_campaign_at_a_time(real_acme):
    number = ConnectionFactory()
    first, second = paced(5, number, per_day=100), paced(5, number)
    first.lines.update(pump_lease="another", pump_leased_until=now() + datetime.timedelta(seconds=30))

    send(second)

    assert states_of(second) == {"pending": 5}
    assert due_of(second) < now() + datetime.timedelta(seconds=5)
    first.lines.update(pump_lease="", pump_leased_until=None)
    assert send(second).status == Campaign.Status.FINISHED


def test_outside_the_window_nothing_goes_and_the_line_says_until_when(real_acme):
    campaign = send(paced(3, **closed_now()))
    line = line_of(campaign)

    assert states_of(campaign) == {"pending": 3}
    assert (line.waits_for, campaign.status) == ("window", Campaign.Status.RUNNING)
    assert HOUR < line.waits_until - now() <= 2 * HOUR


def test_a_changed_window_wakes_what_waits_at_once(real_acme, monkeypatch):
    campaign = send(paced(3, **closed_now()))
    woken = []
    monkeypatch.setattr("campaigns.services.lines.later", lambda *hint: woken.append(hint))

    save_pacing(Connection.objects.get(pk=campaign.connection_id), by=founder(), fields={"opens": None, "closes": None})

    assert woken == [("campaigns.send_next_batch", campaign.pk, campaign.connection_id)]
    assert send(campaign).status == Campaign.Status.FINISHED
    assert line_of(campaign).waits_for == ""


def test_a_young_number_begins_with_few(real_acme):
    campaign = send(paced(30, warm_up=[[0, 4], [2, 20]], warm_up_days=10))
    send(campaign)

    assert states_of(campaign) == {"sent": 4, "pending": 26}
    assert line_of(campaign).waits_for == "warm_up"


def test_the_gateway_s_tier_counts_people_of_all_numbers_of_the_account(real_acme):
    number = ConnectionFactory(facts={"messaging_limit": "TIER_250"})
    campaign = paced(5, number)

    assert (pacing_of(number).tier, tier_of({"daily_limit": 1000}), tier_of({"messaging_limit": "TIER_10K"})) == (250, 1000, 10_000)
    assert (tier_of({"messaging_limit": "TIER_UNLIMITED"}), tier_of({"daily_limit": "unlimited"})) == (None, None)
    assert send(campaign).status == Campaign.Status.FINISHED


def test_a_number_that_writes_as_a_person_sends_one_and_waits(real_acme):
    campaign = send(paced(3, gap_min=5, gap_max=9))

    assert states_of(campaign) == {"sent": 1, "pending": 2}
    assert datetime.timedelta(seconds=2) < due_of(campaign) - now() <= datetime.timedelta(seconds=9)


def test_after_every_so_many_it_rests(acme):
    def ask() -> tuple[int, float]:
        breath = Breath(gap=0.0, rest_every=3, rest=60.0)
        given = loop.run(permits_async(acme.schema_name, 7, wanted=5, rate=1000, burst=1000, breath=breath))
        return given.granted, given.wait_seconds

    answers = [ask() for _ in range(4)]

    assert [granted for granted, _wait in answers] == [1, 1, 1, 0]
    assert 55 < answers[3][1] <= 60
    assert permits(7, wanted=1, rate=1000, burst=1000, first=True).granted == 1  # an agent does not wait for it


def test_a_rest_is_kept_though_valkey_forgot_all(acme):
    def ask(sent: int, ago: float) -> Permits:
        breath = Breath(gap=5.0, rest_every=30, rest=600.0, sent=sent, last_at=time.time() - ago)
        return loop.run(permits_async(acme.schema_name, 70, wanted=1, rate=1000, burst=1, breath=breath))

    in_the_rest, after_a_gap = ask(60, 100), ask(61, 6)
    forgotten = valkey.client().delete(f"{acme.schema_name}:pace:70")
    in_a_gap = ask(61, 2)

    assert (in_the_rest.granted, after_a_gap.granted, forgotten, in_a_gap.granted) == (0, 1, 1, 0)
    assert 500 < in_the_rest.wait_seconds <= 505
    assert 2 < in_a_gap.wait_seconds <= 3


def test_a_number_whose_valkey_was_lost_goes_on_with_its_count(real_acme):
    campaign = send(paced(6, gap_min=0.02, gap_max=0.02, rest_every=4, rest_min=600, rest_max=600))
    assert states_of(campaign) == {"sent": 4, "pending": 2}
    valkey.client().delete(f"{real_acme.schema_name}:pace:{campaign.connection_id}")

    send(campaign)

    assert states_of(campaign) == {"sent": 4, "pending": 2}
    assert due_of(campaign) - now() > datetime.timedelta(minutes=9)


def test_what_agents_write_uses_up_the_caps_where_the_company_wants_that(real_acme):
    number = ConnectionFactory()
    ticket = TicketFactory(connection=number)
    said = {"contact": ticket.contact, "connection": number, "direction": "out", "kind": "text", "status": 20}
    Message.objects.bulk_create(Message(ticket=ticket, origin="agent", **said) for _ in range(7))
    Message.objects.create(ticket=ticket, origin="agent", **said | {"kind": "note"})
    save_pacing(number, by=founder(), fields={"per_hour": 10, "counts_agents": True})
    counted = paced(5, Connection.objects.get(pk=number.pk))
    send(counted)
    assert states_of(counted) == {"sent": 3, "pending": 2}

    save_pacing(number, by=founder(), fields={"counts_agents": False})

    assert send(counted).status == Campaign.Status.FINISHED


def test_new_rules_end_the_wave_that_is_at_work(real_acme, settings):
    settings.PROVIDERS = settings.PROVIDERS | {"slow": "campaigns.tests.gateways.SlowGateway"}
    number = ConnectionFactory(settings={"messages_per_second": 10_000, "parallel_sends": 4})
    campaign = paced(20, number)
    Connection.objects.filter(pk=number.pk).update(provider="slow")

    def the_company_changes_the_rules() -> None:
        with enter(real_acme):
            if not Connection.objects.get(pk=number.pk).settings.get("pacing"):
                save_pacing(number, by=founder(), fields={"gap_min": 600, "gap_max": 600})
        database.close()

    SlowGateway.meanwhile = the_company_changes_the_rules
    send(campaign)
    at_once = states_of(campaign)
    send(campaign)

    assert at_once["sent"] <= 8  # what was claimed already
    assert states_of(campaign) == at_once
    assert due_of(campaign) - now() > datetime.timedelta(minutes=9)
    assert not line_of(campaign).has_new_rules


def test_a_shorter_gap_need_not_wait_for_the_end_of_the_longer_one(real_acme):
    campaign = send(paced(3, gap_min=600, gap_max=600))

    save_pacing(Connection.objects.get(pk=campaign.connection_id), by=founder(), fields={"gap_min": 0.01, "gap_max": 0.01})

    assert send(campaign).status == Campaign.Status.FINISHED


def test_a_throttle_halves_the_rate_once_and_it_comes_back(acme):
    permits(8, wanted=100, rate=100, burst=100, first=True)
    slow_down(8)
    slow_down(8)
    time.sleep(0.5)

    halved = permits(8, wanted=100, rate=100, burst=100, first=True).granted
    time.sleep(0.5)
    more = permits(8, wanted=100, rate=100, burst=100, first=True).granted

    assert 20 <= halved <= 45
    assert more >= 20


# --- over HTTP ---------------------------------------------------------------------------------------------------------------------


def test_an_admin_sets_the_speed_and_everybody_reads_it(alice, sam, client_of):
    url = f"/api/v1/connections/{ConnectionFactory().pk}/pacing/"
    said = {"per_hour": 200, "gap_min": 5, "gap_max": 20, "opens": "08:00", "closes": "18:00", "weekdays": [0, 1, 2, 3, 4]}

    refused = client_of(sam).patch(url, said, format="json")
    changed = client_of(alice).patch(url, said, format="json")
    ramp = client_of(alice).patch(url, {"warm_up": [[0, 50], [3, 200]], "warm_up_days": 10}, format="json").json()
    cleared = client_of(alice).patch(url, {"per_hour": None, "warm_up": []}, format="json").json()

    assert (refused.status_code, changed.status_code) == (403, 200)
    assert client_of(sam).get(url).json() == cleared
    assert ramp["warm_since"] == now().date().isoformat()
    assert (cleared["per_hour"], cleared["gap_max"], cleared["opens"], cleared["weekdays"]) == (None, 20, "08:00", [0, 1, 2, 3, 4])


@pytest.mark.parametrize(
    ("said", "code", "attr"),
    [
        ({"gap_min": 9, "gap_max": 3}, "range", "gap_max"),
        ({"opens": "08:00"}, "required", "closes"),
        ({"rest_every": 10}, "required", "rest_max"),
        ({"warm_up": [[3, 50], [0, 20]], "warm_up_days": 9}, "order", "warm_up"),
        ({"warm_up": [[0, 50], [9, 20]], "warm_up_days": 9}, "range", "warm_up_days"),
        ({"per_hour": 0}, "min_value", "per_hour"),
        ({"weekdays": [7]}, "max_value", "weekdays.0"),
        ({"opens": "8h", "closes": "18:00"}, "invalid", "opens"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(alice, client_of, said, code, attr):
    number = ConnectionFactory()

    answer = client_of(alice).patch(f"/api/v1/connections/{number.pk}/pacing/", said, format="json")

    error = answer.json()["errors"][0]
    assert (answer.status_code, error["code"], error["attr"]) == (400, code, attr)
    number.refresh_from_db()
    assert "pacing" not in number.settings


def test_below_what_score_it_rests_may_be_never(alice, client_of):
    url = f"/api/v1/connections/{ConnectionFactory().pk}/pacing/"

    never = client_of(alice).patch(url, {"rests_below": 0}, format="json").json()
    usual = client_of(alice).patch(url, {"rests_below": None}, format="json").json()

    assert (never["rests_below"], usual["rests_below"]) == (0, 30)


def test_the_dry_run_s_end_knows_window_and_caps(sam, client_of):
    number = ConnectionFactory(settings={"messages_per_second": 100, "pacing": {"per_day": 10}})
    people = list_of(25)

    answer = (
        client_of(sam)
        .post("/api/v1/campaigns/audience/", {"connection": number.pk, "lists": [people.pk], "body": "Hi"}, format="json")
        .json()
    )

    assert answer["count"] == 25
    assert 24 * 3600 < answer["seconds"] < 49 * 3600
