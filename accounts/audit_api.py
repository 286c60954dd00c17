"""The audit log over HTTP, for admins: read, filtered, taken along as a file. Nobody writes it here."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts import selectors
from accounts.audit_filters import AuditFilter
from accounts.audit_serializers import AuditChoicesSerializer, AuditEntrySerializer, actor_of, changes_of, sentence_of
from accounts.audit_words import KINDS
from accounts.models import AuditEntry, User
from accounts.services.auditing import record
from tenants.lib.csv_files import csv_answer, delimiter_for


class AuditViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet):
    queryset = AuditEntry.objects.none()
    serializer_class = AuditEntrySerializer
    filterset_class = AuditFilter
    lookup_value_regex = r"[0-9]{1,19}"
    may = {"list": "audit.read", "retrieve": "audit.read"}

    def get_queryset(self) -> QuerySet[AuditEntry]:
        return selectors.audit_entries_for(self.request.user)


class AuditChoicesView(APIView):
    """What the log can be filtered by."""

    may = {"get": "audit.read"}

    @extend_schema(operation_id="audit_log_choices", responses=AuditChoicesSerializer)
    def get(self, request: Request) -> Response:
        kinds = [{"value": value, "name": str(name)} for value, name in KINDS.items()]
        actors = [{"value": str(pk), "name": name} for pk, name in User.objects.order_by("name", "id").values_list("pk", "name")]
        return Response(AuditChoicesSerializer({"kinds": kinds, "actors": actors}).data)


class AuditExportView(GenericAPIView[AuditEntry]):
    """The lines that the filters leave, as CSV."""

    queryset = AuditEntry.objects.none()
    filterset_class = AuditFilter
    pagination_class = None
    may = {"post": "audit.read"}
    bucket = {"post": "exports"}

    @extend_schema(request=None, responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def post(self, request: Request) -> FileResponse:
        entries = self.filter_queryset(selectors.audit_entries_for(request.user))
        record("audit.exported", None, by=request.user, filters=request.query_params.urlencode())
        header = [_("Time"), _("Who"), _("Kind"), _("What happened"), _("Changes"), _("IP address")]
        return csv_answer("audit-log.csv", header, _rows(entries), delimiter=delimiter_for(request.user.locale))


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[list[object]]:
    for entry in entries.iterator(chunk_size=2000):
        yield [
            entry.created_at.isoformat(timespec="seconds"),
            actor_of(entry),
            entry.get_actor_kind_display(),
            sentence_of(entry),
            "; ".join(_change_in_words(change) for change in changes_of(entry)),
            entry.address,
        ]


def _change_in_words(change: dict[str, object]) -> str:
    if change["is_secret"]:
        return _("%(field)s: changed") % {"field": change["label"]}
    return f"{change['label']}: {change['before'] or '—'} → {change['after'] or '—'}"
