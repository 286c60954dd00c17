"""Conversations as a file."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from accounts.services.auditing import record
from tenants.lib.csv_files import csv_answer, delimiter_for
from tickets import exporting, selectors
from tickets.filters import TicketFilter
from tickets.models import Ticket


class TicketExportView(GenericAPIView[Ticket]):
    """The conversations that the filters of the list leave, as CSV."""

    queryset = Ticket.objects.none()
    filterset_class = TicketFilter
    pagination_class = None
    may = {"post": "contact.export"}
    bucket = {"post": "exports"}

    @extend_schema(request=None, responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def post(self, request: Request) -> FileResponse:
        header, rows = exporting.ticket_table(self.filter_queryset(selectors.tickets_visible_to(request.user)))
        record("export.tickets", None, by=request.user, filters=request.query_params.urlencode())
        return csv_answer("tickets.csv", header, rows, delimiter=delimiter_for(request.user.locale))
