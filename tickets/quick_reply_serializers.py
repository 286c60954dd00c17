"""The JSON of quick replies, the same in REST and in frames: nothing in it depends on who reads."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from connectors.models import Media
from connectors.serializers import MediaSerializer
from tickets.models import QuickReply
from tickets.serializers import PersonSerializer, TicketQueueSerializer
from tickets.types import FilledReply

# What agents type after the slash: one word.
SHORTCUT = r"^[\w.-]+$"


class QuickReplySerializer(serializers.ModelSerializer[QuickReply]):
    media = MediaSerializer(read_only=True, allow_null=True)
    queue = TicketQueueSerializer(read_only=True, allow_null=True)
    owner = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = QuickReply
        fields = [
            "id",
            "shortcut",
            "title",
            "body",
            "media",
            "scope",
            "queue",
            "owner",
            "usage_count",
            "last_used_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class QuickReplyWriteSerializer(serializers.Serializer[Any]):
    """`body` may hold variables; without one, `media` is needed. `queue` goes with the scope `queue`."""

    shortcut = serializers.RegexField(
        SHORTCUT,
        max_length=32,
        error_messages={"invalid": _("Write one word: letters, digits, hyphens, dots and underscores, without spaces.")},
    )
    title = serializers.CharField(max_length=120)
    body = serializers.CharField(required=False, allow_blank=True, max_length=4096, trim_whitespace=False)
    media = serializers.IntegerField(required=False, allow_null=True, help_text=_("The id of an upload."))
    scope = serializers.ChoiceField(choices=QuickReply.Scope.choices, required=False)
    queue = serializers.IntegerField(required=False, allow_null=True)


class UseQuickReplySerializer(serializers.Serializer[Any]):
    ticket = serializers.IntegerField()


class FilledReplySerializer(serializers.Serializer[FilledReply[Media]]):
    """The text for one conversation. `missing`: variables without a value there; they still stand in the text as `{{name}}`."""

    body = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())
    media = MediaSerializer(allow_null=True)


@cache
def _serializer() -> QuickReplySerializer:
    return QuickReplySerializer()


def quick_reply_json(reply: QuickReply) -> dict[str, Any]:
    return _serializer().to_representation(reply)
