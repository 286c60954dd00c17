"""Numbers in the company's admin. Credentials are never shown; linking has its page in the SPA."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from accounts.permissions import may
from connectors import selectors
from connectors.models import Connection, Template
from connectors.registry import provider_named
from connectors.services import connections as services
from tenants.lib.admin import ReadOnlyInline, SelectorAdmin

HIDDEN = "••••••••"


class TemplateInline(ReadOnlyInline):
    model = Template
    fields = ["name", "language", "status", "category", "quality", "synced_at"]


@admin.register(Connection)
class ConnectionAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.connections_for)
    may_see = staticmethod(lambda user: may(user, "connection.read"))
    list_display = ["name", "provider", "number", "shown_state", "is_enabled", "last_inbound_at", "last_sent_at"]
    list_filter = [("provider", ChoicesDropdownFilter), ("state", ChoicesDropdownFilter), "is_enabled"]
    search_fields = ["name", "number"]
    fieldsets = [
        (None, {"fields": ["name", "provider", "number", "shown_credentials", "settings"]}),
        (
            _("State"),
            {
                "fields": [
                    "state",
                    "state_reason",
                    "state_changed_at",
                    "is_enabled",
                    "paused_until",
                    "health_rest_until",
                    "health_rest_reason",
                ]
            },
        ),
        (_("Traffic"), {"fields": ["last_inbound_at", "last_sent_at", "facts"]}),
    ]
    readonly_fields = ["shown_credentials"]
    inlines = [TemplateInline]
    actions_detail = ["check_this", "connect_this", "disconnect_this"]
    actions = ["check_chosen", "connect_chosen", "disconnect_chosen", "resume_chosen"]

    @display(description=_("credentials"))
    def shown_credentials(self, connection: Connection) -> str:
        """Secrets only as being there."""
        provider = provider_named(connection.provider)
        shown = {name: HIDDEN if name in provider.secret_fields else value for name, value in connection.credentials.items() if value}
        return ", ".join(f"{name}: {value}" for name, value in shown.items()) or "—"

    @display(
        description=_("state"),
        # By value, not by word: the words change with the language. Each value has a line, or unfold would show the value itself.
        label={
            Connection.State.NEW: "default",
            Connection.State.CONNECTED: "success",
            Connection.State.CONNECTING: "warning",
            Connection.State.PAUSED: "warning",
            Connection.State.CLOSED: "danger",
        },
    )
    def shown_state(self, connection: Connection) -> tuple[str, str]:
        return connection.state, connection.get_state_display()

    def has_connect_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request.user, "connection.manage")

    @action(description=_("Ask the gateway how it is"), permissions=["connect"])
    def check_chosen(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        self.each(request, queryset, lambda connection: services.refresh_status(connection, by=request.user), _("%(count)d asked."))

    @action(description=_("Send again (end the pause)"), permissions=["connect"])
    def resume_chosen(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        self.each(request, queryset, lambda connection: services.resume_sending(connection, by=request.user), _("%(count)d send again."))

    @action(description=_("Connect"), permissions=["connect"])
    def connect_chosen(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        self.each(request, queryset, lambda connection: services.connect(connection, by=request.user), _("%(count)d connected."))

    @action(description=_("Disconnect"), permissions=["connect"])
    def disconnect_chosen(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        self.each(request, queryset, lambda connection: services.disconnect(connection, by=request.user), _("%(count)d disconnected."))

    @action(description=_("Ask the gateway how it is"), icon="network_check", url_path="check", permissions=["connect"])
    def check_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, _("Ask the gateway how it is"), services.refresh_status)

    @action(description=_("Connect"), icon="link", url_path="connect", permissions=["connect"])
    def connect_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, _("Connect"), services.connect)

    @action(description=_("Disconnect"), icon="link_off", url_path="disconnect", permissions=["connect"])
    def disconnect_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, object_id, _("Disconnect"), services.disconnect)

    def _ask(self, request: HttpRequest, object_id: str, button: Any, verb: Callable[..., object]) -> HttpResponse:
        connection = self.row_or_404(request, object_id)
        return self.after_asking(request, connection, button=button, verb=lambda one: verb(one, by=request.user))
