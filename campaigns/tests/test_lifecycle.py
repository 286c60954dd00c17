"""From a draft to the end: each step once, and what is wrong is said with the field at fault."""

import datetime

import pytest

from campaigns.models import Campaign, Recipient
from campaigns.services.drafts import create_campaign, delete_campaign, update_campaign
from campaigns.services.lifecycle import (
    cancel_campaign,
    create_and_start,
    pause_campaign,
    resume_campaign,
    start_campaign,
    start_campaign_at,
    start_due,
)
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, TemplateFactory, list_of, states_of
from campaigns.types import InlineRecipient
from connectors.models import Connection
from contacts.models import Contact, CustomField, OptOut
from contacts.tests.factories import ContactFactory
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.models import Timer

HOUR = datetime.timedelta(hours=1)


def refusal(deed) -> tuple[str, str | None]:
    with pytest.raises(ApplicationError) as caught:
        deed()
    return caught.value.code, caught.value.field


def timers() -> list[tuple[str, str]]:
    return list(Timer.objects.filter(kind__startswith="campaign.").values_list("kind", "key"))


def test_start_freezes_the_audience_once(acme, alice):
    contacts = list_of(3)
    OptOut.objects.create(contact=contacts.contacts.first(), purpose="marketing")
    campaign = CampaignFactory(lists=[contacts])

    start_campaign(campaign, by=alice)
    contacts.contacts.add(ContactFactory())
    again = refusal(lambda: start_campaign(campaign, by=alice))

    campaign.refresh_from_db()
    assert (campaign.status, campaign.started_at is not None) == (Campaign.Status.RUNNING, True)
    assert (states_of(campaign), again) == ({"pending": 2, "excluded": 1}, ("wrong_status", "status"))
    assert dict(campaign.counts.values_list("name", "delta")) == {"queued": 2, "excluded": 1}


def test_a_later_start_waits_for_its_timer_and_comes_after_downtime_too(acme, alice):
    campaign = CampaignFactory(lists=[list_of(1)])

    start_campaign_at(campaign, by=alice, starts_at=now() + HOUR)
    scheduled = (Campaign.objects.get(pk=campaign.pk).status, timers(), states_of(campaign))
    Campaign.objects.filter(pk=campaign.pk).update(starts_at=now() - HOUR)
    start_due(str(campaign.pk), {})
    start_due(str(campaign.pk), {})

    campaign.refresh_from_db()
    assert scheduled == (Campaign.Status.SCHEDULED, [("campaign.start", str(campaign.pk))], {})
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.RUNNING, {"pending": 1})


def test_a_start_that_became_impossible_pauses_and_says_why(acme, alice):
    campaign = CampaignFactory(lists=[list_of(1)])
    start_campaign_at(campaign, by=alice, starts_at=now() + HOUR)
    Connection.objects.filter(pk=campaign.connection_id).update(state="closed")

    start_due(str(campaign.pk), {})
    paused = Campaign.objects.get(pk=campaign.pk)
    Connection.objects.filter(pk=campaign.connection_id).update(state="connected")
    resume_campaign(campaign, by=alice)

    campaign.refresh_from_db()
    assert (paused.status, "is not connected" in paused.status_reason) == (Campaign.Status.PAUSED, True)
    assert (campaign.status, campaign.status_reason, states_of(campaign)) == (Campaign.Status.RUNNING, "", {"pending": 1})


def test_a_start_that_is_hours_late_asks_first(acme, alice):
    campaign = CampaignFactory(lists=[list_of(1)])
    start_campaign_at(campaign, by=alice, starts_at=now() + HOUR)
    Campaign.objects.filter(pk=campaign.pk).update(starts_at=now() - 7 * HOUR)

    start_due(str(campaign.pk), {})
    asking = Campaign.objects.get(pk=campaign.pk)
    resume_campaign(campaign, by=alice)

    campaign.refresh_from_db()
    assert (asking.status, asking.started_at) == (Campaign.Status.PAUSED, None)
    assert "could not start then" in asking.status_reason
    assert (campaign.status, campaign.status_reason) == (Campaign.Status.RUNNING, "")


def test_moving_a_scheduled_start_moves_its_timer(acme, alice):
    campaign = CampaignFactory(lists=[list_of(1)])
    start_campaign_at(campaign, by=alice, starts_at=now() + HOUR)

    update_campaign(campaign, by=alice, fields={"starts_at": now() + 5 * HOUR})

    (timer,) = Timer.objects.filter(kind="campaign.start")
    assert timer.due_at > now() + 4 * HOUR


def test_pause_resume_and_cancel_once_each(acme, alice):
    campaign = CampaignFactory(lists=[list_of(2)])
    start_campaign(campaign, by=alice)

    pause_campaign(campaign, by=alice)
    paused_twice = refusal(lambda: pause_campaign(campaign, by=alice))
    resume_campaign(campaign, by=alice)
    resumed_twice = refusal(lambda: resume_campaign(campaign, by=alice))
    cancel_campaign(campaign, by=alice)
    cancelled_twice = refusal(lambda: cancel_campaign(campaign, by=alice))

    assert {paused_twice, resumed_twice, cancelled_twice} == {("wrong_status", "status")}
    assert states_of(campaign) == {"cancelled": 2}


