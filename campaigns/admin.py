"""Campaigns in the company's admin: watched and stopped there, written in the SPA."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from accounts.permissions import may
from campaigns import selectors
from campaigns.models import Campaign
from campaigns.services import lifecycle as services
from tenants.lib.admin import SelectorAdmin

# By value, not by word: the words change with the language. Each value has a line, or unfold would show the value itself.
STATUS_COLORS = dict.fromkeys(Campaign.Status, "default") | {
    Campaign.Status.RUNNING: "success",
    Campaign.Status.SCHEDULED: "info",
    Campaign.Status.PAUSED: "warning",
    Campaign.Status.CANCELLED: "danger",
}


@admin.register(Campaign)
class CampaignAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.campaigns_for)
    may_see = staticmethod(lambda user: may(user, "campaign.read"))
    list_display = ["name", "shown_status", "connection", "starts_at", "started_at", "finished_at", "created_by"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["name"]
    exclude = ["pump_lease", "pump_leased_until"]
    actions = ["pause_chosen", "resume_chosen", "cancel_chosen"]

    @display(description=_("status"), label=STATUS_COLORS)
    def shown_status(self, campaign: Campaign) -> tuple[str, str]:
        return campaign.status, campaign.get_status_display()

    def has_start_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "campaign.start")

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
