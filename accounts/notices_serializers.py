"""Notices as JSON, in REST and in frames."""

from typing import Any

from rest_framework import serializers

from accounts.models import Notice
from accounts.notice_words import text_of, title_of


class NoticeSerializer(serializers.ModelSerializer):
    """`title` and `text` in the reader's language; `path`: the page of the SPA that it is about."""

    title = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = ["id", "kind", "title", "text", "path", "created_at", "read_at"]
        read_only_fields = fields

    def get_title(self, notice: Notice) -> str:
        return title_of(notice.kind, notice.facts)

    def get_text(self, notice: Notice) -> str:
        return text_of(notice.kind, notice.facts)


class ReadNoticesSerializer(serializers.Serializer[Any]):
    """Without `ids`: all of them."""

    ids = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=500)


class UnreadNoticesSerializer(serializers.Serializer[Any]):
    unread = serializers.IntegerField()
