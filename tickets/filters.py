"""What lists of conversations can be narrowed by."""

import django_filters
from django.db.models import Q, QuerySet

from tickets import selectors
from tickets.models import Message, QuickReply, Schedule, Ticket


class TicketFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(choices=Ticket.Status.choices)
    mine = django_filters.BooleanFilter(method="by_mine", label="Assigned to me, or not")
    queue = django_filters.NumberFilter(field_name="queue_id")
    assignee = django_filters.NumberFilter(field_name="assignee_id")
    tag = django_filters.NumberFilter(field_name="tags")
    contact = django_filters.NumberFilter(field_name="contact_id")
    connection = django_filters.NumberFilter(field_name="connection_id")
    unread = django_filters.BooleanFilter(method="by_unread", label="With unread messages")
    search = django_filters.CharFilter(method="by_text", label="Contact's name or phone, protocol, or words of a message")

    class Meta:
        model = Ticket
        fields = ["status", "mine", "queue", "assignee", "tag", "contact", "connection", "unread", "search"]

    def by_mine(self, tickets: QuerySet[Ticket], name: str, value: bool) -> QuerySet[Ticket]:
        return tickets.filter(assignee=self.request.user) if value else tickets.exclude(assignee=self.request.user)

    def by_unread(self, tickets: QuerySet[Ticket], name: str, value: bool) -> QuerySet[Ticket]:
        return tickets.filter(unread_count__gt=0) if value else tickets.filter(unread_count=0)

    def by_text(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        return selectors.tickets_matching(tickets, value)


class MessageFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_text", label="Words of a message in a conversation")
    contact = django_filters.NumberFilter(field_name="contact_id")
    connection = django_filters.NumberFilter(field_name="connection_id")
    ticket = django_filters.NumberFilter(field_name="ticket_id")
    direction = django_filters.ChoiceFilter(choices=Message.Direction.choices)
    external_id = django_filters.CharFilter()

    class Meta:
        model = Message
        fields = ["search", "contact", "connection", "ticket", "direction", "external_id"]

    def by_text(self, messages: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        """Of what was said in conversations: what a campaign says a thousand times over is found in the campaign."""
        return messages.filter(body__icontains=value, ticket__isnull=False)


class QuickReplyFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_text", label="Words of the shortcut, the title or the text")
    scope = django_filters.MultipleChoiceFilter(choices=QuickReply.Scope.choices)
    queue = django_filters.NumberFilter(field_name="queue_id")

    class Meta:
        model = QuickReply
        fields = ["search", "scope", "queue"]

    def by_text(self, replies: QuerySet[QuickReply], name: str, value: str) -> QuerySet[QuickReply]:
        words = value.strip().removeprefix("/")
        return replies.filter(Q(shortcut__icontains=words) | Q(title__icontains=words) | Q(body__icontains=words))


class ScheduleFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(choices=Schedule.Status.choices)
    contact = django_filters.NumberFilter(field_name="contact_id")
    connection = django_filters.NumberFilter(field_name="connection_id")
    ticket = django_filters.NumberFilter(field_name="ticket_id")
    created_by = django_filters.NumberFilter(field_name="created_by_id")
    repeats = django_filters.BooleanFilter(method="by_repeats", label="That come again, or only once")
    search = django_filters.CharFilter(method="by_text", label="Words of the text, or the contact's name or phone")

    class Meta:
        model = Schedule
        fields = ["status", "contact", "connection", "ticket", "created_by", "repeats", "search"]

    def by_repeats(self, schedules: QuerySet[Schedule], name: str, value: bool) -> QuerySet[Schedule]:
        once = {"repeats": Schedule.Repeats.NEVER}
        return schedules.exclude(**once) if value else schedules.filter(**once)

    def by_text(self, schedules: QuerySet[Schedule], name: str, value: str) -> QuerySet[Schedule]:
        words = value.strip()
        return schedules.filter(Q(body__icontains=words) | Q(contact__name__icontains=words) | Q(contact__phone__icontains=words))
