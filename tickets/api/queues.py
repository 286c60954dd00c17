"""Queues, their members, and which connection's tickets wait where."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.selectors import users_for
from connectors.selectors import connection_for
from tenants.lib.errors import ApplicationError
from tenants.lib.pagination import CursorPage
from tickets import selectors
from tickets.api.reading import named, valid
from tickets.models import ConnectionRouting, Queue
from tickets.serializers import QueueSerializer, QueueWriteSerializer, RoutingSerializer, RoutingWriteSerializer
from tickets.services import queues


class QueuePage(CursorPage):
    ordering = ("position", "name", "id")


class RoutingPage(CursorPage):
    ordering = "id"


class QueueViewSet(viewsets.GenericViewSet[Queue]):
    queryset = Queue.objects.none()
    serializer_class = QueueSerializer
    pagination_class = QueuePage
    lookup_value_regex = r"[0-9]{1,19}"
    may = {
        "list": "queue.read",
        "retrieve": "queue.read",
        "create": "queue.manage",
        "update": "queue.manage",
        "partial_update": "queue.manage",
        "destroy": "queue.manage",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.queues_for(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(QueueSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(QueueSerializer(selectors.queue_for(request.user, int(pk))).data)

    @extend_schema(request=QueueWriteSerializer, responses={201: QueueSerializer})
    def create(self, request: Request) -> Response:
        said = valid(QueueWriteSerializer, request)
        members = self._members(said.pop("members", []))
        queue = queues.create_queue(fields=said, members=members, by=request.user)
        return Response(QueueSerializer(queue).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=QueueWriteSerializer, responses=QueueSerializer)
    def update(self, request: Request, pk: str) -> Response:
        queue = selectors.queue_for(request.user, int(pk))
        said = valid(QueueWriteSerializer, request)
        return self._update(queue, said)

    @extend_schema(request=QueueWriteSerializer(partial=True), responses=QueueSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        queue = selectors.queue_for(request.user, int(pk))
        said = QueueWriteSerializer(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        return self._update(queue, dict(said.validated_data))

    def destroy(self, request: Request, pk: str) -> Response:
        queues.delete_queue(selectors.queue_for(request.user, int(pk)), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _update(self, queue: Queue, said: dict) -> Response:  # type: ignore[type-arg]
        members = self._members(said.pop("members")) if "members" in said else None
        return Response(QueueSerializer(queues.update_queue(queue, fields=said, members=members, by=self.request.user)).data)

    def _members(self, ids: Sequence[int]) -> Sequence[User]:
        found = tuple(users_for(self.request.user).filter(pk__in=ids, is_active=True))
        if len(found) != len(set(ids)):
            raise ApplicationError(_("There is no such person."), code="does_not_exist", field="members")
        return found


class RoutingViewSet(viewsets.GenericViewSet[ConnectionRouting]):
    queryset = ConnectionRouting.objects.none()
    serializer_class = RoutingSerializer
    pagination_class = RoutingPage
    may = {"list": "queue.read", "create": "queue.manage"}

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.routings_for(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(RoutingSerializer(page, many=True).data)

    @extend_schema(request=RoutingWriteSerializer, responses=RoutingSerializer)
    def create(self, request: Request) -> Response:
        """Says where new tickets of a connection wait; said again, it replaces."""
        said = valid(RoutingWriteSerializer, request)
        connection = named(connection_for, request.user, said["connection"], field="connection")
        queue = named(selectors.queue_for, request.user, said["queue"], field="queue") if said.get("queue") else None
        return Response(RoutingSerializer(queues.route_connection(connection, queue=queue, by=request.user)).data)
