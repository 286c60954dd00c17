"""What the seed lineage (whaticket.md 4.1, 4.3, 4.9) and peers (peers.md P2, P18, 3.3, 3.7) get wrong about when, how fast and whom not.

Proved elsewhere, and not again here:

P2, 3.4    no caps, no warm-up, no rest of a number in trouble: test_pacing the_hour_s_cap_…, a_young_number_begins_with_few,
           a_throttle_halves_the_rate_…; test_pump an_expired_token_pauses_the_number_…; connectors test_health
3.3        what waits is not planned anew: test_pacing a_changed_window_wakes_what_waits_at_once
3.6        no quiet hours on the recipient's clock: config test_consent whoever_has_quiet_hours_waits_…; tenants test_quiet_hours
3.7        no cap across campaigns: config test_consent the_cap_counts_marketing_of_all_campaigns_…, a_second_campaign_right_after_…
4.9        hours that cannot pass midnight: tenants test_pacing a_window_over_midnight_…
P18        a stop word, a button or the gateway's 131050 is ignored: config test_consent a_stop_word_alone_…, a_button_says_it_too,
           the_gateway_s_refusal_is_a_no, a_stop_while_the_campaign_runs_…
"""

import datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from accounts.models import User
from campaigns.models import Campaign, Recipient
from campaigns.sending.slices import send_next_batch
from campaigns.services.lifecycle import start_campaign
from campaigns.services.retrying import send_again
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of, states_of
from connectors.models import Connection
from connectors.pacer import forget_breath
from connectors.services.pacing import save_pacing
from contacts.models import Contact
from contacts.services.consent import heed_words, save_rules
from contacts.types import Spoken
from tenants.lib.clock import now
from tenants.lib.valkey import client
from tenants.models import Company, Timer
from tickets.models import Message, Schedule
from tickets.services.schedules import Parts, Place, create_schedule
from tickets.services.sending_schedules import send_due

HOUR = datetime.timedelta(hours=1)
_message_ids = count(1)


def founder() -> User:
    return User.objects.get(email="founder@acme.test")


def number_with(**pacing: object) -> Connection:
    number = ConnectionFactory()
    save_pacing(number, by=founder(), fields=pacing)
    return number


def started(size: int, number: Connection) -> Campaign:
    return start_campaign(CampaignFactory(connection=number, lists=[list_of(size)]), by=None)


def send(campaign: Campaign) -> Campaign:
    send_next_batch(campaign.pk, campaign.connection_id)
    campaign.refresh_from_db()
    return campaign


def seconds_until_next(campaign: Campaign) -> float:
    due_at = Timer.objects.get(kind="campaign.send", key=f"{campaign.pk}:{campaign.connection_id}").due_at
    return (due_at - now()).total_seconds()


def says_stop(contact: Contact) -> None:
    heed_words([(contact, Spoken(next(_message_ids), "PARAR"))])


# --- how fast --------------------------------------------------------------------------------------------------------------------


def test_the_long_pause_comes_after_so_many_messages_and_lasts_so_many_seconds__4_3(real_acme):
    """whaticket.md 4.3: longerIntervalAfter is compared ×1000 and greaterInterval taken for seconds: the pause never comes."""
    campaign = send(started(10, number_with(rest_every=4, rest_min=60, rest_max=60)))

    assert states_of(campaign) == {"sent": 4, "pending": 6}
    assert 50 < seconds_until_next(campaign) <= 60


def test_the_pause_between_two_messages_is_never_the_same__p2_a_fixed_interval_is_a_signature(real_acme):
    """peers.md P2: a fixed interval tells a machine from a person."""
    campaign = started(6, number_with(gap_min=5, gap_max=60))
    pauses = []
    for _message in range(5):
        send(campaign)
        pauses.append(seconds_until_next(campaign))
        forget_breath(campaign.connection_id)  # as if the pause were over

    assert states_of(campaign) == {"sent": 5, "pending": 1}
    assert all(4 < pause <= 60 for pause in pauses)
    assert len({round(pause, 1) for pause in pauses}) > 1


def test_a_restart_of_everything_forgets_no_cap__4_1_pacing_in_process_memory(real_acme):
    """whaticket.md 4.1: counts of the hour and of the day live in the process, and begin at nought after a restart."""
    campaign = send(started(30, number_with(per_hour=10)))

    client().flushdb()
    send(campaign)

    assert states_of(campaign) == {"sent": 10, "pending": 20}
    assert campaign.lines.get().waits_for == "hour_cap"


def test_a_restart_of_everything_forgets_no_rest_of_a_number__4_1_back_off_in_process_memory(real_acme):
    """whaticket.md 4.1: how long a number has to rest after errors is lost with the process."""
    failing = ConnectionFactory(settings={"messages_per_second": 10_000, "failure_rate": 1, "failure_code": "token_expired"})
    campaign = send(started(3, failing))

    client().flushdb()
    Connection.objects.filter(pk=failing.pk).update(settings={"messages_per_second": 10_000})
    other = send(started(2, failing))

    assert (campaign.status, states_of(campaign)) == (Campaign.Status.PAUSED, {"pending": 3})
    assert (states_of(other), other.lines.get().waits_for) == ({"pending": 2}, "rest")


