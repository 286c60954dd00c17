"""The JSON of campaigns, the same in REST and in frames."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.models import Campaign, Recipient
from campaigns.types import COUNTERS, AudienceCount
from connectors.models import Connection, Template
from connectors.types import Delivery
from contacts.models import ContactList, Tag

LONGEST_BODY = 65_536


class CountsSerializer(serializers.Serializer[Campaign]):
    """`total` is everybody who was meant; queued, sent, failed, unknown, excluded and cancelled add up to it."""

    total = serializers.IntegerField()
    queued = serializers.IntegerField()
    sent = serializers.IntegerField()
    delivered = serializers.IntegerField()
    read = serializers.IntegerField()
    failed = serializers.IntegerField()
    unknown = serializers.IntegerField()
    excluded = serializers.IntegerField()
    cancelled = serializers.IntegerField()


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    connection_name = serializers.CharField(source="connection.name", read_only=True)
    template_name = serializers.CharField(source="template.name", read_only=True, default="")
    lists = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    tags = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    excluded_tags = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    created_by_name = serializers.CharField(source="created_by.name", read_only=True, default="")
    counts = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = [
            "id",
            "name",
            "status",
            "status_reason",
            "connection",
            "connection_name",
            "body",
            "template",
            "template_name",
            "variables",
            "lists",
            "tags",
            "excluded_tags",
            "starts_at",
            "started_at",
            "finished_at",
            "created_by",
            "created_by_name",
            "created_at",
            "counts",
        ]

    @extend_schema_field(CountsSerializer)
    def get_counts(self, campaign: Campaign) -> dict[str, int]:
        counts = {name: int(getattr(campaign, f"count_{name}")) for name in COUNTERS}
        return {"total": sum(counts[name] for name in COUNTERS[:6])} | counts


class InlineRecipientSerializer(serializers.Serializer[Recipient]):
    number = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")
    variables = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=1024), required=False, default=dict)


class AudienceSerializer(serializers.Serializer[Campaign]):
    """Contacts in any of the lists or with any of the tags, without those that have an excluded tag."""

    lists = serializers.PrimaryKeyRelatedField(queryset=ContactList.objects.all(), many=True, required=False)
    tags = serializers.PrimaryKeyRelatedField(queryset=Tag.objects.all(), many=True, required=False)
    excluded_tags = serializers.PrimaryKeyRelatedField(queryset=Tag.objects.all(), many=True, required=False)


class PreviewSerializer(AudienceSerializer):
    """Who would get it. With a connection and a text or template, what these ask of recipients is counted too."""

    connection = serializers.PrimaryKeyRelatedField(queryset=Connection.objects.all(), required=False, allow_null=True)
    body = serializers.CharField(max_length=LONGEST_BODY, required=False, allow_blank=True)
    template = serializers.PrimaryKeyRelatedField(queryset=Template.objects.all(), required=False, allow_null=True)
    variables = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=1024), required=False)


class CampaignWriteSerializer(AudienceSerializer):
    """What a person may say of a campaign. `recipients` are numbers given here, besides lists and tags; `start` starts it at once."""

    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    connection = serializers.PrimaryKeyRelatedField(queryset=Connection.objects.all())
    body = serializers.CharField(max_length=LONGEST_BODY, required=False, allow_blank=True)
    template = serializers.PrimaryKeyRelatedField(queryset=Template.objects.all(), required=False, allow_null=True)
    variables = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=1024),
        required=False,
        help_text=_("A template's variables: {“1”: “{{name|there}}”}"),
    )
    starts_at = serializers.DateTimeField(required=False, allow_null=True)
    recipients = InlineRecipientSerializer(many=True, required=False)
    start = serializers.BooleanField(required=False, default=False)


class StartSerializer(serializers.Serializer[Campaign]):
    """`starts_at`: when, or null for now. Not said: at the campaign's own time, if it has one."""

    starts_at = serializers.DateTimeField(required=False, allow_null=True)


class RecipientSerializer(serializers.ModelSerializer[Recipient]):
    contact_name = serializers.CharField(source="contact.display_name", read_only=True)
    status = serializers.SerializerMethodField()

    class Meta:
        model = Recipient
        fields = [
            "id",
            "contact",
            "contact_name",
            "address",
            "state",
            "status",
            "exclusion",
            "attempts",
            "message_id",
            "external_id",
            "attempted_at",
            "retry_at",
            "sent_at",
            "error_code",
            "error_text",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=[step.name.lower() for step in Delivery]))
    def get_status(self, recipient: Recipient) -> str:
        return Delivery(recipient.status).name.lower()


class ReasonSerializer(serializers.Serializer[AudienceCount]):
    reason = serializers.ChoiceField(choices=Recipient.Exclusion.choices)
    label = serializers.CharField()
    count = serializers.IntegerField()


class AudienceCountSerializer(serializers.Serializer[AudienceCount]):
    count = serializers.IntegerField()
    excluded = serializers.IntegerField()
    exclusions = ReasonSerializer(many=True)


class FailureSerializer(serializers.Serializer[Recipient]):
    code = serializers.CharField()
    text = serializers.CharField()
    count = serializers.IntegerField()


class StatsSerializer(serializers.Serializer[Campaign]):
    counts = CountsSerializer()
    exclusions = ReasonSerializer(many=True)
    failures = FailureSerializer(many=True)


def reasons_json(exclusions: dict[str, int]) -> list[dict[str, object]]:
    """Reasons with their words, most frequent first."""
    return [
        {"reason": reason, "label": str(Recipient.Exclusion(reason).label), "count": count}
        for reason, count in sorted(exclusions.items(), key=lambda item: -item[1])
    ]
