"""Connections as JSON, the same in REST and in frames. Secrets never leave: only which of them are set."""

import dataclasses
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from connectors.models import Connection, Media, Template
from connectors.registry import provider_named
from connectors.types import MessageKind
from tenants.models import Flight, Rejection, Webhook


class CapabilitiesSerializer(serializers.Serializer[Any]):
    """What the gateway can do: drives the composer and campaigns."""

    kinds = serializers.ListField(child=serializers.CharField())
    has_templates = serializers.BooleanField()
    manages_templates = serializers.BooleanField()
    registers_numbers = serializers.BooleanField()
    is_asked = serializers.BooleanField()
    rests_below = serializers.IntegerField()
    writes_carefully = serializers.BooleanField()
    has_service_window = serializers.BooleanField()
    takes_our_id = serializers.BooleanField()
    echoes_our_id = serializers.BooleanField()
    parallel_sends = serializers.IntegerField()
    messages_per_second = serializers.FloatField()
    max_text_length = serializers.IntegerField()
    needs_upload = serializers.BooleanField()
    interactive = serializers.ListField(child=serializers.CharField())
    can_quote = serializers.BooleanField()
    marks_read = serializers.BooleanField()
    shows_typing = serializers.BooleanField()
    tells_typing = serializers.BooleanField()


class ConnectionSerializer(serializers.ModelSerializer[Connection]):
    credentials = serializers.SerializerMethodField()
    secrets_set = serializers.SerializerMethodField()
    capabilities = serializers.SerializerMethodField()
    settings = serializers.DictField(read_only=True)
    facts = serializers.DictField(read_only=True)

    class Meta:
        model = Connection
        fields = [
            "id",
            "name",
            "provider",
            "number",
            "state",
            "state_reason",
            "state_changed_at",
            "is_enabled",
            "paused_until",
            "no_campaigns_until",
            "health_rest_until",
            "health_rest_reason",
            "credentials",
            "secrets_set",
            "settings",
            "facts",
            "capabilities",
            "last_ok_at",
            "silent_since",
            "last_inbound_at",
            "last_sent_at",
            "created_at",
        ]
        read_only_fields = fields

    def get_credentials(self, connection: Connection) -> dict[str, str]:
        provider = provider_named(connection.provider)
        open_fields = [name for name in provider.credential_fields if name not in provider.secret_fields]
        return {name: connection.credentials.get(name, "") for name in open_fields}

    def get_secrets_set(self, connection: Connection) -> dict[str, bool]:
        return {name: bool(connection.credentials.get(name)) for name in provider_named(connection.provider).secret_fields}

    @extend_schema_field(CapabilitiesSerializer)
    def get_capabilities(self, connection: Connection) -> dict[str, Any]:
        capabilities = provider_named(connection.provider).capabilities
        listed = {name: sorted(kind.value for kind in getattr(capabilities, name)) for name in ("kinds", "interactive")}
        return dataclasses.asdict(capabilities) | listed


class ConnectionWriteSerializer(serializers.Serializer[Connection]):
    """An empty secret keeps the one that is stored. Which credentials there are depends on the gateway."""

    name = serializers.CharField(max_length=80)
    provider = serializers.ChoiceField(choices=Connection.ProviderName.choices)
    number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    credentials = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=2000), required=False)
    settings = serializers.DictField(required=False)


class ConnectionChangeSerializer(serializers.Serializer[Connection]):
    name = serializers.CharField(max_length=80, required=False)
    number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    credentials = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=2000), required=False)
    settings = serializers.DictField(required=False)
    is_enabled = serializers.BooleanField(required=False)


class CredentialsTestSerializer(serializers.Serializer[Any]):
    provider = serializers.ChoiceField(choices=Connection.ProviderName.choices, required=False)
    credentials = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=2000), required=False, default=dict)
    settings = serializers.DictField(required=False, default=dict)


class CredentialsVerdictSerializer(serializers.Serializer[Any]):
    state = serializers.CharField()
    reason = serializers.CharField()
    facts = serializers.DictField()


class WebhookAddressSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()


class TemplateSerializer(serializers.ModelSerializer[Template]):
    body = serializers.CharField(read_only=True)
    components = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Template
        fields = ["id", "external_id", "name", "language", "status", "category", "quality", "reason", "body", "components", "synced_at"]
        read_only_fields = fields


