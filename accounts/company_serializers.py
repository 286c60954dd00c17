"""The JSON of one's own company. `slug` is its short name, which no one changes."""

from django.conf import settings
from rest_framework import serializers

from tenants.models import Company, Plan


class OwnPlanSerializer(serializers.ModelSerializer[Plan]):
    class Meta:
        model = Plan
        fields = ["name", "max_users", "max_connections", "max_queues", "max_contacts"]


class OwnCompanySerializer(serializers.ModelSerializer[Company]):
    slug = serializers.CharField(source="schema_name", read_only=True)
    plan = OwnPlanSerializer(read_only=True, allow_null=True)
    domains: serializers.ManyRelatedField | serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="domain", many=True, read_only=True
    )

    class Meta:
        model = Company
        fields = ["id", "slug", "name", "timezone", "locale", "plan", "domains", "created_at"]
        read_only_fields = fields


class OwnCompanyChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120, required=False)
    timezone = serializers.CharField(max_length=64, required=False)
    locale = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
