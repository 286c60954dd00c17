"""The JSON of conversations, the same in REST and in frames: nothing in it depends on who reads."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.models import User
from connectors.models import Connection, Media
from connectors.registry import provider_named
from connectors.serializers import MediaSerializer
from connectors.types import Delivery
from contacts.models import Contact
from contacts.serializers import TagSerializer
from tickets import selectors
from tickets.interactive_serializers import InteractiveSerializer
from tickets.models import ConnectionRouting, Message, Queue, QueueMember, Ticket
from tickets.types import TicketLook

DELIVERY_WORDS = {step.value: step.name.lower() for step in Delivery}
DELIVERY_VALUES = {word: value for value, word in DELIVERY_WORDS.items()}


class DeliveryField(serializers.ChoiceField):
    """How far a message got, as a word."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=list(DELIVERY_WORDS.values()), **kwargs)

    def to_representation(self, value: int) -> str:
        return DELIVERY_WORDS[value]


class PersonSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "name", "is_api_key"]


class TicketContactSerializer(serializers.ModelSerializer[Contact]):
    display_name = serializers.CharField(read_only=True)

    class Meta:
        model = Contact
        fields = ["id", "name", "phone", "display_name"]


class TicketConnectionSerializer(serializers.ModelSerializer[Connection]):
    class Meta:
        model = Connection
        fields = ["id", "name", "provider"]


class TicketQueueSerializer(serializers.ModelSerializer[Queue]):
    class Meta:
        model = Queue
        fields = ["id", "name", "color"]


class LastMessageSerializer(serializers.ModelSerializer[Message]):
    status = DeliveryField(read_only=True)

    class Meta:
        model = Message
        fields = ["id", "kind", "body", "direction", "status", "occurred_at"]


class TicketSerializer(serializers.ModelSerializer[Ticket]):
    contact = TicketContactSerializer(read_only=True)
    connection = TicketConnectionSerializer(read_only=True)
    queue = TicketQueueSerializer(read_only=True, allow_null=True)
    assignee = PersonSerializer(read_only=True, allow_null=True)
    last_message = LastMessageSerializer(read_only=True, allow_null=True)
    tags = TagSerializer(many=True, read_only=True)
    window_expires_at = serializers.SerializerMethodField()

    class Meta:
        model = Ticket
        fields = [
            "id",
            "protocol",
            "status",
            "contact",
            "connection",
            "queue",
            "assignee",
            "last_message",
            "tags",
            "unread_count",
            "window_expires_at",
            "last_message_at",
            "last_inbound_at",
            "created_at",
            "accepted_at",
            "closed_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_window_expires_at(self, ticket: Ticket) -> str | None:
        expires_at = selectors.window_expires_at(ticket)
        return None if expires_at is None else serializers.DateTimeField().to_representation(expires_at)


class MessageSerializer(serializers.ModelSerializer[Message]):
    ticket = serializers.IntegerField(source="ticket_id", read_only=True, allow_null=True)
    contact = serializers.IntegerField(source="contact_id", read_only=True)
    connection = serializers.IntegerField(source="connection_id", read_only=True)
    author = PersonSerializer(read_only=True, allow_null=True)
    payload = serializers.DictField(read_only=True)
    media = MediaSerializer(read_only=True, allow_null=True)
    status = DeliveryField(read_only=True)
    error_href = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = [
            "id",
            "ticket",
            "contact",
            "connection",
            "direction",
            "origin",
            "author",
            "kind",
            "body",
            "payload",
            "media",
            "reply_to",
            "external_id",
            "client_key",
            "status",
            "error_code",
            "error_text",
            "error_href",
            "occurred_at",
            "sent_at",
            "delivered_at",
            "read_at",
        ]
        read_only_fields = fields

    def get_error_href(self, message: Message) -> str:
        """Where the gateway's maker explains the error; empty when it does not."""
        return provider_named(message.connection.provider).error_page(message.error_code) if message.error_code else ""


class SentMessageSerializer(MessageSerializer):
    """With the id under which `jobs/` tells how far it got."""

    job = serializers.SerializerMethodField()

    class Meta(MessageSerializer.Meta):
        fields = [*MessageSerializer.Meta.fields, "job"]
        read_only_fields = fields

    def get_job(self, message: Message) -> str:
        return f"message-{message.pk}"


class QueueMemberSerializer(serializers.ModelSerializer[QueueMember]):
    id = serializers.IntegerField(source="user.id", read_only=True)
    name = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = QueueMember
        fields = ["id", "name"]


class QueueSerializer(serializers.ModelSerializer[Queue]):
    members = QueueMemberSerializer(source="memberships", many=True, read_only=True)

    class Meta:
        model = Queue
        fields = ["id", "name", "color", "greeting", "position", "members"]
        read_only_fields = fields


class RoutingSerializer(serializers.ModelSerializer[ConnectionRouting]):
    connection = TicketConnectionSerializer(read_only=True)
    queue = TicketQueueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ConnectionRouting
        fields = ["id", "connection", "queue"]


@extend_schema_serializer(component_name="TicketCounts")
class CountsSerializer(serializers.Serializer[dict[str, int]]):
    pending = serializers.IntegerField()
    open = serializers.IntegerField()
    mine = serializers.IntegerField()
    unread = serializers.IntegerField()


# --- what people send ---------------------------------------------------------------------------------------------------------


class TemplateChoiceSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text=_("The template's id here."))
    variables = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)


