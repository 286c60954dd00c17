"""Numbers in the company's admin. Credentials are never shown; linking has its page in the SPA."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.permissions import may
from connectors import selectors
from connectors.models import Connection, Template
from connectors.services import connections as services
from tenants.lib.admin import ReadOnlyInline, SelectorAdmin


class TemplateInline(ReadOnlyInline):
    model = Template
    fields = ["name", "language", "status", "category", "quality", "synced_at"]


@admin.register(Connection)
class ConnectionAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.connections_for)
    may_see = staticmethod(lambda user: may(user, "connection.read"))
    list_display = ["name", "provider", "number", "shown_state", "is_enabled", "last_inbound_at", "last_sent_at"]
    list_filter = ["provider", "state", "is_enabled"]
    search_fields = ["name", "number"]
    fields = ["name", "provider", "number", "state", "state_reason", "state_changed_at", "is_enabled", "paused_until", "facts", "settings"]
    inlines = [TemplateInline]
    actions = ["connect_chosen", "disconnect_chosen"]

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

    def has_connect_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "connection.manage")

    @action(description=_("Connect"), permissions=["connect"])
    def connect_chosen(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        self.each(request, queryset, lambda connection: services.connect(connection, by=request.user), _("%(count)d connected."))

    @action(description=_("Disconnect"), permissions=["connect"])
    def disconnect_chosen(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        self.each(request, queryset, lambda connection: services.disconnect(connection, by=request.user), _("%(count)d disconnected."))
