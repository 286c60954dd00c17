"""Conversations as a file."""

from django.http import FileResponse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from accounts.services.auditing import record
from tenants.lib.table_files import FILE_PARAMETER, FILES, table_answer
from tickets import exporting, selectors
from tickets.filters import TicketFilter
from tickets.models import Ticket


class TicketExportView(GenericAPIView[Ticket]):
    """The conversations that the filters of the list leave, as CSV or XLSX."""

    queryset = Ticket.objects.none()
    filterset_class = TicketFilter
    pagination_class = None
    may = {"post": "contact.export"}
    bucket = {"post": "exports"}

    @extend_schema(request=None, responses=FILES, parameters=[FILE_PARAMETER])
    def post(self, request: Request) -> FileResponse:
        header, rows = exporting.ticket_table(self.filter_queryset(selectors.tickets_visible_to(request.user)))
        record("export.tickets", None, by=request.user, filters=request.query_params.urlencode())
        kind = request.query_params.get("file", "")
        return table_answer("tickets", header, rows, kind=kind, locale=request.user.locale)
