"""Which lines of the audit log somebody looks for."""

import django_filters
from django.db.models import QuerySet

from accounts.audit_words import KINDS
from accounts.models import AuditEntry


class AuditFilter(django_filters.FilterSet):
    actor = django_filters.NumberFilter(field_name="actor_id")
    actor_kind = django_filters.ChoiceFilter(choices=AuditEntry.ActorKind.choices)
    kind = django_filters.ChoiceFilter(choices=list(KINDS.items()), method="of_kind")
    action = django_filters.CharFilter()
    object_kind = django_filters.CharFilter()
    object_id = django_filters.NumberFilter()
    since = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def of_kind(self, entries: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        return entries.filter(action__startswith=f"{value}.")
