"""The flight recorder and the parked webhooks over HTTP, for managers."""

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from connectors import selectors
from connectors.filters import FlightFilter
from connectors.serializers import FlightSerializer, FlightWithBodySerializer, PoisonSerializer
from connectors.services.poison import replay_webhook
from tenants.models import Flight, Webhook


class FlightViewSet(viewsets.GenericViewSet[Flight]):
    """Every call from and to gateways, newest first, with the time of each step. `?search=` a wamid, or our own id."""

    queryset = Flight.objects.none()
    serializer_class = FlightSerializer
    filterset_class = FlightFilter
    lookup_value_regex = r"[0-9]{1,19}"
    may = {"list": "flight.read", "retrieve": "flight.read"}

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.flights_for(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(FlightSerializer(page, many=True).data)

    @extend_schema(responses=FlightWithBodySerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        flight = selectors.flight_for(request.user, int(pk))
        webhook = selectors.webhook_of(flight)
        flight.body = bytes(webhook.body).decode(errors="replace") if webhook else None  # type: ignore[attr-defined]
        return Response(FlightWithBodySerializer(flight).data)


class PoisonViewSet(viewsets.GenericViewSet[Webhook]):
    """Webhook calls that failed too often and were put aside, so that the others go on."""

    queryset = Webhook.objects.none()
    serializer_class = PoisonSerializer
    filter_backends = []
    lookup_value_regex = r"[0-9]{1,19}"
    may = {"list": "flight.read", "replay": "webhook.replay"}

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.poison_for(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(PoisonSerializer(page, many=True).data)

    @extend_schema(request=None, responses={202: PoisonSerializer})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: str) -> Response:
        """Once more, from the beginning."""
        webhook = selectors.poison_webhook_for(request.user, int(pk))
        return Response(PoisonSerializer(replay_webhook(webhook, by=request.user)).data, status=202)
