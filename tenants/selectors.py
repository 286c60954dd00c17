"""Questions about companies, for the platform's staff."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from tenants.lib.clock import now
from tenants.models import Company, Flight, Outbox, Plan, Rejection, Timer, Webhook

DAYS_OF_REJECTIONS = 7


@dataclass(frozen=True)
class Backlog:
    """What waits and what is stuck, over all companies."""

    webhooks_waiting: int
    webhooks_parked: int
    timers_overdue: int
    timers_parked: int
    announcements_waiting: int
    announcements_parked: int


@dataclass(frozen=True)
class CompanyBacklog:
    webhooks_waiting: int
    oldest_webhook_at: datetime.datetime | None
    webhooks_parked: int
    timers_parked: int
    announcements_parked: int
    webhooks_refused: int

    @property
    def parked(self) -> int:
        return self.webhooks_parked + self.timers_parked + self.announcements_parked


def companies() -> QuerySet[Company]:
    """Every company that still has a schema."""
    return Company.objects.exclude(schema_name__startswith="dropped_").select_related("plan").prefetch_related("domains")


def company_or_404(company_id: int | str) -> Company:
    return get_object_or_404(companies(), pk=company_id)


def plans() -> QuerySet[Plan]:
    return Plan.objects.order_by("name", "id")


def flights_of(company: Company, *, external_id: str = "") -> QuerySet[Flight]:
    """The company's flight recorder, newest first; `external_id` also finds by our own id."""
    flights = Flight.objects.filter(company_id=company.pk).order_by("-id")
    return flights.filter(Q(external_id=external_id) | Q(our_id=external_id)) if external_id else flights


def backlog() -> Backlog:
    return Backlog(
        webhooks_waiting=Webhook.objects.filter(state=Webhook.State.NEW).count(),
        webhooks_parked=Webhook.objects.filter(state=Webhook.State.POISON).count(),
        timers_overdue=Timer.objects.filter(parked_at=None, due_at__lt=now()).count(),
        timers_parked=Timer.objects.exclude(parked_at=None).count(),
        announcements_waiting=Outbox.objects.filter(done_at=None, parked_at=None).count(),
        announcements_parked=Outbox.objects.filter(done_at=None).exclude(parked_at=None).count(),
    )


def parked_webhooks() -> QuerySet[Webhook]:
    return Webhook.objects.filter(state=Webhook.State.POISON).defer("body").order_by("-id")


def parked_timers() -> QuerySet[Timer]:
    return Timer.objects.exclude(parked_at=None).order_by("-parked_at", "-id")


def parked_announcements() -> QuerySet[Outbox]:
    return Outbox.objects.filter(done_at=None).exclude(parked_at=None).order_by("-parked_at", "-id")


def backlog_of(company: Company) -> CompanyBacklog:
    """What waits for this company's workers, what is stuck, and what was turned away at its webhook doors."""
    webhooks = Webhook.objects.filter(company_id=company.pk)
    waiting = webhooks.filter(state=Webhook.State.NEW).aggregate(count=Count("id"), oldest=Min("received_at"))
    tokens = company.webhook_routes.values("token")
    since = now().date() - datetime.timedelta(days=DAYS_OF_REJECTIONS)
    refused = Rejection.objects.filter(token__in=tokens, day__gte=since).exclude(token="").aggregate(total=Sum("count"))
    return CompanyBacklog(
        webhooks_waiting=waiting["count"],
        oldest_webhook_at=waiting["oldest"],
        webhooks_parked=webhooks.filter(state=Webhook.State.POISON).count(),
        timers_parked=Timer.objects.filter(company_id=company.pk).exclude(parked_at=None).count(),
        announcements_parked=Outbox.objects.filter(company_id=company.pk, done_at=None).exclude(parked_at=None).count(),
        webhooks_refused=refused["total"] or 0,
    )


def rejections_of_last_days(days: int = DAYS_OF_REJECTIONS) -> QuerySet[Rejection, Any]:
    """Calls turned away at the webhook door, as rows of `day`, `reason`, `total`, newest day first."""
    since = now().date() - datetime.timedelta(days=days)
    return Rejection.objects.filter(day__gte=since).values("day", "reason").annotate(total=Sum("count")).order_by("-day", "reason")
