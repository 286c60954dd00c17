"""The JSON of API keys. The key itself is only in the answer that made it."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import ApiKey
from accounts.services.api_keys import LONGEST_NAME
from tenants.lib.clock import now


class ApiKeySerializer(serializers.ModelSerializer[ApiKey]):
    name = serializers.CharField(source="user.name", read_only=True)
    created_by = serializers.CharField(source="created_by.name", read_only=True, allow_null=True, default=None)
    revoked_by = serializers.CharField(source="revoked_by.name", read_only=True, allow_null=True, default=None)
    scopes = serializers.ListField(child=serializers.CharField(), read_only=True)
    state = serializers.SerializerMethodField()
    user_id = serializers.IntegerField(read_only=True, help_text=_("Whom messages and deeds of the key belong to."))

    class Meta:
        model = ApiKey
        fields = [
            "id",
            "user_id",
            "name",
            "prefix",
            "scopes",
            "state",
            "created_at",
            "created_by",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "revoked_by",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "string", "enum": ["active", "expired", "revoked"]})
    def get_state(self, key: ApiKey) -> str:
        if key.revoked_at is not None:
            return "revoked"
        return "expired" if key.expires_at is not None and key.expires_at <= now() else "active"


class ShownApiKeySerializer(ApiKeySerializer):
    key = serializers.CharField(read_only=True, help_text=_("Shown this once."))

    class Meta(ApiKeySerializer.Meta):
        fields = [*ApiKeySerializer.Meta.fields, "key"]
        read_only_fields = fields


class NewApiKeySerializer(serializers.Serializer):
    name = serializers.CharField(max_length=LONGEST_NAME)
    scopes = serializers.ListField(child=serializers.CharField(max_length=60), allow_empty=False, max_length=200)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None, help_text=_("Empty: until it is revoked."))


class ApiKeyChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    scopes = serializers.ListField(child=serializers.CharField(max_length=60), allow_empty=False, max_length=200, required=False)


class ScopeSerializer(serializers.Serializer):
    scope = serializers.CharField()
    resource = serializers.CharField()
    verb = serializers.CharField()
    is_admin_only = serializers.BooleanField(help_text=_("Among people only admins may do it."))
