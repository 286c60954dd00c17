"""Files of contacts over HTTP: in and out."""

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.services.auditing import record
from contacts import exporting, selectors
from contacts.filters import ContactFilter
from contacts.importing import reading, uploads
from contacts.models import Contact, ContactImport
from contacts.serializers import (
    ContactFileSerializer,
    ContactImportSerializer,
    ImportLimitsSerializer,
    ImportPreviewSerializer,
    ImportReasonSerializer,
    PreviewChoicesSerializer,
    StartImportSerializer,
)
from contacts.services import imports as services
from tenants.lib.csv_files import csv_answer, delimiter_for
from tenants.lib.errors import ApplicationError
from tenants.lib.table_files import FILE_PARAMETER, FILES, table_answer

CSV = {(200, "text/csv"): OpenApiTypes.BINARY}


class ContactImportViewSet(viewsets.GenericViewSet[ContactImport]):
    """Upload a CSV or XLSX file, look at it (`preview`), count (`start` with `dry_run`), import (`start`), take it back (`undo`)."""

    queryset = ContactImport.objects.none()
    serializer_class = ContactImportSerializer
    filter_backends = []
    lookup_value_regex = r"[0-9]{1,19}"
    may = dict.fromkeys(
        ("list", "retrieve", "create", "preview", "start", "undo", "result", "reasons", "limits", "example"), "contact.import"
    )
    bucket = dict.fromkeys(("create", "start"), "imports")

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.contact_imports_for(self.request.user)

    def get_parsers(self):  # type: ignore[no-untyped-def]
        """Files come as multipart; the other doors take JSON."""
        is_upload = getattr(self, "action_map", {}).get("post") == "create"
        return [MultiPartParser()] if is_upload else super().get_parsers()

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ContactImportSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(pk)

    @extend_schema(request={"multipart/form-data": ContactFileSerializer}, responses={201: ContactImportSerializer})
    def create(self, request: Request) -> Response:
        """The file, looked at: its columns, and a guess of what they are. 400 says what is wrong with it, 413 that it is too large."""
        uploads.refuse_large(int(request.META.get("CONTENT_LENGTH") or 0))
        said = ContactFileSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        job = uploads.take_upload(said.validated_data["file"], by=request.user)
        return Response(ContactImportSerializer(job).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PreviewChoicesSerializer, responses=ImportPreviewSerializer)
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: str) -> Response:
        """Keep the choices; answer with the first 20 rows as they would be imported. `mapping` without a phone is refused."""
        job = selectors.contact_import_for(request.user, int(pk))
        said = PreviewChoicesSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        choices = dict(said.validated_data)
        for words, ids in (("tags", "tag_ids"), ("lists", "list_ids")):
            if words in choices:
                choices[ids] = [word.pk for word in choices.pop(words)]
        return Response(ImportPreviewSerializer(uploads.preview(job, by=request.user, said=choices)).data)

    @extend_schema(request=StartImportSerializer, responses=ContactImportSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """A worker does it; frames `contactImport` tell how far it is. 409 before a preview, and after a start."""
        job = selectors.contact_import_for(request.user, int(pk))
        said = StartImportSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        services.start_import(job, by=request.user, is_dry_run=said.validated_data["dry_run"])
        return self._answer(pk)

    @extend_schema(request=None, responses=ContactImportSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Contacts that it made are deleted when nothing happened with them since; fields that it wrote get their old values."""
        services.undo_import(selectors.contact_import_for(request.user, int(pk)), by=request.user)
        return self._answer(pk)

    @extend_schema(responses=CSV)
    @action(detail=True, methods=["get"])
    def result(self, request: Request, pk: str) -> FileResponse:
        """A CSV with what came of each row."""
        job = selectors.contact_import_for(request.user, int(pk))
        if not job.result_name:
            raise ApplicationError(_("There is no result yet."), code="no_result", status=409)
        name = f"{job.name.rpartition('.')[0] or job.name}.result.csv"
        return FileResponse(uploads.open_stored(job.result_name), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")

    @extend_schema(responses=ImportReasonSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def reasons(self, request: Request, pk: str) -> Response:
        """Why rows were skipped or refused, counted. Of a dry run too."""
        job = selectors.contact_import_for(request.user, int(pk))
        return Response(ImportReasonSerializer(selectors.reasons_of(job), many=True).data)

    @extend_schema(responses=ImportLimitsSerializer)
    @action(detail=False, methods=["get"])
    def limits(self, request: Request) -> Response:
        """Of a file that can be imported."""
        return Response({"max_size": settings.IMPORT_MAX_SIZE, "max_rows": reading.MOST_ROWS})

    @extend_schema(responses=CSV)
    @action(detail=False, methods=["get"])
    def example(self, request: Request) -> FileResponse:
        """A CSV to fill in: header words that an import understands, the company's own fields too, and two people."""
        header, rows = exporting.example_table()
        name = _("contacts-example")
        return csv_answer(f"{name}.csv", header, rows, delimiter=delimiter_for(request.user.locale))

    def _answer(self, pk: str) -> Response:
        return Response(ContactImportSerializer(selectors.contact_import_for(self.request.user, int(pk))).data)


class ContactExportView(GenericAPIView[Contact]):
    """All contacts that the filters of the list leave, as CSV or XLSX. Its header words are those that an import understands."""

    queryset = Contact.objects.none()
    filterset_class = ContactFilter
    pagination_class = None
    may = {"post": "contact.export"}
    bucket = {"post": "exports"}

    @extend_schema(request=None, responses=FILES, parameters=[FILE_PARAMETER])
    def post(self, request: Request) -> FileResponse:
        contacts = self.filter_queryset(selectors.contacts_for(request.user))
        header, rows = exporting.contact_table(contacts)
        record("export.contacts", None, by=request.user, filters=request.query_params.urlencode())
        kind = request.query_params.get("file", "")
        return table_answer("contacts", header, rows, kind=kind, locale=request.user.locale)
