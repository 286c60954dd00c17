"""The platform's admin: companies, plans, and what is parked. Nothing here is registered on a company's own admin.

Companies are made, changed and destroyed by services; the rest may be looked at and tried again.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from tenants import selectors
from tenants.forms import CompanyForm, DropCompanyForm, NewCompanyForm
from tenants.lib.admin import AskingAdmin, CappedPaginator
from tenants.lib.errors import ApplicationError
from tenants.models import Company, Flight, Outbox, Plan, Rejection, Timer, Webhook, WebhookRoute
from tenants.permissions import is_platform_staff
from tenants.platform_site import platform_site
from tenants.services import companies, parked

# By value, not by word: the words change with the language. Each value has a line, or unfold would show the value itself.
WEBHOOK_COLORS = {Webhook.State.NEW: "info", Webhook.State.DONE: "success", Webhook.State.POISON: "danger"}
DIRECTION_COLORS = {Flight.Direction.IN: "info", Flight.Direction.OUT: "success"}
LONGEST_ERROR = 120
LAST_WARNING = _(
    "Its people, customers, conversations, campaigns and files are gone for good, at once; only a backup brings them back. "
    "Type the short name, %(slug)s, to say that you mean it."
)


class PlatformAdmin(AskingAdmin):
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


class CompanyAdmin(PlatformAdmin):
    """Registered by config.admin, which adds what the companies' own schemas say."""

    form = CompanyForm
    list_display = ["name", "schema_name", "plan", "state", "created_at"]
    list_filter = [("state", ChoicesDropdownFilter), ("plan", RelatedDropdownFilter)]
    list_filter_submit = True
    search_fields = ["name", "schema_name"]
    readonly_fields = ["schema_name", "state", "suspended_at", "created_at"]
    actions = ["suspend", "resume"]
    actions_detail = ["suspend_this", "resume_this", "open_recorder"]

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
        return self._page(
            request,
            form,
            title=_("Destroy %(name)s and everything in it") % {"name": company.name},
            button=_("Destroy"),
            words=LAST_WARNING % {"slug": company.slug},
        )

    def _page(self, request: HttpRequest, form: Form, *, title: Any, button: Any, words: Any = "") -> HttpResponse:
        if not is_platform_staff(request):
            return redirect(reverse("admin:login", current_app=self.admin_site.name))
        context = {**self.admin_site.each_context(request), "title": title, "button": button, "form": form, "opts": self.opts}
        context |= {"words": words, "is_dangerous": bool(words)}
        return TemplateResponse(request, "tenants/company_form.html", context)

    @admin.action(description=_("Suspend"))
    def suspend(self, request: HttpRequest, chosen: QuerySet[Company]) -> None:
        self._move(request, chosen, companies.suspend_company, _("Suspended: %(count)d"))

    @admin.action(description=_("Reactivate"))
    def resume(self, request: HttpRequest, chosen: QuerySet[Company]) -> None:
        self._move(request, chosen, companies.resume_company, _("Reactivated: %(count)d"))

    def has_suspend_this_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._is(Company.State.ACTIVE, request, object_id)

    def has_resume_this_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._is(Company.State.SUSPENDED, request, object_id)

    def _is(self, state: str, request: HttpRequest, object_id: str | None) -> bool:
        """Whether the company is in this state, and its doors may be moved at all."""
        company = selectors.companies().filter(pk=object_id).first()
        return is_platform_staff(request) and company is not None and company.state == state and not company.is_platform

    @action(description=_("Suspend"), icon="pause_circle", url_path="suspend", permissions=["suspend_this"])
    def suspend_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        words = _("Its people cannot log in, and nothing is sent. What customers write is kept, and worked off when it is back.")
        company = self.row_or_404(request, object_id)
        return self.after_asking(
            request, company, button=_("Suspend"), words=words, verb=lambda one: companies.suspend_company(one, by=request.user)
        )

    @action(description=_("Reactivate"), icon="play_circle", url_path="resume", permissions=["resume_this"])
    def resume_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        company = self.row_or_404(request, object_id)
        return self.after_asking(request, company, button=_("Reactivate"), verb=lambda one: companies.resume_company(one, by=request.user))

    @action(description=_("Flight recorder"), icon="travel_explore", url_path="recorder")
    def open_recorder(self, request: HttpRequest, object_id: str) -> HttpResponse:
        url = reverse("admin:tenants_flight_changelist", current_app=self.admin_site.name)
        return redirect(f"{url}?company={selectors.company_or_404(object_id).pk}")

    def _move(self, request: HttpRequest, chosen: Iterable[Company], verb: Any, words: Any) -> None:
        moved = 0
        for company in chosen:
            try:
                moved += verb(company, by=request.user)
            except ApplicationError as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
        self.message_user(request, words % {"count": moved})


class CompanyFilter(DropdownFilter):
    """For rows that carry a plain company id."""

    title = _("company")
    parameter_name = "company"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[int, str]]:
        return list(selectors.companies().values_list("pk", "name"))

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        value = str(self.value() or "")
        return rows.filter(company_id=int(value)) if value.isdecimal() else rows


