"""How lists are narrowed."""

import django_filters
from django.db.models import QuerySet

from connectors import selectors
from connectors.models import Connection
from tenants.models import Flight


class ConnectionFilter(django_filters.FilterSet):
    enabled = django_filters.BooleanFilter(field_name="is_enabled")
    provider = django_filters.ChoiceFilter(choices=Connection.ProviderName.choices)
    state = django_filters.ChoiceFilter(choices=Connection.State.choices)

    class Meta:
        model = Connection
        fields = ["enabled", "provider", "state"]


class FlightFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_id", label="The gateway's id of a message (wamid), or ours")
    connection = django_filters.NumberFilter(field_name="connection_id")
    direction = django_filters.ChoiceFilter(choices=Flight.Direction.choices)
    kind = django_filters.CharFilter()
    webhook = django_filters.NumberFilter(field_name="webhook_id")

    class Meta:
        model = Flight
        fields = ["search", "connection", "direction", "kind", "webhook"]

    def by_id(self, flights: QuerySet[Flight], name: str, value: str) -> QuerySet[Flight]:
        return selectors.flights_about(flights, value.strip())
