"""Questions about campaigns. Everybody in a company may see its campaigns; who may change them is in accounts.permissions."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, Min, OuterRef, Prefetch, QuerySet, Sum
from django.db.models.functions import JSONObject, Trunc
from django.shortcuts import get_object_or_404

from accounts.models import User
from campaigns.models import Campaign, CampaignCount, Line, Recipient, Variant
from campaigns.types import COUNTERS, DISJOINT, OVER_TIME, FailureGroup, Report, Timeline

MOST_FAILURES = 50
WITH_ERRORS = ("failed", "unknown")
# The longest span that is told in these steps.
STEPS = (("minute", datetime.timedelta(hours=3)), ("hour", datetime.timedelta(days=4)))


def campaigns_with_counts() -> QuerySet[Campaign]:
    counts = CampaignCount.objects.filter(campaign=OuterRef("pk"), minute=None).order_by().values("name").annotate(total=Sum("delta"))
    campaigns = Campaign.objects.select_related("connection", "template", "created_by", "header_media")
    variants = Prefetch("variants", Variant.objects.select_related("media"))
    lines = Prefetch("lines", Line.objects.select_related("connection"))
    return campaigns.prefetch_related("lists", "tags", "excluded_tags", variants, lines).annotate(
        counters=ArraySubquery(counts.values(counter=JSONObject(name="name", total="total")))
    )


def campaigns_for(user: User) -> QuerySet[Campaign]:
    return campaigns_with_counts()


def campaign_for(user: User, pk: int) -> Campaign:
    return get_object_or_404(campaigns_for(user), pk=pk)


def recipients_for(user: User, campaign: Campaign) -> QuerySet[Recipient]:
    return Recipient.objects.filter(campaign=campaign).select_related("contact", "connection")


def counts_of(campaign: Campaign) -> dict[str, int]:
    """Every counter of a campaign that came from `campaigns_with_counts`, and how many recipients there are."""
    annotated: Any = campaign
    return with_total(dict.fromkeys(COUNTERS, 0) | {row["name"]: int(row["total"]) for row in annotated.counters})


def with_total(counts: dict[str, int]) -> dict[str, int]:
    return {"total": sum(counts[name] for name in COUNTERS[:DISJOINT])} | counts


def report_of(campaign: Campaign) -> Report:
    """All from the counters: as fast for a million recipients as for ten."""
    cube = CampaignCount.objects.filter(campaign=campaign, minute=None).values_list("name", "variant", "connection_id", "detail")
    exclusions: Counter[str] = Counter()
    errors: Counter[tuple[str, str]] = Counter()
    variants: defaultdict[int, Counter[str]] = defaultdict(Counter)
    connections: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for name, variant, connection_id, detail, amount in cube.annotate(amount=Sum("delta")).order_by():
        variants[variant][name] += amount
        if connection_id is not None:
            connections[connection_id][name] += amount
        if name == "excluded":
            exclusions[detail] += amount
        elif name in WITH_ERRORS:
            errors[name, detail] += amount
    failures = [(name, code, amount) for (name, code), amount in errors.most_common(MOST_FAILURES) if amount > 0]
    texts = _texts_of(campaign, [code for _name, code, _amount in failures])
    return Report(
        exclusions={reason: amount for reason, amount in sorted(exclusions.items()) if amount > 0},
        failures=tuple(FailureGroup(code, texts.get(code, ""), name == "unknown", amount) for name, code, amount in failures),
        variants={variant: _funnel(counts) for variant, counts in sorted(variants.items())},
        connections={connection_id: _funnel(counts) for connection_id, counts in sorted(connections.items())},
    )


def timeline_of(campaign: Campaign, zone: ZoneInfo) -> Timeline:
    """What grew when: by the minute of what took a few hours, by the hour of what took days, else by the company's days."""
    rows = CampaignCount.objects.filter(campaign=campaign, minute__isnull=False)
    span = rows.aggregate(first=Min("minute"), last=Max("minute"))
    if span["first"] is None:
        return Timeline("minute", ())
    step = next((step for step, longest in STEPS if span["last"] - span["first"] <= longest), "day")
    grown: defaultdict[datetime.datetime, Counter[str]] = defaultdict(Counter)
    by_step = rows.annotate(at=Trunc("minute", step, tzinfo=zone)).values_list("at", "name").annotate(amount=Sum("delta"))
    for at, name, amount in by_step.order_by():
        grown[at][name] += amount
    return Timeline(step, tuple((at, {name: max(0, grown[at][name]) for name in OVER_TIME}) for at in sorted(grown)))


def _funnel(counts: Counter[str]) -> dict[str, int]:
    return with_total({name: counts[name] for name in COUNTERS})


def _texts_of(campaign: Campaign, codes: Iterable[str]) -> dict[str, str]:
    """The newest words for each error."""
    texts = {}
    for code in {code for code in codes if code}:
        recipients = Recipient.objects.filter(campaign=campaign, error_code=code).order_by("-id")
        texts[code] = recipients.values_list("error_text", flat=True).first() or ""
    return texts
