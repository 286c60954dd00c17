"""The JSON of campaigns, the same in REST and in frames."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.models import Campaign, Line, Recipient, Variant
from campaigns.selectors import counts_of
from campaigns.types import AudienceCount, SampleLine, Survey
from connectors.models import Connection, Media, Template
from connectors.registry import provider_named
from connectors.serializers import MediaSerializer
from connectors.types import Delivery
from contacts.models import Contact, ContactList, Tag
from contacts.types import OPERATORS
from tenants.lib.company_time import CompanyTimeField
from tenants.lib.pagination import BIGGEST_ID

LONGEST_BODY = 65_536
MOST_VARIANTS = 5
MOST_LINES = 20
MOST_BAD_ROWS = 50


class UploadField(serializers.PrimaryKeyRelatedField[Media]):
    """A file that was uploaded: who writes campaigns may use those of others too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Media.objects.filter(author__isnull=False), **options)


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
    replied = serializers.IntegerField()


class VariantSerializer(serializers.ModelSerializer[Variant]):
    media = MediaSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Variant
        fields = ["body", "media", "weight"]


class ConditionSerializer(serializers.Serializer[Campaign]):
    """What must hold of a contact. `field`: name, email, locale, custom.<key>, or last_inbound_at (within_days, not_within_days)."""

    field = serializers.CharField(max_length=60)
    operator = serializers.ChoiceField(choices=[*OPERATORS, "within_days", "not_within_days"])
    value = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class LineSerializer(serializers.ModelSerializer[Line]):
    """A number that the campaign is sent through. `weight`: its share, beside the others', where `distribution` is weighted.
    `waits_for`: why it sends nothing now (window, hour_cap, day_cap, warm_up, tier, rest, or empty), and until when."""

    connection_name = serializers.CharField(source="connection.name", read_only=True)
    number = serializers.CharField(source="connection.number", read_only=True)

    class Meta:
        model = Line
        fields = ["connection", "connection_name", "number", "weight", "waits_for", "waits_until"]


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    connection_name = serializers.CharField(source="connection.name", read_only=True)
    template_name = serializers.CharField(source="template.name", read_only=True, default="")
    lists = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    tags = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    excluded_tags = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    created_by_name = serializers.CharField(source="created_by.name", read_only=True, default="")
    variants = VariantSerializer(many=True, read_only=True)
    header_media = MediaSerializer(read_only=True, allow_null=True)
    conditions = ConditionSerializer(many=True, read_only=True)
    counts = serializers.SerializerMethodField()
    connections = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = [
            "id",
            "name",
            "status",
            "status_reason",
            "connection",
            "connection_name",
            "connections",
            "distribution",
            "body",
            "variants",
            "template",
            "template_name",
            "variables",
            "header_media",
            "is_for_everybody",
            "lists",
            "tags",
            "has_all_tags",
            "excluded_tags",
            "conditions",
            "starts_at",
            "started_at",
            "finished_at",
            "created_by",
            "created_by_name",
            "created_at",
            "counts",
        ]

    @extend_schema_field(LineSerializer(many=True))
    def get_connections(self, campaign: Campaign) -> list[dict[str, object]]:
        lines = list(campaign.lines.all()) or [Line(campaign=campaign, connection=campaign.connection)]
        return list(LineSerializer(lines, many=True).data)

    @extend_schema_field(CountsSerializer)
    def get_counts(self, campaign: Campaign) -> dict[str, int]:
        return counts_of(campaign)


class InlineRecipientSerializer(serializers.Serializer[Recipient]):
    number = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")
    variables = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=1024), required=False, default=dict)


class VariantWriteSerializer(serializers.Serializer[Variant]):
    """A text, or a file with a text beside it. `weight`: its share of the recipients, beside the others' weights."""

    body = serializers.CharField(max_length=LONGEST_BODY, required=False, allow_blank=True, default="", trim_whitespace=False)
    media = UploadField(required=False, allow_null=True, default=None)
    weight = serializers.IntegerField(min_value=1, max_value=100, required=False, default=1)


class LineWriteSerializer(serializers.Serializer[Line]):
    connection = serializers.PrimaryKeyRelatedField(queryset=Connection.objects.all())
    weight = serializers.IntegerField(min_value=1, max_value=100, required=False, default=1)


class AudienceSerializer(serializers.Serializer[Campaign]):
    """Contacts in any of the lists or with the tags (any of them, or all), or everybody; of these, whoever meets all conditions; without
    those that have an excluded tag."""

    is_for_everybody = serializers.BooleanField(required=False)
    lists = serializers.PrimaryKeyRelatedField(queryset=ContactList.objects.all(), many=True, required=False)
    tags = serializers.PrimaryKeyRelatedField(queryset=Tag.objects.all(), many=True, required=False)
    has_all_tags = serializers.BooleanField(required=False)
    excluded_tags = serializers.PrimaryKeyRelatedField(queryset=Tag.objects.all(), many=True, required=False)
    conditions = ConditionSerializer(many=True, required=False)


