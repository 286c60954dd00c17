"""A campaign through several numbers: who goes where, each number at its own pace, and what becomes of a share whose number stops."""

import datetime
from collections import Counter

import pytest

from campaigns.models import Campaign, Recipient
from campaigns.sending.slices import send_next_batch
from campaigns.services.drafts import create_campaign, duplicate_campaign, update_campaign
from campaigns.services.lifecycle import resume_campaign, start_campaign
from campaigns.services.lines import send_due
from campaigns.services.reacting import heed_template, stop_restricted
from campaigns.tasks import recover
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, TemplateFactory, list_of, states_of
from connectors.models import Connection, Template
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.models import Timer
from tickets.models import Message
from tickets.tests.factories import TicketFactory

URL = "/api/v1/campaigns/"


def through(numbers: list[Connection], size: int, *, weights: tuple[int, ...] = (), **fields: object) -> Campaign:
    """A campaign that was started through these numbers."""
    campaign = CampaignFactory(connection=numbers[0], lists=[list_of(size)], **fields)
    said = [{"connection": number, "weight": weight} for number, weight in zip(numbers, weights or [1] * len(numbers), strict=True)]
    update_campaign(campaign, by=None, fields={"connections": said})
    return start_campaign(campaign, by=None)


def shares(campaign: Campaign) -> dict[int, int]:
    rows = Recipient.objects.filter(campaign=campaign, state="pending").values_list("connection", flat=True)
    return dict(Counter(rows))


def sent_through(campaign: Campaign) -> dict[int, int]:
    return dict(Counter(Message.objects.filter(origin="campaign", origin_id=campaign.pk).values_list("connection", flat=True)))


def send(campaign: Campaign, number: Connection) -> Campaign:
    send_next_batch(campaign.pk, number.pk)
    campaign.refresh_from_db()
    return campaign


@pytest.fixture
def three(real_acme) -> list[Connection]:
    return ConnectionFactory.create_batch(3)


def test_numbers_share_the_recipients_in_equal_parts_and_each_sends_its_own(three):
    campaign = through(three, 31)

    dealt = shares(campaign)
    for number in three:
        send(campaign, number)

    assert sorted(dealt.values()) == [10, 10, 11]
    assert sent_through(campaign) == dealt
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.FINISHED, {"sent": 31})


def test_weights_are_kept_to_the_letter(three):
    campaign = through(three, 40, weights=(5, 2, 1), distribution="weighted")

    assert [shares(campaign)[number.pk] for number in three] == [25, 10, 5]


def test_weights_count_only_where_they_are_asked_for(three):
    campaign = through(three, 30, weights=(5, 2, 1))

    assert set(shares(campaign).values()) == {10}


def test_sticky_writes_from_the_number_that_the_contact_knows(three):
    first, second, third = three
    people = list_of(9)
    known = list(people.contacts.order_by("pk"))[:4]
    for contact in known:
        TicketFactory(contact=contact, connection=first, status="closed", last_inbound_at=now() - datetime.timedelta(days=60))
        TicketFactory(contact=contact, connection=third, last_inbound_at=now() - datetime.timedelta(days=2))
    campaign = CampaignFactory(connection=first, distribution="sticky", lists=[people])
    update_campaign(campaign, by=None, fields={"connections": [{"connection": number, "weight": 1} for number in three]})

    start_campaign(campaign, by=None)

    where = dict(Recipient.objects.filter(campaign=campaign).values_list("contact", "connection"))
    assert {where[contact.pk] for contact in known} == {third.pk}
    assert set(where.values()) == {first.pk, second.pk, third.pk}


def test_the_share_of_a_number_that_is_gone_goes_to_the_others_and_nobody_is_lost(three):
    first, second, third = three
    campaign = through(three, 30)
    Connection.objects.filter(pk=second.pk).update(state="closed")

    for number in (second, first, third):
        send(campaign, number)

    assert sent_through(campaign) == {first.pk: 15, third.pk: 15}
    assert campaign.status == Campaign.Status.FINISHED


def test_a_number_that_rests_for_long_passes_its_share_on_and_a_short_rest_is_waited_for(three):
    first, second, _third = three
    campaign = through(three, 30)
    Connection.objects.filter(pk=first.pk).update(paused_until=now() + datetime.timedelta(seconds=90))
    send(campaign, first)
    waited = shares(campaign)[first.pk]
    Connection.objects.filter(pk=second.pk).update(paused_until=now() + datetime.timedelta(hours=1))

    send(campaign, second)

    assert waited == 10
    assert Timer.objects.filter(kind="campaign.send", key=f"{campaign.pk}:{first.pk}").exists()
    assert second.pk not in shares(campaign)
    assert sum(shares(campaign).values()) == 30


def test_sticky_contacts_wait_for_their_own_number_while_the_others_go_on(three):
    first, second, third = three
    campaign = through(three, 9, distribution="sticky")
    Connection.objects.filter(pk=first.pk).update(state="closed")

    for number in (first, second, third):
        send(campaign, number)
    while_others = campaign.status
    recover()
    campaign = send(campaign, first)

    assert while_others == Campaign.Status.RUNNING
    assert first.pk not in sent_through(campaign)
    assert (campaign.status, campaign.status_reason) == (Campaign.Status.PAUSED, f"The connection “{first.name}” is not connected.")
    Connection.objects.filter(pk=first.pk).update(state="connected")
    resume_campaign(campaign, by=None)
    assert send(campaign, first).status == Campaign.Status.FINISHED
    assert sum(sent_through(campaign).values()) == 9


