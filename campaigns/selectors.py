"""Questions about campaigns. Everybody in a company may see its campaigns; who may change them is in accounts.permissions."""

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from accounts.models import User
from campaigns.models import Campaign, Recipient
from campaigns.types import COUNTERS
from connectors.types import Delivery

MOST_FAILURES = 50


def campaigns_with_counts() -> QuerySet[Campaign]:
    sums = {f"count_{name}": Coalesce(Sum("counts__delta", filter=Q(counts__name=name)), 0) for name in COUNTERS}
    campaigns = Campaign.objects.select_related("connection", "template", "created_by")
    return campaigns.prefetch_related("lists", "tags", "excluded_tags").annotate(**sums)


def campaigns_for(user: User) -> QuerySet[Campaign]:
    return campaigns_with_counts()


def campaign_for(user: User, pk: int) -> Campaign:
    return get_object_or_404(campaigns_for(user), pk=pk)


def recipients_for(user: User, campaign: Campaign) -> QuerySet[Recipient]:
    return Recipient.objects.filter(campaign=campaign).select_related("contact")


def exclusions_of(campaign: Campaign) -> dict[str, int]:
    """How many were left out, by reason."""
    excluded = Recipient.objects.filter(campaign=campaign, state=Recipient.State.EXCLUDED)
    return dict(excluded.values_list("exclusion").annotate(Count("id")).order_by("exclusion"))


def failures_of(campaign: Campaign) -> list[tuple[str, str, int]]:
    """(code, words, how many), most frequent first."""
    failed = Recipient.objects.filter(campaign=campaign, status__in=(Delivery.FAILED, Delivery.UNKNOWN))
    grouped = failed.values_list("error_code", "error_text").annotate(amount=Count("id")).order_by("-amount", "error_code")
    return list(grouped[:MOST_FAILURES])