class ConnectionHealthSerializer(serializers.Serializer[Any]):
    """How a number is. Counts are of sends in the last hour; `failure_rate` of those that came to an end, null when there were none."""

    last_round_trip_at = serializers.DateTimeField(allow_null=True)
    silent_since = serializers.DateTimeField(allow_null=True)
    sent = serializers.IntegerField()
    failed = serializers.IntegerField()
    throttled = serializers.IntegerField()
    unknown = serializers.IntegerField()
    failure_rate = serializers.FloatField(allow_null=True)
    messages_per_second = serializers.FloatField()
    quality = serializers.CharField(allow_blank=True)
    messaging_limit = serializers.CharField(allow_blank=True)
    restrictions = serializers.ListField(child=serializers.DictField())


class ClockField(serializers.TimeField):
    """A time of day, kept as text: 08:00."""

    def to_internal_value(self, value: Any) -> str:
        return str(super().to_internal_value(value).strftime("%H:%M"))

    def to_representation(self, value: Any) -> str:
        return str(value)


class StepSerializer(serializers.ListField):
    """[day, most]: from this day of the number's life, so many a day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.IntegerField(min_value=0, max_value=1_000_000), min_length=2, max_length=2, **options)


class PacingSerializer(serializers.Serializer[Any]):
    """How fast the number writes first (campaigns, schedules); agents never wait for it. Nothing said: no such rule.

    `gap_…`: seconds between two messages, drawn anew each time; after every `rest_every` messages `rest_…` seconds. `opens`, `closes` and
    `weekdays` (Monday is 0) on the company's clock. `warm_up`: steps [day, most] until `warm_up_days`, counted from `warm_since`.
    `counts_agents`: what agents write uses up the caps too. `rests_below`: the health score (0 to 100) under which the number stops
    writing first for a day; 0: never; null: as its gateway usually does.
    """

    per_hour = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, allow_null=True)
    per_day = serializers.IntegerField(min_value=1, max_value=10_000_000, required=False, allow_null=True)
    gap_min = serializers.FloatField(min_value=0, max_value=3600, required=False, allow_null=True)
    gap_max = serializers.FloatField(min_value=0, max_value=3600, required=False, allow_null=True)
    rest_every = serializers.IntegerField(min_value=0, max_value=100_000, required=False, allow_null=True)
    rest_min = serializers.FloatField(min_value=0, max_value=86_400, required=False, allow_null=True)
    rest_max = serializers.FloatField(min_value=0, max_value=86_400, required=False, allow_null=True)
    opens = ClockField(required=False, allow_null=True)
    closes = ClockField(required=False, allow_null=True)
    weekdays = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=6), required=False, max_length=7)
    warm_up = serializers.ListField(child=StepSerializer(), required=False, max_length=20)
    warm_up_days = serializers.IntegerField(min_value=0, max_value=365, required=False, allow_null=True)
    warm_since = serializers.CharField(read_only=True)
    counts_agents = serializers.BooleanField(required=False)
    rests_below = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)


class TemplateDraftSerializer(serializers.Serializer[Any]):
    """A template to hand in. `components`: as Meta defines them, with examples; `parameter_format`: POSITIONAL or NAMED."""

    name = serializers.CharField(max_length=512, allow_blank=True)
    language = serializers.CharField(max_length=16, allow_blank=True)
    category = serializers.CharField(max_length=24, allow_blank=True)
    components = serializers.ListField(child=serializers.DictField(), max_length=10)
    parameter_format = serializers.CharField(max_length=12, default="POSITIONAL")


class TemplateSampleSerializer(serializers.Serializer[Any]):
    """`upload`: the id of an upload of yours."""

    upload = serializers.IntegerField()


class TemplateHandleSerializer(serializers.Serializer[Any]):
    """What a draft's header names in `example.header_handle`."""

    handle = serializers.CharField()


class MediaSerializer(serializers.ModelSerializer[Media]):
    """A file of a message. `url` and `thumbnail_url` are paths of this API, which lead to signed links."""

    url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()
    error = serializers.CharField(source="error_text", read_only=True)

    class Meta:
        model = Media
        fields = [
            "id",
            "kind",
            "mime_type",
            "size_bytes",
            "filename",
            "width",
            "height",
            "is_voice",
            "is_animated",
            "is_inline",
            "state",
            "error_code",
            "error",
            "url",
            "thumbnail_url",
        ]
        read_only_fields = fields

    def get_url(self, media: Media) -> str:
        return f"media/{media.pk}/"

    def get_thumbnail_url(self, media: Media) -> str | None:
        return f"media/{media.pk}/thumbnail/" if media.thumbnail else None