def test_a_campaign_pauses_when_its_last_number_is_gone(three):
    campaign = through(three, 9)
    Connection.objects.all().update(state="closed")

    campaign = send(campaign, three[1])

    assert (campaign.status, states_of(campaign)) == (Campaign.Status.PAUSED, {"pending": 9})


def test_what_a_number_hears_of_itself_rests_it_and_the_others_take_over(three):
    first, second, third = three
    Connection.objects.filter(pk=first.pk).update(
        settings={"messages_per_second": 10_000, "failure_rate": 1, "failure_code": "token_expired"}
    )
    campaign = through([Connection.objects.get(pk=first.pk), second, third], 30)

    for number in three:
        send(campaign, number)

    first.refresh_from_db()
    assert first.paused_until > now()
    assert first.pk not in sent_through(campaign)
    assert campaign.status == Campaign.Status.FINISHED


def test_a_number_that_may_not_write_first_gets_no_share_and_a_campaign_needs_one_that_may(three):
    first, second, third = three
    Connection.objects.filter(pk=second.pk).update(no_campaigns_until=now() + datetime.timedelta(days=1))
    campaign = through(three, 10)
    dealt = shares(campaign)
    Connection.objects.all().update(no_campaigns_until=now() + datetime.timedelta(days=1))
    another = CampaignFactory(connection=first, lists=[list_of(1)])

    with pytest.raises(ApplicationError) as refused:
        start_campaign(another, by=None)

    assert set(dealt) == {first.pk, third.pk}
    assert refused.value.code == "connection_restricted"


def test_a_restriction_while_it_runs_moves_the_share(three):
    first = three[0]
    campaign = through(three, 30)
    Connection.objects.filter(pk=first.pk).update(no_campaigns_until=now() + datetime.timedelta(days=1))

    stop_restricted(first.pk)

    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.RUNNING
    assert first.pk not in shares(campaign)


def test_each_number_sends_its_own_template_of_that_name(real_acme):
    template = TemplateFactory(name="news", components=[{"type": "BODY", "text": "News for {{1}}"}])
    sister = ConnectionFactory(provider="cloud_api")
    campaign = CampaignFactory(
        connection=template.connection, template=template, body="", variables={"1": "{{name|you}}"}, lists=[list_of(2)]
    )
    update_campaign(
        campaign, by=None, fields={"connections": [{"connection": number, "weight": 1} for number in (template.connection, sister)]}
    )

    with pytest.raises(ApplicationError) as refused:
        start_campaign(campaign, by=None)

    assert (refused.value.code, refused.value.field) == ("template_missing", "connections")
    assert sister.name in str(refused.value)
    twin = TemplateFactory(connection=sister, name="news", components=[{"type": "BODY", "text": "News for {{1}}"}])
    assert start_campaign(campaign, by=None).status == Campaign.Status.RUNNING
    Template.objects.filter(pk=twin.pk).update(status="PAUSED")
    heed_template(twin.pk)
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.PAUSED


def test_a_timer_from_before_there_were_lines_wakes_them_all(three, monkeypatch):
    campaign = through(three, 3)
    woken = []
    monkeypatch.setattr("campaigns.services.lines.later", lambda *hint: woken.append(hint[1:]))

    send_due(str(campaign.pk), {})
    send_due(f"{campaign.pk}:{three[1].pk}", {})

    assert woken == [*((campaign.pk, number.pk) for number in three), (campaign.pk, three[1].pk)]


def test_over_http(sam, client_of):
    client = client_of(sam)
    first, second = ConnectionFactory.create_batch(2)
    said = {"name": "Both", "body": "Hi", "connections": [{"connection": first.pk, "weight": 3}, {"connection": second.pk}]}

    made = client.post(URL, {**said, "distribution": "weighted"}, format="json").json()
    twice = client.post(URL, {"body": "Hi", "connections": [{"connection": first.pk}, {"connection": first.pk}]}, format="json")
    none = client.post(URL, {"body": "Hi"}, format="json")
    another_first = client.post(URL, {"body": "Hi", "connection": second.pk, **said}, format="json")
    found = [len(client.get(URL, {"connection": number.pk}).json()["results"]) for number in (first, second)]
    alone = client.patch(f"{URL}{made['id']}/", {"connection": second.pk}, format="json").json()

    assert made["connection"] == first.pk
    assert [(line["connection"], line["weight"]) for line in made["connections"]] == [(first.pk, 3), (second.pk, 1)]
    assert (twice.status_code, none.status_code, another_first.status_code) == (400, 400, 400)
    assert none.json()["errors"][0]["attr"] == "connection"
    assert found == [1, 1]
    assert [line["connection"] for line in alone["connections"]] == [second.pk]


def test_a_copy_has_the_same_numbers(three, sam):
    campaign = through(three, 3, weights=(3, 1, 1), distribution="weighted")

    copy = duplicate_campaign(campaign, by=sam)

    assert [(line.connection, line.weight) for line in copy.lines.all()] == list(zip(three, (3, 1, 1), strict=True))
    assert copy.distribution == "weighted"


def test_one_connection_alone_leaves_no_lines_behind(three, sam):
    said = {"connections": [{"connection": three[0], "weight": 1}], "connection": three[0], "body": "Hi"}

    campaign = create_campaign(by=sam, fields=said)

    assert campaign.lines.count() == 0
