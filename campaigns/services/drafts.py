"""Writing a campaign, before it starts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.auditing import differences, listed, record, snapshot
from campaigns import events
from campaigns.models import Campaign
from campaigns.services.given import replace_given
from campaigns.types import InlineRecipient
from connectors.models import Connection, Template
from contacts.models import ContactList, Tag
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.timers import set_timer

START_TIMER = "campaign.start"
EDITABLE = (Campaign.Status.DRAFT, Campaign.Status.SCHEDULED)
PLAIN_FIELDS = ("name", "connection", "body", "template", "variables", "starts_at")
LONGEST_NAME = 120


@transaction.atomic
def create_campaign(*, by: User, fields: Mapping[str, Any], recipients: Sequence[InlineRecipient] = ()) -> Campaign:
    """A draft. `fields` as in CampaignWriteSerializer; without a name it is called by the beginning of its text."""
    campaign = Campaign(created_by=by)
    _set(campaign, fields)
    if not campaign.name:
        campaign.name = (campaign.body or (campaign.template.name if campaign.template else "") or _("Campaign"))[:LONGEST_NAME]
    _check_belongs(campaign)
    campaign.save()
    _set_audience(campaign, fields)
    replace_given(campaign, recipients)
    record("campaign.created", campaign, by=by)
    events.campaign_changed("create", campaign.pk)
    return campaign


@transaction.atomic
def update_campaign(
    campaign: Campaign, *, by: User | None, fields: Mapping[str, Any], recipients: Sequence[InlineRecipient] | None = None
) -> Campaign:
    """Change a draft, or one that is scheduled (its start moves along). Refused once it has started."""
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("connection", "template").get(pk=campaign.pk)
    _check_editable(campaign)
    before, old_audience = snapshot(campaign), _audience_of(campaign)
    _set(campaign, fields)
    _check_belongs(campaign)
    if campaign.status == Campaign.Status.SCHEDULED and campaign.starts_at is None:
        campaign.status = Campaign.Status.DRAFT
    campaign.save()
    _set_audience(campaign, fields)
    if recipients is not None:
        replace_given(campaign, recipients)
    if campaign.status == Campaign.Status.SCHEDULED and campaign.starts_at is not None:
        set_timer(START_TIMER, campaign.pk, due_at=campaign.starts_at)
    changes = differences(campaign, before)
    for (label, old), (_label, new) in zip(old_audience, _audience_of(campaign), strict=True):
        changes += listed(label, old, new)
    if changes or recipients is not None:
        record("campaign.changed", campaign, by=by, changes=changes)
    events.campaign_changed("update", campaign.pk)
    return campaign


@transaction.atomic
def delete_campaign(campaign: Campaign, *, by: User) -> None:
    """Gone with its recipients and counters; what was sent stays in the contacts' histories. Refused while it runs."""
    record("campaign.deleted", campaign, by=by)
    running = Q(status__in=(Campaign.Status.RUNNING, Campaign.Status.PAUSED))
    deleted, _rows = Campaign.objects.filter(~running, pk=campaign.pk).delete()
    if not deleted:
        raise ApplicationError(_("Cancel the campaign before you delete it."), code="campaign_running", status=409)
    events.campaign_deleted(campaign.pk)


def check_in_future(campaign: Campaign) -> None:
    if campaign.starts_at is not None and campaign.starts_at <= now():
        words = _("This time has passed. Choose a later one, or none to start at once.")
        raise ApplicationError(words, code="time_in_the_past", field="starts_at")


def _check_editable(campaign: Campaign) -> None:
    if campaign.status not in EDITABLE:
        words = _("A campaign that has started cannot be changed.")
        raise ApplicationError(words, code="campaign_started", field="status", status=409)


def _check_belongs(campaign: Campaign) -> None:
    template: Template | None = campaign.template
    connection: Connection = campaign.connection
    if template is not None and template.connection_id != connection.pk:
        raise ApplicationError(_("This template belongs to another connection."), code="template_of_other_connection", field="template")


def _set(campaign: Campaign, fields: Mapping[str, Any]) -> None:
    for name in PLAIN_FIELDS:
        if name in fields:
            setattr(campaign, name, fields[name])
    if "starts_at" in fields:
        check_in_future(campaign)


def _audience_of(campaign: Campaign) -> list[tuple[str, list[str]]]:
    named = (("lists", campaign.lists), ("tags", campaign.tags), ("without tags", campaign.excluded_tags))
    return [(label, list(words.values_list("name", flat=True))) for label, words in named]


def _set_audience(campaign: Campaign, fields: Mapping[str, Any]) -> None:
    lists: Sequence[ContactList] | None = fields.get("lists")
    tags: Sequence[Tag] | None = fields.get("tags")
    excluded_tags: Sequence[Tag] | None = fields.get("excluded_tags")
    if lists is not None:
        campaign.lists.set(lists)
    if tags is not None:
        campaign.tags.set(tags)
    if excluded_tags is not None:
        campaign.excluded_tags.set(excluded_tags)
