"""Writing a campaign, before it starts."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.auditing import differences, listed, record, record_continued, snapshot
from campaigns import events
from campaigns.models import Campaign, Variant
from campaigns.services.audience import LAST_INBOUND
from campaigns.services.given import replace_given
from campaigns.services.lines import set_lines
from campaigns.statements.audience import COPY_GIVEN
from campaigns.types import InlineRecipient
from connectors.models import Connection, Template
from contacts.models import ContactList, CustomField, Tag
from contacts.types import PLAIN_FIELDS as PLAIN_CONTACT_FIELDS
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.timers import set_timer

START_TIMER = "campaign.start"
EDITABLE = (Campaign.Status.DRAFT, Campaign.Status.SCHEDULED)
PLAIN_FIELDS = (
    "name",
    "connection",
    "distribution",
    "body",
    "template",
    "variables",
    "header_media",
    "is_for_everybody",
    "has_all_tags",
    "conditions",
    "starts_at",
)
COPIED = tuple(name for name in PLAIN_FIELDS if name not in ("name", "starts_at"))
LONGEST_NAME = 120
MOST_DAYS = 3650


@transaction.atomic
def create_campaign(*, by: User, fields: Mapping[str, Any], recipients: Sequence[InlineRecipient] = ()) -> Campaign:
    """A draft. `fields` as in CampaignWriteSerializer; without a name it is called by the beginning of its text."""
    campaign = Campaign(created_by=by)
    _set(campaign, fields)
    if not campaign.name:
        said = next((each["body"] for each in fields.get("variants", ()) if each.get("body")), campaign.body)
        campaign.name = (said or (campaign.template.name if campaign.template else "") or _("Campaign"))[:LONGEST_NAME]
    _check_belongs(campaign)
    check_conditions(campaign.conditions)
    campaign.save()
    _set_audience(campaign, fields)
    _set_variants(campaign, fields)
    _set_lines(campaign, fields)
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
    before, old_names = snapshot(campaign), _names_in(campaign)
    _set(campaign, fields)
    _check_belongs(campaign)
    check_conditions(campaign.conditions)
    if campaign.status == Campaign.Status.SCHEDULED and campaign.starts_at is None:
        campaign.status = Campaign.Status.DRAFT
    campaign.save()
    _set_audience(campaign, fields)
    _set_variants(campaign, fields)
    _set_lines(campaign, fields)
    if recipients is not None:
        replace_given(campaign, recipients)
    if campaign.status == Campaign.Status.SCHEDULED and campaign.starts_at is not None:
        set_timer(START_TIMER, campaign.pk, due_at=campaign.starts_at)
    changes = differences(campaign, before)
    for (label, old), (_label, new) in zip(old_names, _names_in(campaign), strict=True):
        changes += listed(label, old, new)
    if changes or recipients is not None:
        record_continued("campaign.changed", campaign, by=by, changes=changes)  # the wizard saves at each pause
    events.campaign_changed("update", campaign.pk)
    return campaign


@transaction.atomic
def duplicate_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """A draft that says the same to the same people: lists, tags, conditions, and the numbers that were given with it."""
    copy = Campaign(created_by=by, **{name: getattr(campaign, name) for name in COPIED})
    copy.name = _("%(name)s (copy)") % {"name": campaign.name[: LONGEST_NAME - 12]}
    copy.save()
    copy.lists.set(campaign.lists.all())
    copy.tags.set(campaign.tags.all())
    copy.excluded_tags.set(campaign.excluded_tags.all())
    Variant.objects.bulk_create(
        Variant(campaign=copy, position=each.position, weight=each.weight, body=each.body, media_id=each.media_id)
        for each in campaign.variants.all()
    )
    set_lines(copy, [{"connection": line.connection, "weight": line.weight} for line in campaign.lines.select_related("connection")])
    with connection.cursor() as cursor:
        cursor.execute(COPY_GIVEN, {"campaign": copy.pk, "source": campaign.pk})
    record("campaign.created", copy, by=by)
    events.campaign_changed("create", copy.pk)
    return copy


@transaction.atomic
def delete_campaign(campaign: Campaign, *, by: User) -> None:
    """Gone with its recipients and counters; what was sent stays in the contacts' histories. Refused while it runs."""
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)  # or it starts while it is deleted
    record("campaign.deleted", campaign, by=by)
    if campaign.status in (Campaign.Status.RUNNING, Campaign.Status.PAUSED):
        raise ApplicationError(_("Cancel the campaign before you delete it."), code="campaign_running", status=409)
    deleted = campaign.pk
    campaign.delete()
    events.campaign_deleted(deleted)


