"""A person's own notices over HTTP."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors
from accounts.models import Notice
from accounts.notices_serializers import NoticeSerializer, ReadNoticesSerializer, UnreadNoticesSerializer
from accounts.services.notices import read_notices


class NoticeFilter(django_filters.FilterSet):
    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Notice
        fields = ["unread"]


class NoticeViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Notice]):
    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    may = {"list": "me.read", "unread": "me.read", "read": "me.change"}

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.notices_of(self.request.user)

    @extend_schema(operation_id="notifications_unread", responses=UnreadNoticesSerializer)
    @action(detail=False, methods=["get"], filterset_class=None, pagination_class=None)
    def unread(self, request: Request) -> Response:
        return Response({"unread": selectors.notices_of(request.user).filter(read_at=None).count()})

    @extend_schema(operation_id="notifications_read", request=ReadNoticesSerializer, responses=UnreadNoticesSerializer)
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def read(self, request: Request) -> Response:
        said = ReadNoticesSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        read_notices(request.user, ids=said.validated_data.get("ids"))
        return self.unread(request)