class FileLinkSerializer(serializers.Serializer[Any]):
    """Where the file is for the next `expires_in` seconds, for elements that cannot send an Authorization header."""

    url = serializers.CharField()
    expires_in = serializers.IntegerField()


class UploadSerializer(serializers.Serializer[Any]):
    """`is_voice`: recorded by the browser; it is sent as a voice note."""

    file = serializers.FileField(allow_empty_file=True)
    is_voice = serializers.BooleanField(default=False)


class RejectionSerializer(serializers.ModelSerializer[Rejection]):
    class Meta:
        model = Rejection
        fields = ["day", "reason", "count"]
        read_only_fields = fields


class FlightSerializer(serializers.ModelSerializer[Flight]):
    connection = serializers.IntegerField(source="connection_id", read_only=True)
    webhook = serializers.IntegerField(source="webhook_id", read_only=True, allow_null=True)

    class Meta:
        model = Flight
        fields = [
            "id",
            "connection",
            "direction",
            "kind",
            "external_id",
            "our_id",
            "webhook",
            "request",
            "response",
            "http_status",
            "error",
            "received_at",
            "parsed_at",
            "applied_at",
            "pushed_at",
            "sent_at",
            "answered_at",
            "created_at",
        ]
        read_only_fields = fields


class FlightWithBodySerializer(FlightSerializer):
    """With the whole call as it came, while it is kept."""

    body = serializers.CharField(read_only=True, allow_null=True)

    class Meta(FlightSerializer.Meta):
        fields = [*FlightSerializer.Meta.fields, "body"]
        read_only_fields = fields


class PoisonSerializer(serializers.ModelSerializer[Webhook]):
    connection = serializers.IntegerField(source="connection_id", read_only=True)
    body = serializers.SerializerMethodField()

    class Meta:
        model = Webhook
        fields = ["id", "connection", "provider", "received_at", "attempts", "error", "body"]
        read_only_fields = fields

    def get_body(self, webhook: Webhook) -> str:
        return bytes(webhook.body).decode(errors="replace")


# --- the simulator's phone --------------------------------------------------------------------------------------------------------


class CustomerSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    name = serializers.CharField()
    last_at_ms = serializers.IntegerField()
    has_written = serializers.BooleanField()


class NewCustomerSerializer(serializers.Serializer[Any]):
    number = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class PhoneEntrySerializer(serializers.Serializer[Any]):
    """What the customer's phone shows. `side`: company or customer; `at`: milliseconds."""

    id = serializers.CharField()
    side = serializers.ChoiceField(choices=["company", "customer"])
    kind = serializers.CharField()
    body = serializers.CharField()
    at = serializers.IntegerField()
    name = serializers.CharField(required=False)
    reply_to = serializers.CharField(required=False)
    target = serializers.CharField(required=False)
    template = serializers.CharField(required=False)
    link = serializers.CharField(required=False)
    file_kind = serializers.CharField(required=False, help_text=_("Of the file above a template's text: image, video or document."))
    filename = serializers.CharField(required=False)
    media = serializers.DictField(required=False)
    payload = serializers.DictField(required=False)


class SaidPlaceSerializer(serializers.Serializer[Any]):
    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    address = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class SaidCardSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=160)
    phone = serializers.CharField(max_length=40)


class SayingSerializer(serializers.Serializer[Any]):
    """What the customer sends. `place` goes with the kind `location`, `cards` with `contacts`, `media` with the kinds of files."""

    body = serializers.CharField(max_length=4096, required=False, allow_blank=True, default="", trim_whitespace=False)
    kind = serializers.CharField(max_length=20, required=False, default="text")
    reply_to = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    target = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    media = serializers.IntegerField(required=False, allow_null=True, default=None, help_text=_("The id of an upload of yours."))
    place = SaidPlaceSerializer(required=False, allow_null=True, default=None)
    cards = serializers.ListField(child=SaidCardSerializer(), required=False, max_length=10, default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kind"] == MessageKind.LOCATION and not attrs["place"]:
            raise serializers.ValidationError({"place": _("Say where.")}, code="required")
        if attrs["kind"] == MessageKind.CONTACTS and not attrs["cards"]:
            raise serializers.ValidationError({"cards": _("Name somebody.")}, code="required")
        return attrs


class FailureOrderSerializer(serializers.Serializer[Any]):
    """The next sends through this simulated number fail in this way."""

    code = serializers.CharField(max_length=40)
    times = serializers.IntegerField(min_value=1, max_value=1000, default=1)