def unsaved_variants(said: Sequence[Mapping[str, Any]]) -> list[Variant]:
    """Variants as in CampaignWriteSerializer, in their order."""
    return [
        Variant(position=place, weight=each.get("weight", 1), body=each.get("body", ""), media=each.get("media"))
        for place, each in enumerate(said)
    ]


def check_conditions(conditions: Sequence[Mapping[str, str]]) -> None:
    """Raises ApplicationError, naming the place, for a condition that no contact could be asked about."""
    kinds = dict(CustomField.objects.values_list("key", "kind")) if conditions else {}
    for place, condition in enumerate(conditions):
        words = _wrong_condition(condition, kinds)
        if words:
            raise ApplicationError(words, code="invalid_condition", field=f"conditions.{place}.value")


def _wrong_condition(condition: Mapping[str, str], kinds: Mapping[str, str]) -> str:
    field, operator, value = condition["field"], condition["operator"], condition.get("value", "").strip()
    is_of_days = operator in ("within_days", "not_within_days")
    if (field == LAST_INBOUND) is not is_of_days:
        return _("This field cannot be asked about in this way.")
    if is_of_days:
        return "" if value.isdecimal() and int(value) <= MOST_DAYS else _("Give a number of days, up to %(most)s.") % {"most": MOST_DAYS}
    key = field.removeprefix("custom.")
    if field not in PLAIN_CONTACT_FIELDS and (key == field or key not in kinds):
        return _("There is no such field of contacts.")
    if operator in ("is_set", "is_empty"):
        return ""
    if not value:
        return _("Say with what it is compared.")
    if key != field and kinds[key] == CustomField.Kind.NUMBER and not _is_number(value):
        return _("This field holds numbers: “%(value)s” is none.") % {"value": value}
    return ""


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


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
    number: Connection = campaign.connection
    if template is not None and template.connection_id != number.pk:
        raise ApplicationError(_("This template belongs to another connection."), code="template_of_other_connection", field="template")


def _set(campaign: Campaign, fields: Mapping[str, Any]) -> None:
    for name in PLAIN_FIELDS:
        if name in fields:
            setattr(campaign, name, fields[name])
    if "starts_at" in fields:
        check_in_future(campaign)


def _names_in(campaign: Campaign) -> list[tuple[str, list[str]]]:
    """What the audit log tells of that is no column of the campaign."""
    named = (("lists", campaign.lists), ("tags", campaign.tags), ("without tags", campaign.excluded_tags))
    audience = [(label, list(words.values_list("name", flat=True))) for label, words in named]
    variants = [_in_words(variant) for variant in campaign.variants.select_related("media")]
    lines = [f"{line.connection} × {line.weight}" for line in campaign.lines.select_related("connection")]
    return [*audience, ("message variants", variants), ("connections", lines)]


def _in_words(variant: Variant) -> str:
    file = f" [{variant.media.filename}]" if variant.media else ""
    return f"{chr(ord('A') + variant.position)} × {variant.weight}: {variant.body[:100]}{file}"


def _set_variants(campaign: Campaign, fields: Mapping[str, Any]) -> None:
    """A body alone stands for all recipients; variants give the campaign the first one's body."""
    if "variants" not in fields:
        if "body" in fields:
            campaign.variants.all().delete()
        return
    variants = unsaved_variants(fields["variants"])
    campaign.variants.all().delete()
    for variant in variants:
        variant.campaign = campaign
    Variant.objects.bulk_create(variants)
    campaign.body = variants[0].body if variants else fields.get("body", "")
    campaign.save(update_fields=["body"])


def _set_lines(campaign: Campaign, fields: Mapping[str, Any]) -> None:
    """Several connections are written down; one alone is the campaign's own."""
    if "connections" in fields:
        said = fields["connections"]
        set_lines(campaign, said if len(said) > 1 else [])


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