class LocationSerializer(serializers.Serializer[Any]):
    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    name = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    address = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class ContactCardSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=160)
    phones = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=5)
    company = serializers.CharField(required=False, allow_blank=True, default="", max_length=160)


class ReactionSerializer(serializers.Serializer[Any]):
    emoji = serializers.CharField(allow_blank=True, max_length=16, help_text=_("Empty: take the reaction back."))


class MessageWriteSerializer(serializers.Serializer[Any]):
    """One of `body`, `template`, `media`, `location`, `contacts` and `interactive`; with `media`, `caption` is the text beside it; a
    `template` or an `interactive` message has it as its header."""

    body = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    media = serializers.IntegerField(required=False, allow_null=True, help_text=_("The id of an upload, or of a file seen before."))
    caption = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    kind = serializers.ChoiceField(choices=Media.Kind.choices, required=False, help_text=_("As what the file goes, if not as itself."))
    location = LocationSerializer(required=False, allow_null=True)
    contacts = serializers.ListField(child=ContactCardSerializer(), required=False, max_length=10)
    template = TemplateChoiceSerializer(required=False, allow_null=True)
    interactive = InteractiveSerializer(required=False, allow_null=True)
    client_key = serializers.CharField(required=False, allow_blank=True, max_length=64)
    reply_to = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text=_("The id of the message that is quoted, ours or the gateway's.")
    )


class DirectMessageSerializer(MessageWriteSerializer):
    """To whom, through which connection; and what, as in a conversation."""

    connection = serializers.IntegerField()
    number = serializers.CharField(max_length=40)
    name = serializers.CharField(required=False, allow_blank=True, max_length=160)


@extend_schema_serializer(component_name="StartTicket")
class StartSerializer(serializers.Serializer[Any]):
    connection = serializers.IntegerField()
    contact = serializers.IntegerField(required=False, allow_null=True)
    number = serializers.CharField(required=False, allow_blank=True, max_length=40)
    name = serializers.CharField(required=False, allow_blank=True, max_length=160)
    queue = serializers.IntegerField(required=False, allow_null=True)


class TransferSerializer(serializers.Serializer[Any]):
    user = serializers.IntegerField(required=False, allow_null=True)
    queue = serializers.IntegerField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=4096)


class NoteSerializer(serializers.Serializer[Any]):
    body = serializers.CharField(max_length=4096)


class TicketTagsSerializer(serializers.Serializer[Any]):
    tags = serializers.ListField(child=serializers.IntegerField(), allow_empty=True, help_text=_("Ids; they replace the ticket's tags."))


class QueueWriteSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    color = serializers.RegexField(r"^#[0-9a-fA-F]{6}$", required=False, error_messages={"invalid": _("Write a color like #0b7a5c.")})
    greeting = serializers.CharField(required=False, allow_blank=True, max_length=4096)
    position = serializers.IntegerField(required=False, min_value=0, max_value=32767)
    members = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text=_("Ids of users; they replace the members.")
    )


class QueuesOfPersonSerializer(serializers.Serializer[Any]):
    queues = serializers.ListField(child=serializers.IntegerField(), max_length=200, help_text=_("Ids of all queues of the person."))


class PersonsWorkSerializer(serializers.Serializer[Any]):
    queues = serializers.ListField(child=serializers.IntegerField())
    open_tickets = serializers.IntegerField(help_text=_("Conversations that would wait again if the person left."))


class RoutingWriteSerializer(serializers.Serializer[Any]):
    connection = serializers.IntegerField()
    queue = serializers.IntegerField(required=False, allow_null=True)


# --- for frames ---------------------------------------------------------------------------------------------------------------
# Building a ModelSerializer costs more than using it: frames use one of each.


@cache
def _ticket_serializer() -> TicketSerializer:
    return TicketSerializer()


@cache
def _message_serializer() -> MessageSerializer:
    return MessageSerializer()


@cache
def _contact_serializer() -> TicketContactSerializer:
    return TicketContactSerializer()


@cache
def _queue_serializer() -> QueueSerializer:
    return QueueSerializer()


def ticket_json(ticket: Ticket) -> dict[str, Any]:
    return _ticket_serializer().to_representation(ticket)


def look_of(ticket: dict[str, Any]) -> TicketLook:
    """What the ticket's JSON says of it."""
    queue, assignee, last = ticket["queue"], ticket["assignee"], ticket["last_message"]
    return TicketLook(
        status=ticket["status"],
        queue_id=queue and queue["id"],
        assignee_id=assignee and assignee["id"],
        unread_count=ticket["unread_count"],
        last_message_id=last and last["id"],
        last_status=last and DELIVERY_VALUES[last["status"]],
    )


def message_json(message: Message) -> dict[str, Any]:
    return _message_serializer().to_representation(message)


def contact_json(contact: Contact) -> dict[str, Any]:
    return _contact_serializer().to_representation(contact)


def queue_json(queue: Queue) -> dict[str, Any]:
    return _queue_serializer().to_representation(queue)
