"""Files that people want to send."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from connectors.serializers import MediaSerializer, UploadSerializer
from connectors.services.media import keep_upload, refuse_too_large

FORM_BYTES = 64 * 1024  # what the form around the file may take


class UploadsView(APIView):
    may = {"post": "upload.create"}
    bucket = {"post": "uploads"}
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="uploads_create", request={"multipart/form-data": UploadSerializer}, responses={201: MediaSerializer})
    def post(self, request: Request) -> Response:
        """Keep a file, to be sent by its id. Nothing of a file that is too large is read."""
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
        if announced > settings.UPLOAD_MAX_SIZE + FORM_BYTES:
            refuse_too_large(announced)
        said = UploadSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        file = said.validated_data["file"]
        media = keep_upload(
            file=file.file,
            filename=file.name or "",
            declared_type=file.content_type or "",
            size_bytes=file.size,
            is_voice=said.validated_data["is_voice"],
            by=request.user,
        )
        return Response(MediaSerializer(media).data, status=status.HTTP_201_CREATED)
