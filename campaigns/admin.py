"""Campaigns in the company's admin: watched, started and stopped there, written in the SPA."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from accounts.permissions import may
from campaigns import selectors
from campaigns.models import Campaign
from campaigns.services import lifecycle as services
from tenants.lib.admin import SelectorAdmin

# They add up to all recipients.
# By value, not by word: the words change with the language. Each value has a line, or unfold would show the value itself.
STATUS_COLORS = dict.fromkeys(Campaign.Status, "default") | {
    Campaign.Status.RUNNING: "success",
    Campaign.Status.SCHEDULED: "info",
    Campaign.Status.PAUSED: "warning",
    Campaign.Status.CANCELLED: "danger",
}


@dataclass(frozen=True)
class Step:
    """A step of the way to the reader; `percent` of the recipients got there."""

    label: Any
    count: int
    percent: int


def funnel_of(campaign: Any) -> list[Step]:
    counts = selectors.counts_of(campaign)
    total = counts["total"]
    steps = {
        _("recipients"): total,
        _("sent"): counts["sent"],
        _("delivered"): counts["delivered"],
        _("read"): counts["read"],
        _("replied"): counts["replied"],
        _("failed"): counts["failed"],
        _("uncertain"): counts["unknown"],
        _("excluded"): counts["excluded"],
        _("cancelled"): counts["cancelled"],
    }
    return [Step(label, count, round(100 * count / total) if total else 0) for label, count in steps.items()]


@admin.register(Campaign)
class CampaignAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.campaigns_for)
    may_see = staticmethod(lambda user: may(user, "campaign.read"))
    list_display = ["name", "shown_status", "connection", "shown_sent", "shown_delivered", "shown_read", "shown_failed", "started_at"]
    list_filter = [("status", ChoicesDropdownFilter), ("connection", RelatedDropdownFilter), ("created_at", RangeDateFilter)]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "status", "status_reason", "connection", "template", "body", "variables"]}),
        (_("Audience"), {"fields": ["lists", "tags", "excluded_tags"]}),
        (_("Times"), {"fields": ["created_by", "created_at", "starts_at", "started_at", "finished_at"]}),
    ]
    change_form_before_template = "campaigns/funnel.html"
    actions_detail = ["start_this", "pause_this", "resume_this", "cancel_this"]
    actions = ["start_chosen", "pause_chosen", "resume_chosen", "cancel_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return super().get_queryset(request).order_by("-id")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        campaign = self.get_object(request, object_id) if object_id else None
        more = {"funnel": funnel_of(campaign)} if campaign else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **more})

    @display(description=_("sent"))
    def shown_sent(self, campaign: Any) -> str:
        counts = selectors.counts_of(campaign)
        return f"{number_format(counts['sent'])} / {number_format(counts['total'])}"

    @display(description=_("delivered"))
    def shown_delivered(self, campaign: Any) -> str:
        return number_format(selectors.counts_of(campaign)["delivered"])

    @display(description=_("read"))
    def shown_read(self, campaign: Any) -> str:
        return number_format(selectors.counts_of(campaign)["read"])

    @display(description=_("failed"))
    def shown_failed(self, campaign: Any) -> str:
        counts = selectors.counts_of(campaign)
        return number_format(counts["failed"] + counts["unknown"])

    @display(description=_("status"), label=STATUS_COLORS)
    def shown_status(self, campaign: Campaign) -> tuple[str, str]:
        return campaign.status, campaign.get_status_display()

    def has_start_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request.user, "campaign.start")

    @action(description=_("Start"), permissions=["start"])
    def start_chosen(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        self.each(request, queryset, lambda campaign: services.start_campaign(campaign, by=request.user), _("%(count)d campaigns started."))

    @action(description=_("Pause"), permissions=["start"])
    def pause_chosen(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        self.each(request, queryset, lambda campaign: services.pause_campaign(campaign, by=request.user), _("%(count)d campaigns paused."))

    @action(description=_("Resume"), permissions=["start"])
    def resume_chosen(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        self.each(
            request, queryset, lambda campaign: services.resume_campaign(campaign, by=request.user), _("%(count)d campaigns resumed.")
        )

    @action(description=_("Cancel"), permissions=["start"])
    def cancel_chosen(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        self.each(
            request, queryset, lambda campaign: services.cancel_campaign(campaign, by=request.user), _("%(count)d campaigns cancelled.")
        )

    @action(description=_("Start"), icon="play_circle", url_path="start", permissions=["start"])
    def start_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, _("Start"), services.start_campaign)

    @action(description=_("Pause"), icon="pause_circle", url_path="pause", permissions=["start"])
    def pause_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, _("Pause"), services.pause_campaign)

    @action(description=_("Resume"), icon="resume", url_path="resume", permissions=["start"])
    def resume_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, _("Resume"), services.resume_campaign)

    @action(description=_("Cancel"), icon="cancel", url_path="cancel", permissions=["start"])
    def cancel_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, _("Cancel"), services.cancel_campaign)

    def _ask(self, request: HttpRequest, object_id: str, button: Any, verb: Callable[..., object]) -> HttpResponse:
        campaign = self.row_or_404(request, object_id)
        return self.after_asking(request, campaign, button=button, verb=lambda one: verb(one, by=request.user))
