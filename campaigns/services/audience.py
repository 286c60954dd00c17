"""Counting and freezing who gets a campaign."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import orjson
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Line, Variant
from campaigns.services.contents import required_variables, variants_of
from campaigns.services.lines import deal_parameters, lines_of, shares_of
from campaigns.statements.audience import CONDITIONS, COUNT_AUDIENCE, FREEZE_AUDIENCE, FREEZE_WITH_GIVEN
from campaigns.types import Audience, AudienceCount, InlineRecipient, Sample
from connectors.registry import provider_named
from contacts.models import Contact
from contacts.selectors import contacts_meeting
from contacts.services.consent import rules_here
from contacts.types import Condition, Rules
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tickets.models import Ticket

_PLACE = re.compile("%s")
NO_MARKETING = frozenset({"UTILITY", "AUTHENTICATION"})
LAST_INBOUND = "last_inbound_at"
SAMPLES = 5  # of each reason and variant


def audience_of(campaign: Campaign, lines: Sequence[Line] | None = None) -> Audience:
    """Who is meant by the campaign as it is stored, and what its text asks of them."""
    return audience_with(
        campaign,
        variants_of(campaign),
        list_ids=campaign.lists.values_list("pk", flat=True),
        tag_ids=campaign.tags.values_list("pk", flat=True),
        excluded_tag_ids=campaign.excluded_tags.values_list("pk", flat=True),
        lines=lines,
    )


def audience_with(
    campaign: Campaign,
    variants: Sequence[Variant],
    *,
    list_ids: Iterable[int],
    tag_ids: Iterable[int],
    excluded_tag_ids: Iterable[int],
    given: tuple[InlineRecipient, ...] = (),
    lines: Sequence[Line] | None = None,
) -> Audience:
    """The same for a campaign that is still being written."""
    through = lines_of(campaign) if lines is None else lines
    has_window = any(provider_named(line.connection.provider).capabilities.has_service_window for line in through)
    rules = rules_here()
    says_something = any(variant.body or variant.media for variant in variants)
    return Audience(
        list_ids=tuple(list_ids),
        tag_ids=tuple(tag_ids),
        has_all_tags=campaign.has_all_tags,
        is_for_everybody=campaign.is_for_everybody,
        conditions=tuple(Condition(**condition) for condition in campaign.conditions),
        excluded_tag_ids=tuple(excluded_tag_ids),
        weights=tuple(variant.weight for variant in variants) or (1,),
        required=required_variables(campaign, variants),
        needs_open_window=has_window and campaign.template_id is None and says_something,
        lines=shares_of(campaign, through),
        is_sticky=campaign.distribution == Campaign.Distribution.STICKY,
        most_marketing=most_marketing_for(campaign, rules),
        marketing_days=rules.per_days,
        given=given,
    )


def most_marketing_for(campaign: Campaign, rules: Rules) -> int | None:
    """The company's cap, for what is marketing: a template that Meta calls a utility or a login code is none."""
    return rules.most_messages if campaign.template is None or campaign.template.category not in NO_MARKETING else None


def count_audience(audience: Audience, *, campaign_id: int | None = None) -> AudienceCount:
    """How many would get it now, and how many not, by reason. The same predicates as at the start."""
    return _as_count(ask(COUNT_AUDIENCE, audience, campaign_id))


def freeze_audience(campaign: Campaign) -> AudienceCount:
    """Write down everybody who is meant now, with a reason where they are left out. Refused when nobody would get it."""
    with connection.cursor() as cursor:
        # Contacts are read in the order in which recipients are written: a million need not be sorted, nor held in memory.
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL work_mem = '64MB'")
    statement = FREEZE_WITH_GIVEN if campaign.recipients.exists() else FREEZE_AUDIENCE
    frozen = _as_count(ask(statement, audience_of(campaign), campaign.pk))
    if frozen.count == 0:
        words = _("Nobody would get this campaign: choose lists or tags with contacts that may be written to.")
        raise ApplicationError(words, code="empty_audience", field="lists")
    return frozen


def ask(statement: str, audience: Audience, campaign_id: int | None, **more: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement about an audience."""
    conditions, values = _conditions_sql(audience.conditions)
    with connection.cursor() as cursor:
        cursor.execute(statement.replace(CONDITIONS, conditions), _parameters(audience, campaign_id) | values | more)
        return cursor.fetchall()


def _parameters(audience: Audience, campaign_id: int | None) -> dict[str, Any]:
    return (
        {
            "campaign": campaign_id,
            "lists": list(audience.list_ids),
            "tags": list(audience.tag_ids),
            "tags_needed": len(set(audience.tag_ids)) if audience.has_all_tags else 1,
            "is_for_everybody": audience.is_for_everybody,
            "excluded_tags": list(audience.excluded_tag_ids),
            "required": [name for _variant, name in audience.required],
            "required_by": [variant for variant, _name in audience.required],
            "needs_open_window": audience.needs_open_window,
            "is_sticky": audience.is_sticky or audience.needs_open_window,  # the window is the number's that they wrote to
            "weight": sum(audience.weights),
            "parts": [sum(audience.weights[:place]) for place in range(1, len(audience.weights))],
            "given": orjson.dumps([{"number": row.number, "variables": dict(row.variables)} for row in audience.given]).decode(),
            "samples": SAMPLES,
            "most_marketing": audience.most_marketing,
            "marketing_days": audience.marketing_days,
        }
        | deal_parameters(audience.lines)
    )


def _as_count(rows: Iterable[tuple[Any, ...]]) -> AudienceCount:
    exclusions: Counter[str] = Counter()
    variants: Counter[int] = Counter()
    samples: list[Sample] = []
    for reason, variant, amount, few in rows:
        if reason:
            exclusions[reason] += amount
        else:
            variants[variant] += amount
        found = orjson.loads(few) if isinstance(few, str) else few or []
        samples += [Sample(one["contact_id"], one["value"], variant, reason, one["variables"]) for one in found]
    return AudienceCount(sum(variants.values()), dict(exclusions), dict(variants), tuple(samples))


def _conditions_sql(conditions: Sequence[Condition]) -> tuple[str, dict[str, Any]]:
    """A WHERE on the chosen contacts, from querysets, with parameters that have names like those of the statement around it."""
    if not conditions:
        return "", {}
    plain = [condition for condition in conditions if condition.field != LAST_INBOUND]
    contacts = contacts_meeting(plain)
    for condition in conditions:
        if condition.field == LAST_INBOUND:
            contacts = _by_last_inbound(contacts, condition)
    sql, values = contacts.values("pk").query.sql_with_params()
    names = [f"condition_{place}" for place in range(len(values))]
    named = iter(names)
    return f"WHERE contact_id IN ({_PLACE.sub(lambda _place: f'%({next(named)})s', sql)})", dict(zip(names, values, strict=True))


def _by_last_inbound(contacts: QuerySet[Contact], condition: Condition) -> QuerySet[Contact]:
    """Wrote within so many days, or did not: never counts as not."""
    since = now() - timedelta(days=int(condition.value or 0))
    wrote = Exists(Ticket.objects.filter(contact_id=OuterRef("pk"), last_inbound_at__gte=since))
    return contacts.filter(wrote) if condition.operator == "within_days" else contacts.filter(~wrote)
