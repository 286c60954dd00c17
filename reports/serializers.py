"""The JSON of background work."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from reports.selectors.jobs import may_retry
from reports.selectors.kinds import BY_NAME
from reports.types import Job, Mark, Work

STATES = ["waiting", "done", "failed"]


class WorkSerializer(serializers.Serializer[Work]):
    kind = serializers.CharField()
    queue = serializers.CharField()
    waiting = serializers.IntegerField()
    in_flight = serializers.IntegerField()
    failed = serializers.IntegerField()
    oldest_at = serializers.DateTimeField(allow_null=True)


class WorksSerializer(serializers.Serializer[Any]):
    results = WorkSerializer(many=True)
    days = serializers.IntegerField(help_text=_("For how many days finished and failed work is shown."))


class JobSerializer(serializers.Serializer[Job]):
    """`detail` is what the app itself calls the state (a message's delivery, a campaign's or an import's status)."""

    id = serializers.CharField()
    kind = serializers.CharField()
    queue = serializers.CharField()
    state = serializers.ChoiceField(choices=["waiting", "in_flight", "done", "failed", "unknown"])
    detail = serializers.CharField()
    subject = serializers.CharField(help_text=_("Whom or what it is about."))
    path = serializers.CharField(help_text=_("The page that shows it, within the web application; may be empty."))
    reason = serializers.CharField(help_text=_("Why it failed, in words."))
    error_code = serializers.CharField()
    error_text = serializers.CharField()
    attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    can_retry = serializers.SerializerMethodField()

    def get_can_retry(self, job: Job) -> bool:
        """Whether whoever asks may have it tried again, with nothing sent twice."""
        return may_retry(self.context["user"], job)


class JobPageSerializer(serializers.Serializer[Any]):
    results = JobSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class CursorField(serializers.CharField):
    def to_internal_value(self, data: Any) -> Any:
        try:
            return Mark.parsed(super().to_internal_value(data))
        except ValueError as error:
            raise serializers.ValidationError(_("Invalid cursor"), code="invalid") from error


class JobsQuerySerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=STATES, required=False, default="")
    kind = serializers.MultipleChoiceField(choices=list(BY_NAME), required=False)
    cursor = CursorField(required=False, default=None)
    page_size = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        return said | {"kind": said.get("kind") or set(BY_NAME)}
