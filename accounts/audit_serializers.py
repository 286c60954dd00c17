"""The JSON of the audit log: sentences and words in the reader's language, made when it is read."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.audit_words import DEEDS, NOBODY, YES_NO
from accounts.models import AuditEntry


class AuditActorSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=AuditEntry.ActorKind.choices)
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()


class AuditObjectSerializer(serializers.Serializer):
    kind = serializers.CharField()
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()


class AuditChangeSerializer(serializers.Serializer):
    field = serializers.CharField()
    label = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    is_secret = serializers.BooleanField()


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    actor = serializers.SerializerMethodField()
    object = serializers.SerializerMethodField()
    sentence = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()

    class Meta:
        model = AuditEntry
        fields = ["id", "created_at", "actor", "action", "sentence", "object", "changes", "facts", "address"]
        read_only_fields = fields

    @extend_schema_field(AuditActorSerializer)
    def get_actor(self, entry: AuditEntry) -> dict[str, Any]:
        return AuditActorSerializer({"kind": entry.actor_kind, "id": entry.actor_id, "name": actor_of(entry)}).data

    @extend_schema_field(AuditObjectSerializer)
    def get_object(self, entry: AuditEntry) -> dict[str, Any]:
        return AuditObjectSerializer({"kind": entry.object_kind, "id": entry.object_id, "name": entry.object_name}).data

    def get_sentence(self, entry: AuditEntry) -> str:
        return sentence_of(entry)

    @extend_schema_field(AuditChangeSerializer(many=True))
    def get_changes(self, entry: AuditEntry) -> list[dict[str, Any]]:
        return list(AuditChangeSerializer(changes_of(entry), many=True).data)


class AuditChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    name = serializers.CharField()


class AuditChoicesSerializer(serializers.Serializer):
    kinds = AuditChoiceSerializer(many=True)
    actors = AuditChoiceSerializer(many=True)


def actor_of(entry: AuditEntry) -> str:
    return entry.actor_name or str(NOBODY.get(entry.actor_kind, ""))


def sentence_of(entry: AuditEntry) -> str:
    """What happened, in one sentence. A deed that a later release does not know any more is named as it was."""
    words = DEEDS.get(entry.action)
    if words is None:
        return f"{actor_of(entry)}: {entry.action} {entry.object_name}".strip()
    facts = {name: _translated(value) if name == "kind" else value for name, value in entry.facts.items()}
    return str(words) % _Known({**facts, "who": actor_of(entry), "what": entry.object_name})


def changes_of(entry: AuditEntry) -> list[dict[str, Any]]:
    return [
        {
            **change,
            "label": _translated(change["label"]),
            "before": _value(change["before"], is_word=change["is_word"]),
            "after": _value(change["after"], is_word=change["is_word"]),
        }
        for change in entry.changes
    ]


def _translated(word: str) -> str:
    """A word of ours that was recorded in English."""
    return gettext(word)


def _value(value: str | None, *, is_word: bool) -> str | None:
    if value is None or not is_word:
        return value
    return str(YES_NO[value]) if value in YES_NO else _translated(value)


class _Known(dict[str, Any]):
    """A fact that an entry was recorded without leaves its place empty."""

    def __missing__(self, key: str) -> str:
        return "…"
