"""The JSON of background work."""

from typing import Any

from rest_framework import serializers

from reports.types import Job, Work


class WorkSerializer(serializers.Serializer[Work]):
    kind = serializers.CharField()
    waiting = serializers.IntegerField()
    in_flight = serializers.IntegerField()
    failed = serializers.IntegerField()
    oldest_at = serializers.DateTimeField(allow_null=True)


class WorksSerializer(serializers.Serializer[Any]):
    results = WorkSerializer(many=True)


class JobSerializer(serializers.Serializer[Job]):
    """`detail` is what the app itself calls the state (a message's delivery, a campaign's or an import's status)."""

    id = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=["waiting", "in_flight", "done", "failed", "unknown"])
    detail = serializers.CharField()
    attempts = serializers.IntegerField()
    error_code = serializers.CharField()
    error_text = serializers.CharField()
    created_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
