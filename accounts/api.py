"""People: who works here, and what each role may do."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts import selectors
from accounts.filters import UserFilter
from accounts.models import Role, User
from accounts.permissions import actions_of
from accounts.presence import presence_now
from accounts.serializers import NewUserSerializer, RoleSerializer, TeammateSerializer, UserChangeSerializer
from accounts.services.users import UserChanges, create_user, deactivate_user, update_user
from tenants.lib.pagination import CursorPage


class UserPage(CursorPage):
    ordering = ("name", "id")


class UserViewSet(ListModelMixin, GenericViewSet):
    serializer_class = TeammateSerializer
    pagination_class = UserPage
    filterset_class = UserFilter
    lookup_value_regex = r"[0-9]{1,19}"
    may = {
        "list": "user.read",
        "retrieve": "user.read",
        "create": "user.manage",
        "partial_update": "user.manage",
        "destroy": "user.manage",
    }

    def get_queryset(self) -> QuerySet[User]:
        return selectors.people_for(self.request.user)

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"presence": presence_now()}

    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(TeammateSerializer(selectors.person_for(request.user, pk)).data)

    @extend_schema(request=NewUserSerializer, responses={201: TeammateSerializer})
    def create(self, request: Request) -> Response:
        given = NewUserSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = create_user(**given.validated_data, by=request.user)
        return Response(TeammateSerializer(selectors.person_for(request.user, user.pk)).data, status=201)

    @extend_schema(request=UserChangeSerializer, responses=TeammateSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        given = UserChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = update_user(selectors.user_for(request.user, pk), changes=UserChanges(**given.validated_data), by=request.user)
        return Response(TeammateSerializer(selectors.person_for(request.user, user.pk)).data)

    @extend_schema(summary="Let somebody go: they cannot log in any more, what they wrote stays.")
    def destroy(self, request: Request, pk: int) -> Response:
        deactivate_user(selectors.user_for(request.user, pk), by=request.user)
        return Response(status=204)


class RolesView(APIView):
    may = {"get": "role.read"}

    @extend_schema(operation_id="roles_list", responses=RoleSerializer(many=True))
    def get(self, request: Request) -> Response:
        roles = [{"role": role.value, "name": role.label, "actions": actions_of(role)} for role in Role]
        return Response(RoleSerializer(roles, many=True).data)