def test_what_has_started_cannot_be_edited_and_what_runs_cannot_be_deleted(acme, alice):
    campaign = CampaignFactory(lists=[list_of(1)])
    start_campaign(campaign, by=alice)

    edited = refusal(lambda: update_campaign(campaign, by=alice, fields={"body": "Other"}))
    deleted = refusal(lambda: delete_campaign(campaign, by=alice))
    cancel_campaign(campaign, by=alice)
    delete_campaign(campaign, by=alice)

    assert (edited, deleted) == (("campaign_started", "status"), ("campaign_running", None))
    assert not Campaign.objects.filter(pk=campaign.pk).exists()


def test_what_is_wrong_is_said_with_its_field(acme, alice):
    contacts = list_of(1)
    closed = ConnectionFactory(state="closed")
    template = TemplateFactory(status="PENDING")
    approved = TemplateFactory()

    def start_of(**fields: object):
        return refusal(lambda: start_campaign(CampaignFactory(**{"lists": [contacts]} | fields), by=alice))

    assert start_of(connection=closed) == ("connection_closed", "connection")
    assert start_of(body=" ") == ("required", "body")
    assert start_of(body="x" * 5000) == ("too_long", "body")
    assert start_of(body="Hello {{nmae}}") == ("variable_without_value", "body")
    assert start_of(lists=[]) == ("empty_audience", "lists")
    assert start_of(starts_at=now() - HOUR) == ("time_in_the_past", "starts_at")
    assert start_of(connection=template.connection, template=template) == ("template_not_approved", "template")
    assert start_of(connection=approved.connection, template=approved) == ("template_variable_missing", "variables.1")
    assert start_of(template=approved) == ("template_of_other_connection", "template")
    mistyped = {"1": "{{name|there}}", "2": "{{custom.plna}}"}
    assert start_of(connection=approved.connection, template=approved, variables=mistyped) == ("variable_without_value", "variables.2")
    past = {"connection": closed, "body": "Hi", "starts_at": now() - HOUR}
    assert refusal(lambda: create_campaign(by=alice, fields=past)) == ("time_in_the_past", "starts_at")


def test_a_template_with_a_custom_field_goes_to_those_who_have_a_value(acme, alice):
    CustomField.objects.create(key="plan", label="Plan")
    contacts = list_of(2)
    Contact.objects.filter(pk=contacts.contacts.first().pk).update(custom={"plan": "Gold"})
    template = TemplateFactory()
    variables = {"1": "{{name|there}}", "2": "{{custom.plan}}"}
    campaign = CampaignFactory(connection=template.connection, template=template, variables=variables, body="", lists=[contacts])

    start_campaign(campaign, by=alice)

    assert states_of(campaign) == {"pending": 1, "excluded": 1}
    assert Recipient.objects.get(campaign=campaign, state="excluded").exclusion == "missing_value"


def given(*rows: tuple[str, dict[str, str]]) -> list[InlineRecipient]:
    return [InlineRecipient(number, variables=variables) for number, variables in rows]


def test_recipients_given_as_numbers_become_contacts_and_are_judged_like_others(acme, alice):
    marina = ContactFactory(name="Marina", phone="+5511987650001")
    OptOut.objects.create(contact=marina, purpose="all")
    fields = {"connection": ConnectionFactory(), "body": "Hi {{first_name|there}}, code {{code}}"}
    numbers = ["(11) 98765-0001", "11 8765-0002", "+5511987650002", "+5511987650003"]
    rows = given(*[(number, {"code": code}) for number, code in zip(numbers, "ABCD", strict=True)])

    campaign = create_and_start(by=alice, fields=fields, recipients=rows)

    recipients = Recipient.objects.filter(campaign=campaign).order_by("address").values_list("address", "state", "exclusion", "variables")
    assert (campaign.status, campaign.name) == (Campaign.Status.RUNNING, "Hi {{first_name|there}}, code {{code}}")
    assert list(recipients) == [
        ("+5511987650001", "excluded", "opted_out", {"code": "A"}),
        ("+5511987650002", "pending", "", {"code": "B"}),
        ("+5511987650003", "pending", "", {"code": "D"}),
    ]


def test_bad_rows_are_named_and_nothing_is_written(acme, alice):
    fields = {"connection": ConnectionFactory(), "body": "Code {{code}}"}
    rows = given(("+5511987650001", {"code": "A"}), ("eleven", {"code": "B"}), ("+5511987650003", {}))

    with pytest.raises(ApplicationError) as caught:
        create_and_start(by=alice, fields=fields, recipients=rows)

    assert (caught.value.code, caught.value.field, sorted(caught.value.rows)) == ("invalid_recipients", "recipients", [1, 2])
    assert "eleven" in caught.value.rows[1].words
    assert (Campaign.objects.count(), Contact.objects.count()) == (0, 0)