class ContentSerializer(AudienceSerializer):
    """`body` alone is one text for all; `variants` (five at most) are shared out between the recipients."""

    connection_may_wait = True  # while the audience is still being chosen
    body = serializers.CharField(max_length=LONGEST_BODY, required=False, allow_blank=True)
    variants = VariantWriteSerializer(many=True, required=False, max_length=MOST_VARIANTS)
    template = serializers.PrimaryKeyRelatedField(queryset=Template.objects.all(), required=False, allow_null=True)
    variables = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=1024),
        required=False,
        help_text=_("A template's variables: {“1”: “{{name|there}}”}"),
    )
    header_media = UploadField(required=False, allow_null=True, help_text=_("The file of a template's header."))
    recipients = InlineRecipientSerializer(many=True, required=False)
    connections = LineWriteSerializer(
        many=True, required=False, max_length=MOST_LINES, help_text=_("Several numbers that share the recipients out between them.")
    )
    distribution = serializers.ChoiceField(choices=Campaign.Distribution.choices, required=False)

    def validate_connections(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        numbers = [line["connection"].pk for line in lines]
        if len(set(numbers)) < len(numbers):
            raise serializers.ValidationError(_("Each connection may be chosen once."), code="duplicate")
        return lines

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        """`connection` is the first of `connections`, and a connection alone is all of them."""
        lines = said.get("connections")
        if lines:
            first = lines[0]["connection"]
            if said.setdefault("connection", first) != first:
                raise serializers.ValidationError({"connection": _("This is not the first of the connections. Say one or the other.")})
        elif said.get("connection") is not None:
            said["connections"] = []
        elif lines is not None or not (self.partial or self.connection_may_wait):
            raise serializers.ValidationError({"connection": _("Choose a connection.")}, code="required")
        return said


class PreviewSerializer(ContentSerializer):
    """Who would get it. With a connection and a text or template, what these ask of recipients is counted too. `campaign`: the draft that
    this is written into; the numbers that were given with it count too, unless there are `recipients`."""

    connection = serializers.PrimaryKeyRelatedField(queryset=Connection.objects.all(), required=False, allow_null=True)
    campaign = serializers.PrimaryKeyRelatedField(queryset=Campaign.objects.all(), required=False, allow_null=True)


class CampaignWriteSerializer(ContentSerializer):
    """What a person may say of a campaign. `recipients` are numbers given here, besides lists and tags; `start` starts it at once.
    A `starts_at` without an offset is the time on the clocks of the company's time zone."""

    connection_may_wait = False
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    connection = serializers.PrimaryKeyRelatedField(queryset=Connection.objects.all(), required=False)
    starts_at = CompanyTimeField(required=False, allow_null=True)
    start = serializers.BooleanField(required=False, default=False)


class StartSerializer(serializers.Serializer[Campaign]):
    """`starts_at`: when, or null for now. Not said: at the campaign's own time, if it has one. Without an offset it is the company's."""

    starts_at = CompanyTimeField(required=False, allow_null=True)


class TestSendSerializer(serializers.Serializer[Campaign]):
    """`number`: where it goes. `contact`: whose values fill it. `variant`: its place, from 0."""

    __test__ = False

    number = serializers.CharField(max_length=40)
    variant = serializers.IntegerField(min_value=0, max_value=MOST_VARIANTS - 1, required=False, default=0)
    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.all(), required=False, allow_null=True, default=None)


class SendAgainSerializer(serializers.Serializer[Campaign]):
    """`what`: those who failed, or of whom nobody knows. `error`: only those with this code; `ids`: only these recipients."""

    what = serializers.ChoiceField(choices=["failed", "unknown"])
    error = serializers.CharField(max_length=40, required=False)
    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, min_length=1, max_length=10_000)


class SentAgainSerializer(serializers.Serializer[Campaign]):
    count = serializers.IntegerField()


class RecipientSerializer(serializers.ModelSerializer[Recipient]):
    """`is_given`: as a number with the campaign itself, with these `variables`. `error_href`: where the gateway's maker explains the
    error; empty when it does not."""

    variables = serializers.DictField(child=serializers.CharField(), read_only=True)
    contact_name = serializers.CharField(source="contact.display_name", read_only=True)
    status = serializers.SerializerMethodField()
    error_href = serializers.SerializerMethodField()

    class Meta:
        model = Recipient
        fields = [
            "id",
            "contact",
            "contact_name",
            "address",
            "variables",
            "is_given",
            "connection",
            "variant",
            "state",
            "status",
            "exclusion",
            "attempts",
            "message_id",
            "external_id",
            "attempted_at",
            "retry_at",
            "sent_at",
            "replied_at",
            "error_code",
            "error_text",
            "error_href",
        ]

    def get_error_href(self, recipient: Recipient) -> str:
        return explained(recipient.connection, recipient.error_code)

    @extend_schema_field(serializers.ChoiceField(choices=[step.name.lower() for step in Delivery]))
    def get_status(self, recipient: Recipient) -> str:
        return Delivery(recipient.status).name.lower()


