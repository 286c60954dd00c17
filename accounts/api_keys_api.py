"""Keys for programs: made by admins, shown once, revoked at any time."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts import selectors
from accounts.api_keys_serializers import (
    ApiKeyChangeSerializer,
    ApiKeySerializer,
    NewApiKeySerializer,
    ScopeSerializer,
    ShownApiKeySerializer,
)
from accounts.models import ApiKey
from accounts.permissions import ACTIONS, ADMIN, SCOPES
from accounts.services.api_keys import change_api_key, create_api_key, revoke_api_key


class ApiKeyViewSet(ListModelMixin, GenericViewSet):
    queryset = ApiKey.objects.none()
    serializer_class = ApiKeySerializer
    filter_backends = []
    lookup_value_regex = r"[0-9]{1,19}"
    may = dict.fromkeys(("list", "retrieve", "create", "partial_update", "destroy", "scopes"), "api_key.manage")

    def get_queryset(self) -> QuerySet[ApiKey]:
        return selectors.api_keys_for(self.request.user)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(pk)

    @extend_schema(request=NewApiKeySerializer, responses={201: ShownApiKeySerializer})
    def create(self, request: Request) -> Response:
        """The answer holds `key`: it is shown this once, and only its digest is kept."""
        given = NewApiKeySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        key, text = create_api_key(**given.validated_data, by=request.user)
        return Response({**ApiKeySerializer(selectors.api_key_for(request.user, key.pk)).data, "key": text}, status=201)

    @extend_schema(request=ApiKeyChangeSerializer, responses=ApiKeySerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        given = ApiKeyChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        change_api_key(selectors.api_key_for(request.user, int(pk)), **given.validated_data, by=request.user)
        return self._answer(pk)

    @extend_schema(summary="Revoke the key: it opens nothing from now on. It stays in the list.")
    def destroy(self, request: Request, pk: str) -> Response:
        revoke_api_key(selectors.api_key_for(request.user, int(pk)), by=request.user)
        return Response(status=204)

    @extend_schema(responses=ScopeSerializer(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def scopes(self, request: Request) -> Response:
        """What a key can be given, by resource."""
        rows = [
            {"scope": scope, "resource": scope.partition(".")[0], "verb": scope.partition(".")[2], "is_admin_only": ACTIONS[scope] == ADMIN}
            for scope in SCOPES
        ]
        return Response(ScopeSerializer(rows, many=True).data)

    def _answer(self, pk: str) -> Response:
        return Response(ApiKeySerializer(selectors.api_key_for(self.request.user, int(pk))).data)
