"""The JSON of scheduled messages, the same in REST and in frames: nothing in it depends on who reads."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from connectors.models import Template
from connectors.serializers import MediaSerializer
from tenants.lib.company_time import CompanyTimeField
from tickets.models import Schedule, ScheduleRun
from tickets.serializers import (
    MessageSerializer,
    PersonSerializer,
    TemplateChoiceSerializer,
    TicketConnectionSerializer,
    TicketContactSerializer,
)
from tickets.types import Calendar, Occurrence

LONGEST_BODY = 4096


class ScheduleTemplateSerializer(serializers.ModelSerializer[Template]):
    class Meta:
        model = Template
        fields = ["id", "name", "language", "body"]


class ScheduleSerializer(serializers.ModelSerializer[Schedule]):
    contact = TicketContactSerializer(read_only=True)
    connection = TicketConnectionSerializer(read_only=True)
    ticket = serializers.IntegerField(source="ticket_id", read_only=True, allow_null=True)
    media = MediaSerializer(read_only=True, allow_null=True)
    template = ScheduleTemplateSerializer(read_only=True, allow_null=True)
    variables = serializers.DictField(read_only=True)
    weekdays = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    created_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Schedule
        fields = [
            "id",
            "contact",
            "connection",
            "ticket",
            "body",
            "media",
            "template",
            "variables",
            "first_at",
            "due_at",
            "repeats",
            "every",
            "weekdays",
            "ends_on",
            "most",
            "count",
            "cancels_on_reply",
            "is_marketing",
            "status",
            "error_code",
            "error_text",
            "last_sent_at",
            "created_by",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class ScheduleChangeSerializer(serializers.Serializer[Any]):
    body = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_BODY, help_text=_("May hold variables: {{first_name|there}}.")
    )
    media = serializers.IntegerField(required=False, allow_null=True, help_text=_("The id of an upload."))
    template = TemplateChoiceSerializer(required=False, allow_null=True)
    first_at = CompanyTimeField(help_text=_("When it goes the first time. Without an offset it is the company's time."))
    repeats = serializers.ChoiceField(choices=Schedule.Repeats.choices, required=False)
    every = serializers.IntegerField(required=False, min_value=1, max_value=99)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, max_length=7, help_text=_("0 is Monday.")
    )
    ends_on = serializers.DateField(required=False, allow_null=True)
    most = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=9999)
    cancels_on_reply = serializers.BooleanField(required=False)
    is_marketing = serializers.BooleanField(required=False)

    def validate_weekdays(self, days: list[int]) -> list[int]:
        return sorted(set(days))


class ScheduleWriteSerializer(ScheduleChangeSerializer):
    """Either `ticket`, or `contact` and `connection`."""

    ticket = serializers.IntegerField(required=False, allow_null=True)
    contact = serializers.IntegerField(required=False, allow_null=True)
    connection = serializers.IntegerField(required=False, allow_null=True)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if not said.get("ticket"):
            missing = {name: _("Say which.") for name in ("contact", "connection") if not said.get(name)}
            if missing:
                raise serializers.ValidationError(missing, code="required")
        return said


class RangeSerializer(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if said["end"] <= said["start"]:
            raise serializers.ValidationError({"end": _("The end is before the start.")}, code="invalid")
        if (said["end"] - said["start"]).days > 100:
            raise serializers.ValidationError({"end": _("Ask for 100 days at most.")}, code="too_long")
        return said


class ScheduleRunSerializer(serializers.ModelSerializer[ScheduleRun]):
    message = MessageSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ScheduleRun
        fields = ["id", "due_at", "at", "message", "error_code", "error_text"]
        read_only_fields = fields


class OccurrenceSerializer(serializers.Serializer[Occurrence[Schedule]]):
    """One time at which a schedule goes, went, or should have gone."""

    at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=["waiting", "sent", "failed"])
    error_text = serializers.CharField()
    schedule = ScheduleSerializer()


class CalendarSerializer(serializers.Serializer[Calendar[Schedule]]):
    occurrences = OccurrenceSerializer(many=True)
    is_complete = serializers.BooleanField(help_text=_("False when there is more than is shown: ask for a shorter time."))


@cache
def _serializer() -> ScheduleSerializer:
    return ScheduleSerializer()


def schedule_json(schedule: Schedule) -> dict[str, Any]:
    return _serializer().to_representation(schedule)
