"""Counting and freezing who gets a campaign."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from campaigns import statements
from campaigns.models import Campaign
from campaigns.services.contents import audience_of, required_in
from campaigns.types import Audience, AudienceCount
from connectors.registry import provider_named
from tenants.lib.errors import ApplicationError


def count_audience(audience: Audience, *, campaign_id: int | None = None) -> AudienceCount:
    """How many would get it now, and how many not, by reason. The same predicates as at the start."""
    return _counted(statements.COUNT_AUDIENCE, audience, campaign_id)


def preview_audience(*, fields: Mapping[str, Any]) -> AudienceCount:
    """The count for a campaign that is still being written: `fields` as in PreviewSerializer."""
    number = fields.get("connection")
    template = fields.get("template")
    texts = [fields.get("body", "")] if template is None else list(fields.get("variables", {}).values())
    has_window = number is not None and provider_named(number.provider).capabilities.has_service_window
    return count_audience(
        Audience(
            list_ids=tuple(each.pk for each in fields.get("lists", ())),
            tag_ids=tuple(each.pk for each in fields.get("tags", ())),
            excluded_tag_ids=tuple(each.pk for each in fields.get("excluded_tags", ())),
            required=required_in(texts),
            needs_open_window=has_window and template is None and bool(fields.get("body")),
            connection_id=number.pk if number is not None else 0,
        )
    )


def freeze_audience(campaign: Campaign) -> AudienceCount:
    """Write down everybody who is meant now, with a reason where they are left out. Refused when nobody would get it."""
    frozen = _counted(statements.FREEZE_AUDIENCE, audience_of(campaign), campaign.pk)
    if frozen.count == 0:
        words = _("Nobody would get this campaign: choose lists or tags with contacts that may be written to.")
        raise ApplicationError(words, code="empty_audience", field="lists")
    return frozen


def _counted(statement: str, audience: Audience, campaign_id: int | None) -> AudienceCount:
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "campaign": campaign_id,
                "lists": list(audience.list_ids),
                "tags": list(audience.tag_ids),
                "excluded_tags": list(audience.excluded_tag_ids),
                "required": list(audience.required),
                "needs_open_window": audience.needs_open_window,
                "connection": audience.connection_id,
            },
        )
        amounts = dict(cursor.fetchall())
    return AudienceCount(count=amounts.pop("", 0), exclusions=amounts)
