"""Conversations over HTTP."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.selectors import user_for
from connectors.selectors import connection_for
from contacts.models import Contact
from contacts.selectors import contact_for, tags_for
from contacts.services.contacts import contact_by_number
from tenants.lib.errors import ApplicationError
from tenants.lib.idempotency import idempotent
from tenants.lib.pagination import CursorPage
from tickets import selectors
from tickets.api.reading import named, said_beyond_text, valid
from tickets.filters import TicketFilter
from tickets.models import Queue, Ticket
from tickets.serializers import (
    CountsSerializer,
    MessageSerializer,
    MessageWriteSerializer,
    NoteSerializer,
    StartSerializer,
    TicketSerializer,
    TicketTagsSerializer,
    TransferSerializer,
)
from tickets.services import messages, tickets

CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR)
PAGE_SIZE = OpenApiParameter("page_size", OpenApiTypes.INT)


class TicketPage(CursorPage):
    ordering = ("-last_message_at", "-id")


class TicketViewSet(viewsets.GenericViewSet[Ticket]):
    queryset = Ticket.objects.none()
    serializer_class = TicketSerializer
    filterset_class = TicketFilter
    pagination_class = TicketPage
    lookup_value_regex = r"[0-9]{1,19}"
    may = {
        "list": "ticket.read",
        "retrieve": "ticket.read",
        "counts": "ticket.read",
        "create": "ticket.start",
        "accept": "ticket.work",
        "close": "ticket.work",
        "reopen": "ticket.work",
        "read": "ticket.work",
        "notes": "ticket.work",
        "tags": "ticket.work",
        "transfer": "ticket.transfer",
        "messages": "message.read",
        "send": "message.send",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.tickets_visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(TicketSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(TicketSerializer(self._ticket(pk)).data)

    @extend_schema(responses=CountsSerializer, filters=False)
    @action(detail=False, pagination_class=None)
    def counts(self, request: Request) -> Response:
        return Response(CountsSerializer(selectors.counts_for(request.user)).data)

    @extend_schema(request=StartSerializer, responses={200: TicketSerializer, 201: TicketSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Start a conversation with a contact, or with a typed number. An open one is returned instead of a second (200)."""
        said = valid(StartSerializer, request)
        connection = named(connection_for, request.user, said["connection"], field="connection")
        queue = named(selectors.queue_for, request.user, said["queue"], field="queue") if said.get("queue") else None
        contact = self._contact_of(said)
        ticket, is_new = tickets.start_conversation(contact=contact, connection=connection, by=request.user, queue=queue)
        return Response(TicketSerializer(ticket).data, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    @extend_schema(request=None, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        return Response(TicketSerializer(tickets.accept(self._ticket(pk), by=request.user)).data)

    @extend_schema(request=TransferSerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def transfer(self, request: Request, pk: str) -> Response:
        ticket = self._ticket(pk)
        said = valid(TransferSerializer, request)
        user: User | None = named(user_for, request.user, said["user"], field="user") if said.get("user") else None
        queue: Queue | None = named(selectors.queue_for, request.user, said["queue"], field="queue") if said.get("queue") else None
        moved = tickets.transfer(ticket, by=request.user, user=user, queue=queue, note=said.get("note", ""))
        return Response(TicketSerializer(moved).data)

    @extend_schema(request=None, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        ticket = self._ticket(pk)
        tickets.close(ticket, by=request.user)
        return Response(TicketSerializer(self._ticket(pk)).data)

    @extend_schema(request=None, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        return Response(TicketSerializer(tickets.reopen(self._ticket(pk), by=request.user)).data)

    @extend_schema(request=None, responses=TicketSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        return Response(TicketSerializer(tickets.mark_read(self._ticket(pk), by=request.user)).data)

    @extend_schema(request=NoteSerializer, responses={201: MessageSerializer})
    @action(detail=True, methods=["post"])
    def notes(self, request: Request, pk: str) -> Response:
        ticket = self._ticket(pk)
        note = tickets.add_note(ticket, body=valid(NoteSerializer, request)["body"], by=request.user)
        return Response(MessageSerializer(note).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=TicketTagsSerializer, responses=TicketSerializer)
    @action(detail=True, methods=["put"])
    def tags(self, request: Request, pk: str) -> Response:
        ticket = self._ticket(pk)
        wanted = valid(TicketTagsSerializer, request)["tags"]
        found = tuple(tags_for(request.user).filter(pk__in=wanted))
        if len(found) != len(set(wanted)):
            raise ApplicationError(_("There is no such tag."), code="does_not_exist", field="tags")
        return Response(TicketSerializer(tickets.set_tags(ticket, tags=found, by=request.user)).data)

    @extend_schema(responses=MessageSerializer(many=True), parameters=[CURSOR, PAGE_SIZE], filters=False)
    @action(detail=True, pagination_class=CursorPage)
    def messages(self, request: Request, pk: str) -> Response:
        """The conversation, newest first, with the campaigns' messages to the contact on the same connection."""
        page = self.paginate_queryset(selectors.messages_of(self._ticket(pk)))
        return self.get_paginated_response(MessageSerializer(page, many=True).data)

    @extend_schema(request=MessageWriteSerializer, responses={201: MessageSerializer})
    @messages.mapping.post
    @idempotent
    def send(self, request: Request, pk: str) -> Response:
        """Send one message. The same `client_key` again answers with the same message."""
        ticket = self._ticket(pk)
        said = valid(MessageWriteSerializer, request)
        message = messages.send_message(
            ticket,
            by=request.user,
            body=said.get("caption") or said.get("body", ""),
            said=said_beyond_text(request.user, said),
            client_key=said.get("client_key", ""),
            reply_to=said.get("reply_to", ""),
        )
        return Response(MessageSerializer(message).data, status=status.HTTP_201_CREATED)

    def _ticket(self, pk: str) -> Ticket:
        return selectors.ticket_for(self.request.user, int(pk))

    def _contact_of(self, said: dict) -> Contact:  # type: ignore[type-arg]
        if said.get("contact"):
            return named(contact_for, self.request.user, said["contact"], field="contact")
        if not said.get("number"):
            raise ApplicationError(_("Choose a contact or type a number."), code="required", field="number")
        return contact_by_number(number=said["number"], name=said.get("name", ""), by=self.request.user)
