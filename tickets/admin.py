"""Conversations in the company's admin: looked at, closed and retried there; answered in the inbox."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CharField, Form, ModelChoiceField, ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminColorInputWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import User
from accounts.permissions import may
from accounts.selectors import users_for
from connectors.types import Delivery
from tenants.lib.admin import CappedPaginator, ReadOnlyInline, SelectorAdmin
from tickets import selectors
from tickets.models import ConnectionRouting, Message, Queue, QueueMember, QuickReply, Schedule, ScheduleRun, Ticket
from tickets.services import messages as sending
from tickets.services import queues as queue_services
from tickets.services import quick_replies as reply_services
from tickets.services import schedules as schedule_services
from tickets.services import tickets as services

MOST_LISTED = 20
# By value, not by word: the words change with the language. Each value has a line, or unfold would show the value itself.
STATUS_COLORS = {Ticket.Status.PENDING: "warning", Ticket.Status.OPEN: "success", Ticket.Status.CLOSED: "default"}
SCHEDULE_COLORS = {
    Schedule.Status.WAITING: "info",
    Schedule.Status.FINISHED: "success",
    Schedule.Status.CANCELLED: "default",
    Schedule.Status.FAILED: "danger",
}
DELIVERY_COLORS = dict.fromkeys(Delivery, "default") | {Delivery.FAILED: "danger", Delivery.READ: "success", Delivery.UNKNOWN: "warning"}


class MemberInline(ReadOnlyInline):
    model = QueueMember
    fields = ["user"]


class QueueForm(ModelForm):
    people = ModelMultipleChoiceField(
        label=_("Members"),
        queryset=User.objects.filter(is_active=True).order_by("name", "id"),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget,
        help_text=_("Agents see the conversations that wait in their queues."),
    )

    class Meta:
        model = Queue
        fields = ["name", "color", "greeting", "position"]
        widgets = {"color": UnfoldAdminColorInputWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["people"] = [membership.user_id for membership in self.instance.memberships.all()]


class TransferForm(Form):
    queue = ModelChoiceField(label=_("queue"), queryset=Queue.objects.none(), required=False, widget=UnfoldAdminSelectWidget)
    user = ModelChoiceField(label=_("agent"), queryset=User.objects.none(), required=False, widget=UnfoldAdminSelectWidget)
    note = CharField(label=_("note"), required=False, max_length=500, widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queue"].queryset = selectors.queues_for(by)  # type: ignore[attr-defined]
        self.fields["user"].queryset = users_for(by).filter(is_active=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("queue") and not said.get("user"):
            raise ValidationError(_("Say to whom: a person or a queue."), "required")
        return said


@admin.register(Queue)
class QueueAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.queues_for)
    may_see = staticmethod(lambda user: may(user, "queue.read"))
    may_edit = may_delete = staticmethod(lambda user: may(user, "queue.manage"))
    form = QueueForm
    list_display = ["name", "shown_members", "position"]
    search_fields = ["name"]
    fields = ["name", "color", "greeting", "position"]

    def get_fields(self, request: HttpRequest, obj: Queue | None = None) -> list[str]:
        return [*QueueForm.Meta.fields, *(["people"] if self.has_change_permission(request, obj) else [])]

    def get_inlines(self, request: HttpRequest, obj: Queue | None) -> list[type[ReadOnlyInline]]:
        """Whoever may not choose the members sees them all the same."""
        return [] if self.has_change_permission(request, obj) else [MemberInline]

    @display(description=_("members"))
    def shown_members(self, queue: Queue) -> str:
        return ", ".join(membership.user.name for membership in queue.memberships.all()) or "—"

    def save_model(self, request: HttpRequest, obj: Queue, form: QueueForm, change: bool) -> None:
        fields = {field: form.cleaned_data[field] for field in QueueForm.Meta.fields}
        people = list(form.cleaned_data["people"])
        if change:
            queue = selectors.queue_for(request.user, obj.pk)
            queue_services.update_queue(queue, fields=fields, members=people, by=request.user)
            return
        obj.pk = queue_services.create_queue(fields=fields, members=people, by=request.user).pk

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


class ScheduleRunInline(ReadOnlyInline):
    model = ScheduleRun
    fields = ["due_at", "at", "message", "error_text"]
    ordering = ["-id"]
    per_page = 25
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScheduleRun]:
        return super().get_queryset(request).select_related("message")


@admin.register(Schedule)
class ScheduleAdmin(SelectorAdmin):
    """Written in conversations and in the calendar, where files and templates are at hand; looked at, called off and deleted here too."""

    rows_for = staticmethod(selectors.schedules_for)
    may_see = staticmethod(lambda user: may(user, "schedule.read"))
    may_delete = staticmethod(lambda user: may(user, "schedule.write"))
    list_display = ["contact", "said", "shown_status", "due_at", "repeats", "connection", "created_by", "error_text"]
    list_filter = [("status", ChoicesDropdownFilter), ("repeats", ChoicesDropdownFilter), ("connection", RelatedDropdownFilter)]
    search_fields = ["body", "contact__name", "contact__phone"]
    search_help_text = _("Text, contact's name or phone")
    date_hierarchy = "due_at"
    fieldsets = [
        (None, {"fields": ["contact", "connection", "ticket", "body", "media", "template", "variables", "status", "error_text"]}),
        (_("Times"), {"fields": ["first_at", "due_at", "repeats", "every", "weekdays", "ends_on", "most", "count", "last_sent_at"]}),
        (_("Rules"), {"fields": ["cancels_on_reply", "is_marketing", "created_by", "created_at"]}),
    ]
    inlines = [ScheduleRunInline]
    actions_detail = ["call_off_this"]
    actions = ["call_off_chosen"]

    @display(description=_("text"))
    def said(self, schedule: Schedule) -> str:
        return str(schedule)

    @display(description=_("status"), label=SCHEDULE_COLORS)
    def shown_status(self, schedule: Schedule) -> tuple[str, str]:
        return schedule.status, schedule.get_status_display()

    def has_call_off_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request.user, "schedule.write")

    @action(description=_("Call off"), icon="event_busy", url_path="call-off", permissions=["call_off"])
    def call_off_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        schedule = self.row_or_404(request, object_id)
        call_off = partial(schedule_services.cancel_schedule, by=request.user)
        return self.after_asking(request, schedule, button=_("Call off"), verb=call_off)

    @action(description=_("Call off the chosen messages"), permissions=["call_off"])
    def call_off_chosen(self, request: HttpRequest, queryset: QuerySet[Schedule]) -> None:
        call_off = partial(schedule_services.cancel_schedule, by=request.user)
        self.each(request, queryset, call_off, _("%(count)d messages called off."))

    def delete_model(self, request: HttpRequest, obj: Schedule) -> None:
        schedule_services.delete_schedule(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Schedule]) -> None:
        for schedule in queryset:
            schedule_services.delete_schedule(schedule, by=request.user)


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
    search_help_text = _("Protocol, contact's name or phone")
    date_hierarchy = "created_at"
    fieldsets = [
        (None, {"fields": ["protocol", "contact", "status", "queue", "assignee", "connection", "tags", "unread_count"]}),
        (_("Times"), {"fields": ["created_at", "accepted_at", "last_inbound_at", "last_message_at", "closed_at", "closed_by"]}),
    ]
    inlines = [MessageInline]
    actions_detail = ["accept_this", "close_this"]
    actions = ["accept_chosen", "transfer_chosen", "close_chosen"]

    @display(description=_("status"), label=STATUS_COLORS)
    def shown_status(self, ticket: Ticket) -> tuple[str, str]:
        return ticket.status, ticket.get_status_display()

    def has_work_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request.user, "ticket.work")

    def has_transfer_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "ticket.transfer")

    @action(description=_("Take"), icon="front_hand", url_path="take", permissions=["work"])
    def accept_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        ticket = self.row_or_404(request, object_id)
        return self.after_asking(request, ticket, button=_("Take"), verb=lambda one: services.accept(one, by=request.user))

    @action(description=_("Close"), icon="check_circle", url_path="close", permissions=["work"])
    def close_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        ticket = self.row_or_404(request, object_id)
        return self.after_asking(request, ticket, button=_("Close"), verb=lambda one: services.close(one, by=request.user))

    @action(description=_("Take the chosen tickets"), permissions=["work"])
    def accept_chosen(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        self.each(request, queryset, lambda ticket: services.accept(ticket, by=request.user), _("%(count)d tickets are yours now."))

    @action(description=_("Transfer or assign the chosen tickets"), permissions=["transfer"])
    def transfer_chosen(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> TemplateResponse | None:
        """Asks to whom, and then comes back here."""
        form = TransferForm(request.POST if "transfer" in request.POST else None, by=request.user)
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": _("Transfer or assign the chosen tickets"),
                "form": form,
                "tickets": queryset[:MOST_LISTED],
                "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
                "is_across": request.POST.get("select_across", "0"),
                "count": queryset.count(),
                "opts": self.opts,
            }
            return TemplateResponse(request, "tickets/transfer.html", context)
        self.each(
            request,
            queryset,
            lambda ticket: services.transfer(ticket, by=request.user, **form.cleaned_data),
            _("%(count)d tickets transferred."),
        )
        return None

    @action(description=_("Close the chosen tickets"), permissions=["work"])
    def close_chosen(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        self.each(request, queryset, lambda ticket: services.close(ticket, by=request.user), _("%(count)d tickets closed."))


@admin.register(Message)
class MessageAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.messages_visible_to)
    may_see = staticmethod(lambda user: may(user, "message.read"))
    list_display = ["occurred_at", "contact", "direction", "origin", "kind", "body_start", "shown_status", "error_text"]
    paginator = CappedPaginator
    list_filter = [("direction", ChoicesDropdownFilter), ("origin", ChoicesDropdownFilter), ("connection", RelatedDropdownFilter)]
    search_fields = ["external_id", "key", "contact__name", "contact__phone"]
    actions = ["retry_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).select_related("author", "media", "contact")

    @display(description=_("text"))
    def body_start(self, message: Message) -> str:
        return message.body[:80]

    @display(description=_("status"), label=DELIVERY_COLORS)
    def shown_status(self, message: Message) -> tuple[int, str]:
        return message.status, message.get_status_display()

    @action(description=_("Send the chosen failed messages again"))
    def retry_chosen(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        self.each(request, queryset, lambda message: sending.retry_message(message, by=request.user), _("%(count)d messages queued again."))