class VariantCountSerializer(serializers.Serializer[Survey]):
    variant = serializers.IntegerField()
    count = serializers.IntegerField()


class ReasonSerializer(serializers.Serializer[AudienceCount]):
    reason = serializers.ChoiceField(choices=Recipient.Exclusion.choices)
    label = serializers.CharField()
    count = serializers.IntegerField()


class SampleSerializer(serializers.Serializer[SampleLine]):
    """One of those who are meant. `values`: of the variables, by name. `text`: what they would read. `contact`: null for a number that
    nobody has yet; `reason`: why they do not get it, or empty."""

    contact = serializers.IntegerField(source="contact_id", allow_null=True)
    name = serializers.CharField()
    address = serializers.CharField()
    variant = serializers.IntegerField()
    reason = serializers.ChoiceField(choices=Recipient.Exclusion.choices, allow_blank=True)
    values = serializers.SerializerMethodField()
    text = serializers.CharField()

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_values(self, sample: SampleLine) -> dict[str, str]:
        return dict(sample.values)


class PeopleQuestionSerializer(PreviewSerializer):
    """Of a campaign that is being written. `reason`: those alone who are left out for it; empty: those who get it; not said: all. `search`:
    words of the name, or digits of the number. `after`: of the page before."""

    reason = serializers.ChoiceField(choices=Recipient.Exclusion.choices, required=False, allow_blank=True, allow_null=True, default=None)
    search = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    after = serializers.IntegerField(min_value=-BIGGEST_ID, max_value=BIGGEST_ID, required=False, default=0)


class PeopleSerializer(serializers.Serializer[Any]):
    """`after`: for the next page, or null. A page may be short and not be the last."""

    results = SampleSerializer(source="people", many=True)
    after = serializers.IntegerField(allow_null=True)


class PersonQuestionSerializer(PreviewSerializer):
    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.all())


class ProblemSerializer(serializers.Serializer[Campaign]):
    """What keeps the campaign from starting, as its start would say it."""

    attr = serializers.CharField(source="field")
    code = serializers.CharField()
    detail = serializers.CharField(source="message")


class BadRowSerializer(serializers.Serializer[Campaign]):
    place = serializers.IntegerField()
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class SurveySerializer(serializers.Serializer[Survey]):
    """`count` would get it, `excluded` not. `variants`: how many get which. `new_numbers`: given ones that nobody has yet.
    `bad_recipients`: given ones that cannot be used. `seconds`: how long the sending takes, the number's window and caps included."""

    count = serializers.IntegerField(source="counted.count")
    excluded = serializers.IntegerField(source="counted.excluded")
    exclusions = serializers.SerializerMethodField()
    variants = serializers.SerializerMethodField()
    new_numbers = serializers.IntegerField()
    bad_recipients = serializers.SerializerMethodField()
    samples = SampleSerializer(many=True)
    problems = ProblemSerializer(many=True)
    messages_per_second = serializers.FloatField()
    seconds = serializers.FloatField()

    @extend_schema_field(ReasonSerializer(many=True))
    def get_exclusions(self, survey: Survey) -> list[dict[str, object]]:
        return reasons_json(dict(survey.counted.exclusions))

    @extend_schema_field(VariantCountSerializer(many=True))
    def get_variants(self, survey: Survey) -> list[dict[str, int]]:
        return [{"variant": variant, "count": count} for variant, count in sorted(survey.counted.variants.items())]

    @extend_schema_field(BadRowSerializer(many=True))
    def get_bad_recipients(self, survey: Survey) -> list[dict[str, object]]:
        rows = sorted(survey.bad_rows.items())[:MOST_BAD_ROWS]
        return [{"place": place, "field": row.field, "code": row.code, "detail": row.words} for place, row in rows]


def explained(connection: Connection | None, code: str) -> str:
    """The page of the gateway's maker about this error; empty when there is none."""
    return provider_named(connection.provider).error_page(code) if connection is not None and code else ""


def reasons_json(exclusions: dict[str, int]) -> list[dict[str, object]]:
    """Reasons with their words, most frequent first."""
    return [
        {"reason": reason, "label": str(Recipient.Exclusion(reason).label), "count": count}
        for reason, count in sorted(exclusions.items(), key=lambda item: -item[1])
    ]


class NumberHealthSerializer(serializers.Serializer[Any]):
    """Of the number's newest campaign messages of 7 days: how many failed, and how many people did not answer within two hours or more.
    `score`: 100 less what these cost; null while there are too few. Below `rests_below` (0: never) it writes nobody first for a day."""

    score = serializers.IntegerField(allow_null=True)
    attempted = serializers.IntegerField()
    failed = serializers.IntegerField()
    failure_points = serializers.IntegerField()
    answerable = serializers.IntegerField()
    unanswered = serializers.IntegerField()
    silence_points = serializers.IntegerField()
    rests_below = serializers.IntegerField()
    rests_until = serializers.DateTimeField(allow_null=True)
    rest_reason = serializers.CharField()
    counted_since = serializers.DateTimeField(allow_null=True)
