"""Quick replies over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.models import Media
from tenants.lib.pagination import CursorPage
from tickets import selectors
from tickets.api.reading import named, valid
from tickets.filters import QuickReplyFilter
from tickets.models import QuickReply
from tickets.quick_reply_serializers import (
    FilledReplySerializer,
    QuickReplySerializer,
    QuickReplyWriteSerializer,
    UseQuickReplySerializer,
)
from tickets.services import quick_replies
from tickets.services.quick_replies import Place


class QuickReplyPage(CursorPage):
    ordering = ("shortcut", "id")


class QuickReplyViewSet(viewsets.GenericViewSet[QuickReply]):
    queryset = QuickReply.objects.none()
    serializer_class = QuickReplySerializer
    filterset_class = QuickReplyFilter
    pagination_class = QuickReplyPage
    lookup_value_regex = r"[0-9]{1,19}"
    may = {
        "list": "quick_reply.read",
        "retrieve": "quick_reply.read",
        "create": "quick_reply.write",
        "update": "quick_reply.write",
        "partial_update": "quick_reply.write",
        "destroy": "quick_reply.write",
        "use": "quick_reply.read",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.quick_replies_for(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(QuickReplySerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(QuickReplySerializer(self._reply(pk)).data)

    @extend_schema(request=QuickReplyWriteSerializer, responses={201: QuickReplySerializer})
    def create(self, request: Request) -> Response:
        """Agents write their own (scope `personal`), managers those of the company and of queues too."""
        said = valid(QuickReplyWriteSerializer, request)
        made = quick_replies.create_quick_reply(fields=said, place=self._place(said, None), media=self._media(said, None), by=request.user)
        return Response(QuickReplySerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=QuickReplyWriteSerializer, responses=QuickReplySerializer)
    def update(self, request: Request, pk: str) -> Response:
        return self._update(request, pk, is_partial=False)

    @extend_schema(request=QuickReplyWriteSerializer(partial=True), responses=QuickReplySerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        return self._update(request, pk, is_partial=True)

    def destroy(self, request: Request, pk: str) -> Response:
        quick_replies.delete_quick_reply(self._reply(pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=UseQuickReplySerializer, responses=FilledReplySerializer)
    @action(detail=True, methods=["post"])
    def use(self, request: Request, pk: str) -> Response:
        """The text and file as they go into this conversation. Nothing is sent by it."""
        reply = self._reply(pk)
        ticket = named(selectors.ticket_for, request.user, valid(UseQuickReplySerializer, request)["ticket"], field="ticket")
        return Response(FilledReplySerializer(quick_replies.use_quick_reply(reply, ticket, by=request.user)).data)

    def _update(self, request: Request, pk: str, *, is_partial: bool) -> Response:
        reply = self._reply(pk)
        said = QuickReplyWriteSerializer(data=request.data, partial=is_partial)
        said.is_valid(raise_exception=True)
        fields = dict(said.validated_data)
        media, place = self._media(fields, reply), self._place(fields, reply)
        changed = quick_replies.update_quick_reply(reply, fields=fields, place=place, media=media, by=request.user)
        return Response(QuickReplySerializer(changed).data)

    def _reply(self, pk: str) -> QuickReply:
        return selectors.quick_reply_for(self.request.user, int(pk))

    def _media(self, said: dict[str, Any], reply: QuickReply | None) -> Media | None:
        if "media" not in said:
            return reply.media if reply else None
        return named(selectors.media_for, self.request.user, said["media"], field="media") if said["media"] else None

    def _place(self, said: dict[str, Any], reply: QuickReply | None) -> Place:
        """Where it is to stand; what is not said stays. Without a word, a new one is the person's own."""
        kept = Place(reply.scope, reply.queue) if reply else Place(QuickReply.Scope.PERSONAL)
        queue = named(selectors.queue_for, self.request.user, said["queue"], field="queue") if said.get("queue") else None
        return Place(said.get("scope", kept.scope), queue if "queue" in said else kept.queue)
