"""Conversations in the company's admin: looked at, closed and retried there; answered in the inbox."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from accounts.permissions import may
from connectors.types import Delivery
from tenants.lib.admin import ReadOnlyInline, SelectorAdmin
from tickets import selectors
from tickets.models import ConnectionRouting, Message, Queue, QueueMember, QuickReply, Ticket
from tickets.services import messages as sending
from tickets.services import queues as queue_services
from tickets.services import quick_replies as reply_services
from tickets.services import tickets as services

# By value, not by word: the words change with the language. Each value has a line, or unfold would show the value itself.
STATUS_COLORS = {Ticket.Status.PENDING: "warning", Ticket.Status.OPEN: "success", Ticket.Status.CLOSED: "default"}
DELIVERY_COLORS = dict.fromkeys(Delivery, "default") | {Delivery.FAILED: "danger", Delivery.READ: "success", Delivery.UNKNOWN: "warning"}


class MemberInline(ReadOnlyInline):
    model = QueueMember
    fields = ["user"]


@admin.register(Queue)
class QueueAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.queues_for)
    may_see = staticmethod(lambda user: may(user, "queue.read"))
    may_edit = may_delete = staticmethod(lambda user: may(user, "queue.manage"))
    list_display = ["name", "color", "position"]
    search_fields = ["name"]
    fields = ["name", "color", "greeting", "position"]
    inlines = [MemberInline]

    def save_model(self, request: HttpRequest, obj: Queue, form, change: bool) -> None:  # type: ignore[no-untyped-def]
        fields = {field: form.cleaned_data[field] for field in self.fields or ()}
        if change:
            queue_services.update_queue(selectors.queue_for(request.user, obj.pk), fields=fields, by=request.user)
            return
        obj.pk = queue_services.create_queue(fields=fields, by=request.user).pk

    def delete_model(self, request: HttpRequest, obj: Queue) -> None:
        queue_services.delete_queue(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Queue]) -> None:
        for queue in queryset:
            queue_services.delete_queue(queue, by=request.user)


@admin.register(ConnectionRouting)
class ConnectionRoutingAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.routings_for)
    may_see = staticmethod(lambda user: may(user, "queue.read"))
    list_display = ["connection", "queue"]


@admin.register(QuickReply)
class QuickReplyAdmin(SelectorAdmin):
    """Written in the settings, where files and variables are at hand; looked at and deleted here too."""

    rows_for = staticmethod(selectors.quick_replies_for)
    may_see = staticmethod(lambda user: may(user, "quick_reply.read"))
    may_delete = staticmethod(lambda user: may(user, "quick_reply.manage"))
    list_display = ["shortcut", "title", "scope", "queue", "owner", "usage_count", "last_used_at"]
    list_filter = [("scope", ChoicesDropdownFilter), ("queue", RelatedDropdownFilter)]
    search_fields = ["shortcut", "title", "body"]

    def delete_model(self, request: HttpRequest, obj: QuickReply) -> None:
        reply_services.delete_quick_reply(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[QuickReply]) -> None:
        for reply in queryset:
            reply_services.delete_quick_reply(reply, by=request.user)


class MessageInline(ReadOnlyInline):
    model = Message
    fk_name = "ticket"
    fields = ["occurred_at", "direction", "author", "kind", "body", "status", "error_text"]
    ordering = ["-id"]
    per_page = 25
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return selectors.messages_visible_to(request.user)


@admin.register(Ticket)
class TicketAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.tickets_visible_to)
    may_see = staticmethod(lambda user: may(user, "ticket.read"))
    list_display = ["protocol", "contact", "shown_status", "queue", "assignee", "connection", "unread_count", "last_message_at"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("queue", RelatedDropdownFilter),
        ("assignee", RelatedDropdownFilter),
        ("connection", RelatedDropdownFilter),
    ]
    search_fields = ["protocol", "contact__name", "contact__phone"]
    date_hierarchy = "created_at"
    exclude = ["last_message"]
    inlines = [MessageInline]
    actions = ["close_chosen"]

    @display(description=_("status"), label=STATUS_COLORS)
    def shown_status(self, ticket: Ticket) -> tuple[str, str]:
        return ticket.status, ticket.get_status_display()

    @action(description=_("Close the chosen tickets"))
    def close_chosen(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        self.each(request, queryset, lambda ticket: services.close(ticket, by=request.user), _("%(count)d tickets closed."))


@admin.register(Message)
class MessageAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.messages_visible_to)
    may_see = staticmethod(lambda user: may(user, "message.read"))
    list_display = ["occurred_at", "contact", "direction", "origin", "kind", "body_start", "shown_status", "error_text"]
    list_select_related = ["contact"]
    list_filter = [("direction", ChoicesDropdownFilter), ("origin", ChoicesDropdownFilter), ("connection", RelatedDropdownFilter)]
    search_fields = ["external_id", "key", "contact__name", "contact__phone"]
    actions = ["retry_chosen"]

    @display(description=_("text"))
    def body_start(self, message: Message) -> str:
        return message.body[:80]

    @display(description=_("status"), label=DELIVERY_COLORS)
    def shown_status(self, message: Message) -> tuple[int, str]:
        return message.status, message.get_status_display()

    @action(description=_("Send the chosen failed messages again"))
    def retry_chosen(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        self.each(request, queryset, lambda message: sending.retry_message(message, by=request.user), _("%(count)d messages queued again."))