def test_a_new_pace_holds_for_those_who_wait_already__3_3_a_job_with_a_delay_for_each_recipient(real_acme):
    """peers.md 3.3, whaticket.md 4.1: each recipient's delay is reckoned at the start; a later change reaches none of them."""
    number = number_with(gap_min=600, gap_max=600)
    campaign = send(started(5, number))
    slow = states_of(campaign)

    save_pacing(number, by=founder(), fields={"gap_min": 0, "gap_max": 0})
    send(campaign)

    assert slow == {"sent": 1, "pending": 4}
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.FINISHED, {"sent": 5})


@pytest.fixture
def auckland(real_acme):
    """acme is half a day ahead of the database's clock."""
    zone = ZoneInfo("Pacific/Auckland")
    Company.objects.filter(pk=real_acme.pk).update(timezone=zone.key)
    usual, real_acme.timezone = real_acme.timezone, zone.key
    yield zone
    Company.objects.filter(pk=real_acme.pk).update(timezone=usual)
    real_acme.timezone = usual


def window_around(moment: datetime.datetime) -> dict[str, str]:
    return {"opens": f"{moment - HOUR:%H:%M}", "closes": f"{moment + HOUR:%H:%M}"}


def test_the_window_is_on_the_company_s_clock__4_9_now_of_the_database_server(auckland):
    """whaticket.md 4.9: `now()::time` of the database's server, whatever the company's zone."""
    here, there = now().astimezone(auckland), now()
    open_here, open_there = number_with(**window_around(here)), number_with(**window_around(there))

    sent, waiting = send(started(2, open_here)), send(started(2, open_there))

    assert (sent.status, states_of(waiting)) == (Campaign.Status.FINISHED, {"pending": 2})
    assert waiting.lines.get().waits_for == "window"


# --- whom not --------------------------------------------------------------------------------------------------------------------


def test_who_stops_between_a_failure_and_its_retry_gets_nothing__p18_not_checked_on_every_path(real_acme, settings):
    """peers.md P18: the opt-out is looked at when the list is made, and not when the message goes."""
    settings.SEND_BACKOFF_SECONDS = 0
    line = ConnectionFactory(settings={"messages_per_second": 10_000, "failure_rate": 1, "failure_code": "unavailable"})
    campaign = send(started(2, line))
    first, _second = Recipient.objects.filter(campaign=campaign).order_by("pk")
    Connection.objects.filter(pk=line.pk).update(settings={"messages_per_second": 10_000})

    says_stop(first.contact)
    Recipient.objects.filter(campaign=campaign).update(retry_at=None)
    send(campaign)

    first.refresh_from_db()
    assert (first.state, first.exclusion) == ("excluded", "opted_out")
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.FINISHED, {"excluded": 1, "sent": 1})


def test_sending_again_reaches_nobody_who_stopped_meanwhile__p18_not_checked_on_every_path(real_acme):
    """peers.md P18: a person's retry of those who failed goes past the suppression list."""
    line = ConnectionFactory(settings={"messages_per_second": 10_000, "failure_rate": 1, "failure_code": "not_on_whatsapp"})
    campaign = send(started(2, line))
    first, _second = Recipient.objects.filter(campaign=campaign).order_by("pk")
    Connection.objects.filter(pk=line.pk).update(settings={"messages_per_second": 10_000})

    says_stop(first.contact)
    send_again(campaign, by=None, what="failed")
    send(campaign)

    first.refresh_from_db()
    assert (first.state, first.exclusion, states_of(campaign)) == ("excluded", "opted_out", {"excluded": 1, "sent": 1})


def test_schedules_and_campaigns_share_one_cap_of_advertising__3_7(real_acme):
    """peers.md 3.7: each way to write has a count of its own, or none."""
    save_rules({"most_messages": 1}, by=founder())
    people = list_of(2)
    first, second = people.contacts.order_by("pk")
    number = ConnectionFactory()

    def scheduled(contact: Contact) -> Schedule:
        fields = {"body": "Ten per cent off", "first_at": now() + HOUR, "is_marketing": True}
        schedule = create_schedule(Place(contact, number), Parts(fields), by=founder())
        Schedule.objects.filter(pk=schedule.pk).update(due_at=now())
        return schedule

    def fired(schedule: Schedule) -> Schedule:
        with transaction.atomic():
            send_due(str(schedule.pk), {})
        schedule.refresh_from_db()
        return schedule

    before = fired(scheduled(first))
    campaign = send(start_campaign(CampaignFactory(connection=number, lists=[people]), by=None))
    after = fired(scheduled(second))

    assert (before.status, after.status, after.error_code) == ("finished", "failed", "frequency_cap")
    assert Recipient.objects.get(campaign=campaign, contact=first).exclusion == "frequency_cap"
    assert Message.objects.filter(contact__in=(first, second), direction="out").count() == 2
    save_rules({"most_messages": None}, by=founder())
