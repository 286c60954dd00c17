"""Questions about campaigns. Everybody in a company may see its campaigns; who may change them is in accounts.permissions."""

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from accounts.models import User
from campaigns.models import Campaign, Line, Recipient, Variant
from campaigns.types import COUNTERS
from connectors.types import Delivery

MOST_FAILURES = 50


def campaigns_with_counts() -> QuerySet[Campaign]:
    sums = {f"count_{name}": Coalesce(Sum("counts__delta", filter=Q(counts__name=name)), 0) for name in COUNTERS}
    campaigns = Campaign.objects.select_related("connection", "template", "created_by", "header_media")
    variants = Prefetch("variants", Variant.objects.select_related("media"))
    lines = Prefetch("lines", Line.objects.select_related("connection"))
    return campaigns.prefetch_related("lists", "tags", "excluded_tags", variants, lines).annotate(**sums)


def campaigns_for(user: User) -> QuerySet[Campaign]:
    return campaigns_with_counts()


def campaign_for(user: User, pk: int) -> Campaign:
    return get_object_or_404(campaigns_for(user), pk=pk)


def recipients_for(user: User, campaign: Campaign) -> QuerySet[Recipient]:
    return Recipient.objects.filter(campaign=campaign).select_related("contact", "connection")


def exclusions_of(campaign: Campaign) -> dict[str, int]:
    """How many were left out, by reason."""
    excluded = Recipient.objects.filter(campaign=campaign, state=Recipient.State.EXCLUDED)
    return dict(excluded.values_list("exclusion").annotate(Count("id")).order_by("exclusion"))


def failures_of(campaign: Campaign) -> list[tuple[str, str, bool, int]]:
    """(code, words, whether nobody knows, how many), most frequent first."""
    failed = Recipient.objects.filter(campaign=campaign, status__in=(Delivery.FAILED, Delivery.UNKNOWN))
    grouped = failed.values_list("error_code", "error_text", "status").annotate(amount=Count("id")).order_by("-amount", "error_code")
    return [(code, text, status == Delivery.UNKNOWN, count) for code, text, status, count in grouped[:MOST_FAILURES]]


def funnel_by_variant(campaign: Campaign) -> dict[int, dict[str, int]]:
    """The counters of each variant's recipients, counted anew: asked for a report, not for every frame."""
    reached = Count("id", filter=Q(status__gte=Delivery.ACCEPTED) & ~Q(status=Delivery.FAILED))
    counts = {
        "queued": Count("id", filter=Q(state__in=(Recipient.State.PENDING, Recipient.State.CLAIMED))),
        "sent": reached,
        "failed": Count("id", filter=Q(status=Delivery.FAILED)),
        "unknown": Count("id", filter=Q(status=Delivery.UNKNOWN)),
        "excluded": Count("id", filter=Q(state=Recipient.State.EXCLUDED)),
        "cancelled": Count("id", filter=Q(state=Recipient.State.CANCELLED)),
        "delivered": Count("id", filter=Q(status__gte=Delivery.DELIVERED)),
        "read": Count("id", filter=Q(status__gte=Delivery.READ)),
    }
    rows = Recipient.objects.filter(campaign=campaign).order_by("variant").values_list("variant").annotate(total=Count("id"), **counts)
    return {variant: dict(zip(("total", *counts), amounts, strict=True)) for variant, *amounts in rows}