class RowsOfCompaniesAdmin(LookOnlyAdmin):
    """Rows in public, each shown with the name of its company."""

    list_filter_submit = True
    show_full_result_count = False
    list_per_page = 50
    paginator = CappedPaginator

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        names = dict(selectors.companies().values_list("pk", "name"))
        for row in changelist.result_list:
            row.company_name = names.get(row.company_id, "—")
        return changelist

    @display(description=_("company"), ordering="company_id")
    def shown_company(self, row: Any) -> str:
        return row.company_name

    @display(description=_("error"))
    def shown_error(self, row: Any) -> str:
        return Truncator(row.error).chars(LONGEST_ERROR)


class ParkableAdmin(RowsOfCompaniesAdmin):
    """Rows that are parked after too many failures: tried again, or given up for good."""

    try_rows_again: Callable[..., int]
    discard_rows: Callable[..., int]
    actions = ["try_again", "discard"]

    @action(description=_("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        count = type(self).try_rows_again(chosen.values_list("pk", flat=True), by=request.user)
        self.message_user(request, ngettext("%d will be tried again.", "%d will be tried again.", count) % count)

    @action(description=_("Give up for good (only what is parked)"), permissions=["view"])
    def discard(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        count = type(self).discard_rows(chosen.values_list("pk", flat=True), by=request.user)
        self.message_user(request, ngettext("%d was given up.", "%d were given up.", count) % count)


@admin.register(Timer, site=platform_site)
class TimerAdmin(ParkableAdmin):
    try_rows_again = staticmethod(parked.try_timers_again)
    discard_rows = staticmethod(parked.discard_timers)
    list_display = ["shown_company", "kind", "key", "due_at", "attempts", "parked_at", "shown_error"]
    list_display_links = ["kind"]
    list_filter = [CompanyFilter, ("parked_at", admin.EmptyFieldListFilter), "kind"]
    ordering = ["due_at", "id"]


@admin.register(Outbox, site=platform_site)
class OutboxAdmin(ParkableAdmin):
    try_rows_again = staticmethod(parked.try_announcements_again)
    discard_rows = staticmethod(parked.discard_announcements)
    list_display = ["shown_company", "name", "reaction", "created_at", "attempts", "done_at", "parked_at", "shown_error"]
    list_display_links = ["name"]
    list_filter = [CompanyFilter, ("parked_at", admin.EmptyFieldListFilter), ("done_at", admin.EmptyFieldListFilter)]
    ordering = ["-id"]


@admin.register(Webhook, site=platform_site)
class WebhookAdmin(ParkableAdmin):
    try_rows_again = staticmethod(parked.try_webhooks_again)
    discard_rows = staticmethod(parked.discard_webhooks)
    list_display = ["id", "shown_company", "connection_id", "provider", "shown_state", "attempts", "received_at", "done_at", "shown_error"]
    list_filter = [CompanyFilter, ("state", ChoicesDropdownFilter), "provider"]
    exclude = ["body"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        return super().get_queryset(request).defer("body")

    @display(description=_("state"), label=WEBHOOK_COLORS)
    def shown_state(self, webhook: Webhook) -> tuple[int, str]:
        return webhook.state, webhook.get_state_display()


@admin.register(WebhookRoute, site=platform_site)
class WebhookRouteAdmin(LookOnlyAdmin):
    list_display = ["company", "connection_id", "provider", "external_id", "is_enabled", "leased_until", "rotated_at"]
    list_select_related = ["company"]
    list_filter = [("company", RelatedDropdownFilter), "provider", "is_enabled"]
    list_filter_submit = True
    exclude = ["token", "secrets"]
    ordering = ["company__name", "connection_id"]


@admin.register(Rejection, site=platform_site)
class RejectionAdmin(LookOnlyAdmin):
    """Which door was knocked at, as far as the call said a token that we know."""

    list_display = ["day", "reason", "shown_door", "count"]
    list_filter = [("day", RangeDateFilter), "reason"]
    list_filter_submit = True
    exclude = ["token"]
    ordering = ["-day", "-count"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        tokens = {row.token for row in changelist.result_list} - {""}
        routes = WebhookRoute.objects.filter(token__in=tokens).select_related("company")
        doors = {route.token: f"{route.company} · {route.provider} {route.connection_id}" for route in routes}
        for row in changelist.result_list:
            row.door = doors.get(row.token, "—")
        return changelist

    @display(description=_("door"))
    def shown_door(self, row: Any) -> str:
        return row.door


@admin.register(Flight, site=platform_site)
class FlightAdmin(RowsOfCompaniesAdmin):
    """Received, parsed, applied, shown, with times. Choose the company first: then a search is one look into an index."""

    list_display = [
        "id",
        "shown_company",
        "connection_id",
        "shown_direction",
        "kind",
        "external_id",
        "received_at",
        "pushed_at",
        "sent_at",
        "shown_error",
    ]
    list_filter = [CompanyFilter, ("direction", ChoicesDropdownFilter)]
    search_fields = ["=external_id", "=our_id"]
    search_help_text = _("A whole wamid, or our own id of a message")
    ordering = ["-id"]
    fieldsets = [
        (None, {"fields": ["company_id", "connection_id", "direction", "kind", "external_id", "our_id", "webhook_id", "http_status"]}),
        (_("Times"), {"fields": ["received_at", "parsed_at", "applied_at", "pushed_at", "sent_at", "answered_at", "created_at"]}),
        (_("What was said"), {"fields": ["request", "response", "error"]}),
    ]

    @display(description=_("direction"), label=DIRECTION_COLORS)
    def shown_direction(self, flight: Flight) -> tuple[str, str]:
        return flight.direction, flight.get_direction_display()
