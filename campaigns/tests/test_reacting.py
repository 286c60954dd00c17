"""Campaigns heed what the gateway says of their template and number."""

import datetime

import pytest

from campaigns.models import Campaign
from campaigns.services.lifecycle import pause_campaign, start_campaign, stop_sending
from campaigns.tests.factories import CampaignFactory, TemplateFactory, list_of
from connectors.services.connections import apply_state
from connectors.services.templates import apply_template_state
from connectors.types import ConnectionState, TemplateState
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError

Status = Campaign.Status


@pytest.fixture
def template(acme):
    return TemplateFactory(name="offer", language="en", status="APPROVED", components=[{"type": "BODY", "text": "Ten per cent off."}])


@pytest.fixture
def campaign(template, alice):
    campaign = CampaignFactory(connection=template.connection, body="", template=template, lists=[list_of(2)])
    return start_campaign(campaign, by=alice)


def said(template, status: str, reason: str = "") -> None:
    apply_template_state(
        template.connection, TemplateState(template.external_id, template.name, template.language, status=status, reason=reason)
    )


def status_of(campaign) -> tuple[str, str]:
    row = Campaign.objects.get(pk=campaign.pk)
    return row.status, row.pause_code


def test_a_paused_template_pauses_its_campaigns_until_it_is_approved_again(template, campaign):
    said(template, "PAUSED", "Low quality")
    while_paused = Campaign.objects.get(pk=campaign.pk)
    said(template, "APPROVED")

    assert (while_paused.status, while_paused.pause_code) == (Status.PAUSED, "template")
    assert while_paused.status_reason == "The template “offer” is not approved (PAUSED). Low quality"
    assert status_of(campaign) == (Status.RUNNING, "")


def test_a_campaign_that_a_person_paused_stays_paused(template, campaign, alice):
    pause_campaign(campaign, by=alice)
    said(template, "PAUSED")

    said(template, "APPROVED")

    assert status_of(campaign) == (Status.PAUSED, "")


def test_receipts_may_tell_of_the_pause_before_the_template_does(template, campaign):
    stop_sending(campaign.pk, reason="Template is Paused")
    said(template, "PAUSED")

    said(template, "APPROVED")

    assert status_of(campaign) == (Status.RUNNING, "")


def test_what_else_stands_in_the_way_keeps_it_paused_and_is_said(template, campaign):
    said(template, "PAUSED")
    type(template.connection).objects.filter(pk=template.connection_id).update(is_enabled=False)

    said(template, "APPROVED")

    row = Campaign.objects.get(pk=campaign.pk)
    assert (row.status, "not connected" in row.status_reason) == (Status.PAUSED, True)


def test_a_number_that_may_only_answer_sends_no_campaigns(template, campaign, alice):
    until = now() + datetime.timedelta(days=7)

    apply_state(template.connection, ConnectionState(reason="Restricted", is_account=True, no_campaigns_until=until))

    another = CampaignFactory(connection=type(template.connection).objects.get(pk=template.connection_id), lists=[list_of(1)])
    with pytest.raises(ApplicationError) as refused:
        start_campaign(another, by=alice)
    assert (status_of(campaign)[0], refused.value.code) == (Status.PAUSED, "connection_restricted")
