"""The platform's companies with what their own schemas say: how much each one uses of its plan, and how it does."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule
from unfold.decorators import display

from config.dashboards import health
from config.dashboards.platform import usages
from config.usage import Usage
from tenants import admin as tenants_admin
from tenants.models import Company
from tenants.platform_site import platform_site

# The clock's own tables are the platform's, in public; its library offers them in every company's admin.
for model in (PeriodicTask, CrontabSchedule, IntervalSchedule, SolarSchedule, ClockedSchedule):
    admin.site.unregister(model)

admin.site.index_title = _("Overview")
STATE_COLORS = {Company.State.ACTIVE: "success", Company.State.SUSPENDED: "warning", Company.State.DELETED: "danger"}


@admin.register(Company, site=platform_site)
class CompanyAdmin(tenants_admin.CompanyAdmin):
    list_display = ["name", "schema_name", "plan", "shown_state", "shown_users", "shown_connections", "shown_storage", "shown_messages"]
    list_per_page = 25
    change_form_before_template = "dashboards/company.html"

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The companies of the page, each with its usage: one question for all of them."""
        changelist = super().get_changelist_instance(request)
        used = usages(list(changelist.result_list))
        for company in changelist.result_list:
            company.usage = used.get(company.pk, Usage())
        return changelist

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        company = self.get_object(request, object_id) if object_id and request.method == "GET" else None
        more = {"health": health.of_company(company)} if company else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **more})

    @display(description=_("state"), label=STATE_COLORS, ordering="state")
    def shown_state(self, company: Company) -> tuple[str, str]:
        return company.state, company.get_state_display()

    @display(description=_("users"))
    def shown_users(self, company: Any) -> str:
        return _of_limit(company.usage.users, company.plan.max_users if company.plan else None)

    @display(description=_("connections"))
    def shown_connections(self, company: Any) -> str:
        words = _of_limit(company.usage.connections, company.plan.max_connections if company.plan else None)
        down = company.usage.closed_connections
        return f"{words} ({_('%(count)d down') % {'count': down}})" if down else words

    @display(description=_("files"))
    def shown_storage(self, company: Any) -> str:
        return filesizeformat(company.usage.stored_bytes)

    @display(description=_("messages this month"))
    def shown_messages(self, company: Any) -> str:
        return number_format(company.usage.messages, force_grouping=True)


def _of_limit(used: int, limit: int | None) -> str:
    return f"{number_format(used)} / {number_format(limit)}" if limit is not None else number_format(used)
