"""A campaign's recipients as a file."""

from django.http import FileResponse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from accounts.services.auditing import record
from campaigns import exporting, selectors
from campaigns.filters import RecipientFilter
from campaigns.models import Recipient
from tenants.lib.table_files import FILE_PARAMETER, FILES, table_answer


class RecipientExportView(GenericAPIView[Recipient]):
    """The recipients that the filters of their list leave, as CSV or XLSX."""

    queryset = Recipient.objects.none()
    filterset_class = RecipientFilter
    pagination_class = None
    may = {"post": "campaign.read"}
    bucket = {"post": "exports"}

    @extend_schema(request=None, responses=FILES, parameters=[FILE_PARAMETER])
    def post(self, request: Request, pk: str) -> FileResponse:
        campaign = selectors.campaign_for(request.user, int(pk))
        header, rows = exporting.recipient_table(self.filter_queryset(selectors.recipients_for(request.user, campaign)))
        record("export.recipients", campaign, by=request.user, filters=request.query_params.urlencode())
        kind = request.query_params.get("file", "")
        return table_answer(f"campaign-{campaign.pk}", header, rows, kind=kind, locale=request.user.locale)
