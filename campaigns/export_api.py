"""A campaign's recipients as a file."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from accounts.services.auditing import record
from campaigns import exporting, selectors
from campaigns.filters import RecipientFilter
from campaigns.models import Recipient
from tenants.lib.csv_files import csv_answer, delimiter_for


class RecipientExportView(GenericAPIView[Recipient]):
    """The recipients that the filters of their list leave, as CSV."""

    queryset = Recipient.objects.none()
    filterset_class = RecipientFilter
    pagination_class = None
    may = {"post": "campaign.read"}
    bucket = {"post": "exports"}

    @extend_schema(request=None, responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def post(self, request: Request, pk: str) -> FileResponse:
        campaign = selectors.campaign_for(request.user, int(pk))
        header, rows = exporting.recipient_table(self.filter_queryset(selectors.recipients_for(request.user, campaign)))
        record("export.recipients", campaign, by=request.user, filters=request.query_params.urlencode())
        return csv_answer(f"campaign-{campaign.pk}.csv", header, rows, delimiter=delimiter_for(request.user.locale))
