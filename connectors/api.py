"""Connections over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from connectors import selectors
from connectors.filters import ConnectionFilter
from connectors.models import Connection
from connectors.serializers import (
    ConnectionChangeSerializer,
    ConnectionHealthSerializer,
    ConnectionSerializer,
    ConnectionWriteSerializer,
    CredentialsTestSerializer,
    CredentialsVerdictSerializer,
    RejectionSerializer,
    WebhookAddressSerializer,
)
from connectors.services import connections as services
from connectors.services.links import webhook_url_of
from connectors.types import ConnectionState


class ConnectionViewSet(viewsets.GenericViewSet[Connection]):
    queryset = Connection.objects.none()
    serializer_class = ConnectionSerializer
    filterset_class = ConnectionFilter
    lookup_value_regex = r"[0-9]{1,19}"
    may = {
        "list": "connection.read",
        "retrieve": "connection.read",
        "create": "connection.manage",
        "update": "connection.manage",
        "partial_update": "connection.manage",
        "destroy": "connection.manage",
        "connect": "connection.manage",
        "disconnect": "connection.manage",
        "status": "connection.read",
        "health": "connection.read",
        "resume": "connection.manage",
        "test": "connection.manage",
        "test_new": "connection.manage",
        "webhook": "connection.manage",
        "rotate_token": "connection.manage",
        "rejections": "connection.manage",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.connections_for(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(ConnectionSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(ConnectionSerializer(selectors.connection_for(request.user, int(pk))).data)

    @extend_schema(request=ConnectionWriteSerializer, responses={201: ConnectionSerializer})
    def create(self, request: Request) -> Response:
        said = ConnectionWriteSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        connection = services.create_connection(**said.validated_data, by=request.user)
        return Response(ConnectionSerializer(connection).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ConnectionChangeSerializer, responses=ConnectionSerializer)
    def update(self, request: Request, pk: str) -> Response:
        connection = selectors.connection_for(request.user, int(pk))
        said = ConnectionChangeSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        connection = services.update_connection(connection, by=request.user, fields=said.validated_data)
        return Response(ConnectionSerializer(connection).data)

    @extend_schema(request=ConnectionChangeSerializer, responses=ConnectionSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        return self.update(request, pk)

    def destroy(self, request: Request, pk: str) -> Response:
        services.delete_connection(selectors.connection_for(request.user, int(pk)), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=ConnectionSerializer)
    @action(detail=True, methods=["post"])
    def connect(self, request: Request, pk: str) -> Response:
        connection = selectors.connection_for(request.user, int(pk))
        return Response(ConnectionSerializer(services.connect(connection, by=request.user)).data)

    @extend_schema(request=None, responses=ConnectionSerializer)
    @action(detail=True, methods=["post"])
    def disconnect(self, request: Request, pk: str) -> Response:
        connection = selectors.connection_for(request.user, int(pk))
        return Response(ConnectionSerializer(services.disconnect(connection, by=request.user)).data)

    @extend_schema(responses=ConnectionSerializer)
    @action(detail=True, methods=["get"])
    def status(self, request: Request, pk: str) -> Response:
        """Asks the gateway now, and keeps what it says."""
        connection = selectors.connection_for(request.user, int(pk))
        return Response(ConnectionSerializer(services.refresh_status(connection, by=request.user)).data)

    @extend_schema(responses=ConnectionHealthSerializer)
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def health(self, request: Request, pk: str) -> Response:
        """How the number is, by what was seen of it."""
        return Response(ConnectionHealthSerializer(selectors.health_of(selectors.connection_for(request.user, int(pk)))).data)

    @extend_schema(request=None, responses=ConnectionSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Ends a pause of sending before its time."""
        connection = selectors.connection_for(request.user, int(pk))
        return Response(ConnectionSerializer(services.resume_sending(connection, by=request.user)).data)

    @extend_schema(request=CredentialsTestSerializer, responses=CredentialsVerdictSerializer)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Whether the gateway takes the stored credentials, with those given here in place of theirs. Changes nothing."""
        return self._try(request, selectors.connection_for(request.user, int(pk)))

    @extend_schema(operation_id="connections_test_new", request=CredentialsTestSerializer, responses=CredentialsVerdictSerializer)
    @action(detail=False, methods=["post"], url_path="test")
    def test_new(self, request: Request) -> Response:
        return self._try(request, None)

    @extend_schema(responses=WebhookAddressSerializer)
    @action(detail=True, methods=["get"])
    def webhook(self, request: Request, pk: str) -> Response:
        """The address to enter at the gateway."""
        return Response({"url": webhook_url_of(selectors.connection_for(request.user, int(pk)))})

    @extend_schema(request=None, responses=WebhookAddressSerializer)
    @action(detail=True, methods=["post"], url_path="rotate-token")
    def rotate_token(self, request: Request, pk: str) -> Response:
        connection = selectors.connection_for(request.user, int(pk))
        return Response({"url": services.rotate_token(connection, by=request.user)})

    @extend_schema(responses=RejectionSerializer(many=True))
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def rejections(self, request: Request, pk: str) -> Response:
        """Calls at the webhook door that were turned away: how many, by day and reason."""
        connection = selectors.connection_for(request.user, int(pk))
        return Response(RejectionSerializer(selectors.rejections_of(connection), many=True).data)

    def _try(self, request: Request, connection: Connection | None) -> Response:
        said = CredentialsTestSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        provider = connection.provider if connection else said.validated_data.get("provider", "")
        state: ConnectionState = services.try_credentials(
            connection=connection,
            provider=provider,
            credentials=said.validated_data["credentials"],
            settings=said.validated_data["settings"],
            by=request.user,
        )
        return Response({"state": state.state.value if state.state else "", "reason": str(state.reason), "facts": dict(state.facts)})
