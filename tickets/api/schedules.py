"""Scheduled messages over HTTP."""

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.models import Media, Template
from connectors.selectors import connection_for, template_for
from contacts.selectors import contact_for
from tenants.lib.idempotency import idempotent
from tenants.lib.pagination import CursorPage
from tenants.lib.tenancy import current_company
from tickets import selectors
from tickets.api.reading import named, valid
from tickets.filters import ScheduleFilter
from tickets.models import Schedule
from tickets.schedule_serializers import (
    CalendarSerializer,
    RangeSerializer,
    ScheduleChangeSerializer,
    ScheduleRunSerializer,
    ScheduleSerializer,
    ScheduleWriteSerializer,
)
from tickets.services import schedules
from tickets.services.schedules import Parts, Place


class SchedulePage(CursorPage):
    ordering = ("-id",)


class ScheduleViewSet(viewsets.GenericViewSet[Schedule]):
    queryset = Schedule.objects.none()
    serializer_class = ScheduleSerializer
    filterset_class = ScheduleFilter
    pagination_class = SchedulePage
    lookup_value_regex = r"[0-9]{1,19}"
    may = {
        "list": "schedule.read",
        "retrieve": "schedule.read",
        "runs": "schedule.read",
        "calendar": "schedule.read",
        "create": "schedule.write",
        "partial_update": "schedule.write",
        "cancel": "schedule.write",
        "destroy": "schedule.write",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.schedules_for(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(ScheduleSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(ScheduleSerializer(self._schedule(pk)).data)

    @extend_schema(request=ScheduleWriteSerializer, responses={201: ScheduleSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """A message for later, in a conversation (`ticket`) or to a `contact` through a `connection`. It opens no conversation."""
        said = valid(ScheduleWriteSerializer, request)
        place = self._place(said)
        parts = self._parts(said, None, connection_id=place.connection.pk)
        made = schedules.create_schedule(place, parts, by=request.user)
        return Response(ScheduleSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ScheduleChangeSerializer(partial=True), responses=ScheduleSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        schedule = self._schedule(pk)
        said = ScheduleChangeSerializer(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        parts = self._parts(dict(said.validated_data), schedule, connection_id=schedule.connection_id)
        return Response(ScheduleSerializer(schedules.update_schedule(schedule, parts, by=request.user)).data)

    @extend_schema(request=None, responses=ScheduleSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return Response(ScheduleSerializer(schedules.cancel_schedule(self._schedule(pk), by=request.user)).data)

    def destroy(self, request: Request, pk: str) -> Response:
        schedules.delete_schedule(self._schedule(pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=ScheduleRunSerializer(many=True), filters=False)
    @action(detail=True)
    def runs(self, request: Request, pk: str) -> Response:
        """Each time that it was due, newest first: the message, or why there is none."""
        page = self.paginate_queryset(selectors.runs_of(self._schedule(pk)))
        return self.get_paginated_response(ScheduleRunSerializer(page, many=True).data)

    @extend_schema(parameters=[RangeSerializer], responses=CalendarSerializer)
    @action(detail=False, pagination_class=None)
    def calendar(self, request: Request) -> Response:
        """What went and what will go in a time of at most 100 days; what repeats stands at each of its times."""
        said = RangeSerializer(data=request.query_params)
        said.is_valid(raise_exception=True)
        zone = ZoneInfo(current_company().timezone)
        schedules_here = self.filter_queryset(self.get_queryset())
        return Response(CalendarSerializer(selectors.calendar_of(schedules_here, **said.validated_data, zone=zone)).data)

    def _schedule(self, pk: str) -> Schedule:
        return selectors.schedule_for(self.request.user, int(pk))

    def _place(self, said: dict[str, Any]) -> Place:
        user = self.request.user
        if said.get("ticket"):
            ticket = named(selectors.ticket_for, user, said["ticket"], field="ticket")
            return Place(ticket.contact, ticket.connection, ticket)
        contact = named(contact_for, user, said["contact"], field="contact")
        return Place(contact, named(connection_for, user, said["connection"], field="connection"))

    def _parts(self, said: dict[str, Any], schedule: Schedule | None, *, connection_id: int) -> Parts:
        """What is not said stays."""
        fields = {name: value for name, value in said.items() if name in schedules.PLAIN_FIELDS}
        if said.get("template"):
            fields["variables"] = said["template"]["variables"]
        return Parts(fields, self._media(said, schedule), self._template(said, schedule, connection_id=connection_id))

    def _media(self, said: dict[str, Any], schedule: Schedule | None) -> Media | None:
        if "media" not in said:
            return schedule.media if schedule else None
        return named(selectors.media_for, self.request.user, said["media"], field="media") if said["media"] else None

    def _template(self, said: dict[str, Any], schedule: Schedule | None, *, connection_id: int) -> Template | None:
        if "template" not in said:
            return schedule.template if schedule else None
        if not said["template"]:
            return None
        return named(lambda user, pk: template_for(user, connection_id, pk), self.request.user, said["template"]["id"], field="template")
