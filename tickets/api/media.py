"""Files of messages over HTTP: who sees the message gets a link to its file, which runs out."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.models import Media
from connectors.serializers import FileLinkSerializer, MediaSerializer
from connectors.services.media import LINK_SECONDS, link_to_file, link_to_thumbnail
from tenants.lib.errors import ApplicationError
from tickets import selectors
from tickets.services import attachments

REDIRECT = {302: OpenApiResponse(description="To a signed link, good for an hour.")}


class MediaViewSet(viewsets.GenericViewSet[Media]):
    queryset = Media.objects.none()
    serializer_class = MediaSerializer
    lookup_value_regex = r"[0-9]{1,19}"
    may = {
        "retrieve": "message.read",
        "thumbnail": "message.read",
        "link": "message.read",
        "retry": "message.read",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.media_visible_to(self.request.user)

    @extend_schema(responses=REDIRECT)
    def retrieve(self, request: Request, pk: str):  # type: ignore[no-untyped-def]
        return redirect(link_to_file(self._ready(pk)))

    @extend_schema(responses=REDIRECT)
    @action(detail=True)
    def thumbnail(self, request: Request, pk: str):  # type: ignore[no-untyped-def]
        media = self._ready(pk)
        if not media.thumbnail:
            raise ApplicationError(_("This file has no small picture."), code="no_thumbnail", status=404)
        return redirect(link_to_thumbnail(media))

    @extend_schema(responses=FileLinkSerializer)
    @action(detail=True)
    def link(self, request: Request, pk: str) -> Response:
        """The signed link itself, for a player that asks for parts of the file."""
        return Response({"url": link_to_file(self._ready(pk)), "expires_in": LINK_SECONDS})

    @extend_schema(request=None, responses=MediaSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Fetch once more what could not be fetched from the gateway."""
        media = attachments.retry(selectors.media_for(request.user, int(pk)), by=request.user)
        return Response(MediaSerializer(media).data)

    def _ready(self, pk: str) -> Media:
        media = selectors.media_for(self.request.user, int(pk))
        if media.state == Media.State.FAILED:
            raise ApplicationError(media.error_text or _("This file could not be fetched."), code="media_failed", status=409)
        if media.state != Media.State.READY:
            raise ApplicationError(_("This file is not here yet."), code="media_not_ready", status=409)
        return media
