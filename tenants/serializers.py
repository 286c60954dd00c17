"""JSON of companies and plans. `slug` is the short name: schema and host."""

from django.core.validators import validate_email
from rest_framework import serializers

from tenants.models import Company, Plan


class PlanSerializer(serializers.ModelSerializer):
    features = serializers.ListField(child=serializers.CharField(max_length=60), required=False)

    class Meta:
        model = Plan
        fields = ["id", "name", "max_users", "max_connections", "max_queues", "max_contacts", "features"]


class CompanySerializer(serializers.ModelSerializer):
    slug = serializers.CharField(source="schema_name", read_only=True)
    domains: serializers.ManyRelatedField | serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="domain", many=True, read_only=True
    )

    class Meta:
        model = Company
        fields = ["id", "slug", "name", "plan", "timezone", "locale", "state", "suspended_at", "created_at", "domains"]
        read_only_fields = ["state", "suspended_at", "created_at"]


class NewCompanySerializer(serializers.Serializer):
    slug = serializers.CharField(max_length=41)
    name = serializers.CharField(max_length=120)
    admin_email = serializers.CharField(max_length=254, validators=[validate_email])
    admin_name = serializers.CharField(max_length=120, required=False, default="")
    admin_password = serializers.CharField(max_length=128, min_length=8, write_only=True)
    plan = serializers.PrimaryKeyRelatedField(queryset=Plan.objects.all(), required=False, allow_null=True, default=None)
    timezone = serializers.CharField(max_length=64, required=False, default="UTC")
    locale = serializers.CharField(max_length=10, required=False, default="en")


class DropSerializer(serializers.Serializer):
    confirm = serializers.CharField()
