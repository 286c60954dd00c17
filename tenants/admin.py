"""The platform's admin: companies, plans, and what is parked. Nothing here is registered on a company's own admin.

Companies are made, changed and destroyed by services; the rest may be looked at and tried again.
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from tenants import selectors
from tenants.forms import CompanyForm, DropCompanyForm, NewCompanyForm
from tenants.lib.errors import ApplicationError
from tenants.models import Company, Flight, Outbox, Plan, Rejection, Timer, Webhook, WebhookRoute
from tenants.permissions import is_platform_staff
from tenants.platform_site import platform_site
from tenants.services import companies, parked


class PlatformAdmin(ModelAdmin):
    """Open to the platform's administrators, whatever Django's permission tables say."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_platform_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_platform_staff(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_platform_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_platform_staff(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_platform_staff(request)


class LookOnlyAdmin(PlatformAdmin):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Plan, site=platform_site)
class PlanAdmin(PlatformAdmin):
    list_display = ["name", "max_users", "max_connections", "max_queues", "max_contacts"]


@admin.register(Company, site=platform_site)
class CompanyAdmin(PlatformAdmin):
    form = CompanyForm
    list_display = ["name", "schema_name", "plan", "state", "created_at"]
    list_filter = ["state", "plan"]
    search_fields = ["name", "schema_name"]
    readonly_fields = ["schema_name", "state", "suspended_at", "created_at"]
    actions = ["suspend", "resume"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        return selectors.companies()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Company, form: Form, change: bool) -> None:
        companies.change_company(obj, name=obj.name, plan=obj.plan, timezone=obj.timezone, locale=obj.locale, by=request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Outside Django's own add view, which opens a transaction in the wrong schema."""
        form = NewCompanyForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                company = companies.create_company(**form.cleaned_data, by=request.user)
            except ApplicationError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                self.message_user(request, _("Company %(name)s is ready.") % {"name": company.name}, messages.SUCCESS)
                return redirect(reverse("admin:tenants_company_changelist", current_app=self.admin_site.name))
        return self._page(request, form, title=_("Add a company"), button=_("Create"))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        company = selectors.company_or_404(object_id)
        form = DropCompanyForm(request.POST or None, slug=company.slug)
        if request.method == "POST" and form.is_valid():
            try:
                companies.drop_company(slug=company.slug, confirm=form.cleaned_data["confirm"], by=request.user)
            except ApplicationError as refusal:
                form.add_error(None, str(refusal))
            else:
                self.message_user(request, _("Company %(name)s is gone.") % {"name": company.name}, messages.SUCCESS)
                return redirect(reverse("admin:tenants_company_changelist", current_app=self.admin_site.name))
        return self._page(request, form, title=_("Destroy %(name)s and everything in it") % {"name": company.name}, button=_("Destroy"))

    def _page(self, request: HttpRequest, form: Form, *, title: Any, button: Any) -> HttpResponse:
        if not is_platform_staff(request):
            return redirect(reverse("admin:login", current_app=self.admin_site.name))
        context = {**self.admin_site.each_context(request), "title": title, "button": button, "form": form, "opts": self.opts}
        return TemplateResponse(request, "tenants/company_form.html", context)

    @admin.action(description=_("Suspend"))
    def suspend(self, request: HttpRequest, chosen: QuerySet[Company]) -> None:
        self._move(request, chosen, companies.suspend_company, _("Suspended: %(count)d"))

    @admin.action(description=_("Reactivate"))
    def resume(self, request: HttpRequest, chosen: QuerySet[Company]) -> None:
        self._move(request, chosen, companies.resume_company, _("Reactivated: %(count)d"))

    def _move(self, request: HttpRequest, chosen: QuerySet[Company], verb: Any, words: Any) -> None:
        moved = 0
        for company in chosen:
            try:
                moved += verb(company, by=request.user)
            except ApplicationError as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
        self.message_user(request, words % {"count": moved})


@admin.register(Timer, site=platform_site)
class TimerAdmin(LookOnlyAdmin):
    list_display = ["company_id", "kind", "key", "due_at", "attempts", "parked_at", "error"]
    list_filter = [("parked_at", admin.EmptyFieldListFilter), "kind"]
    actions = ["try_again"]

    @admin.action(description=_("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[Timer]) -> None:
        count = parked.try_timers_again(chosen.values_list("pk", flat=True), by=request.user)
        self.message_user(request, ngettext("%d will be tried again.", "%d will be tried again.", count) % count)


@admin.register(Outbox, site=platform_site)
class OutboxAdmin(LookOnlyAdmin):
    list_display = ["company_id", "name", "reaction", "created_at", "attempts", "done_at", "parked_at", "error"]
    list_filter = [("parked_at", admin.EmptyFieldListFilter), ("done_at", admin.EmptyFieldListFilter), "name"]
    actions = ["try_again"]

    @admin.action(description=_("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[Outbox]) -> None:
        count = parked.try_announcements_again(chosen.values_list("pk", flat=True), by=request.user)
        self.message_user(request, ngettext("%d will be tried again.", "%d will be tried again.", count) % count)


@admin.register(Webhook, site=platform_site)
class WebhookAdmin(LookOnlyAdmin):
    list_display = ["id", "company_id", "connection_id", "provider", "state", "attempts", "received_at", "done_at", "error"]
    list_filter = ["state", "provider"]
    exclude = ["body"]
    show_full_result_count = False


@admin.register(WebhookRoute, site=platform_site)
class WebhookRouteAdmin(LookOnlyAdmin):
    list_display = ["company", "connection_id", "provider", "external_id", "is_enabled", "leased_until", "rotated_at"]
    exclude = ["token", "secrets"]


@admin.register(Rejection, site=platform_site)
class RejectionAdmin(LookOnlyAdmin):
    list_display = ["day", "reason", "count"]
    exclude = ["token"]


@admin.register(Flight, site=platform_site)
class FlightAdmin(LookOnlyAdmin):
    """Search by wamid, our id, or part of an error: received, parsed, applied, pushed, with times."""

    list_display = ["id", "company_id", "connection_id", "direction", "kind", "external_id", "received_at", "pushed_at", "sent_at", "error"]
    list_filter = ["direction", "kind"]
    search_fields = ["=external_id", "=our_id"]
    search_help_text = _("A whole wamid, or our own id of a message")
    ordering = ["-id"]
    show_full_result_count = False
