"""Messages by themselves: one send to a number, a search over all that was said, and trying again."""

from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.selectors import connection_for
from contacts.services.contacts import contact_by_number
from tenants.lib.idempotency import idempotent
from tickets import selectors
from tickets.api.reading import named, said_beyond_text, valid
from tickets.filters import MessageFilter
from tickets.models import Message
from tickets.serializers import DirectMessageSerializer, MessageSerializer, ReactionSerializer, SentMessageSerializer
from tickets.services import messages, reactions


class MessageViewSet(viewsets.GenericViewSet[Message]):
    queryset = Message.objects.none()
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    lookup_value_regex = r"[0-9]{1,19}"
    may = {
        "list": "message.read",
        "retrieve": "message.read",
        "create": "message.send",
        "retry": "message.send",
        "react": "message.send",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.messages_visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(MessageSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(MessageSerializer(selectors.message_for(request.user, int(pk))).data)

    @extend_schema(request=DirectMessageSerializer, responses={201: SentMessageSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Send one message to a number, in the contact's open conversation or a new one."""
        said = valid(DirectMessageSerializer, request)
        connection = named(connection_for, request.user, said["connection"], field="connection")
        contact = contact_by_number(number=said["number"], name=said.get("name", ""), by=request.user)
        message = messages.send_to_contact(
            contact=contact,
            connection=connection,
            by=request.user,
            body=said.get("caption") or said.get("body", ""),
            said=said_beyond_text(request.user, said),
            client_key=said.get("client_key", ""),
            reply_to=said.get("reply_to", ""),
        )
        return Response(SentMessageSerializer(message).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def retry(self, request: Request, pk: str) -> Response:
        message = selectors.message_for(request.user, int(pk))
        return Response(MessageSerializer(messages.retry_message(message, by=request.user)).data)

    @extend_schema(request=ReactionSerializer, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def react(self, request: Request, pk: str) -> Response:
        """Put an emoji on a message, or take it back with an empty one. Answers with the message it is about."""
        message = selectors.message_for(request.user, int(pk))
        emoji = valid(ReactionSerializer, request)["emoji"]
        return Response(MessageSerializer(reactions.react(message, emoji=emoji, by=request.user)).data)
