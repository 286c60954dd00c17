"""Invitations, for those who look after the people."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts import selectors
from accounts.models import Invitation
from accounts.serializers import InvitationSerializer, NewInvitationSerializer
from accounts.services.invitations import invite, resend, withdraw


class InvitationViewSet(ListModelMixin, GenericViewSet):
    """Those that are open, newest first: neither used nor withdrawn. They may have expired."""

    serializer_class = InvitationSerializer
    lookup_value_regex = r"[0-9]{1,19}"
    may = {"list": "user.manage", "create": "user.manage", "destroy": "user.manage", "resend": "user.manage"}

    def get_queryset(self) -> QuerySet[Invitation]:
        return selectors.open_invitations()

    @extend_schema(request=NewInvitationSerializer, responses={201: InvitationSerializer})
    def create(self, request: Request) -> Response:
        given = NewInvitationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        invitation = invite(queue_ids=said.pop("queues", ()), **said, by=request.user)
        return Response(InvitationSerializer(selectors.invitation_for(request.user, invitation.pk)).data, status=201)

    @extend_schema(summary="Withdraw it: its link does not open any more.")
    def destroy(self, request: Request, pk: int) -> Response:
        withdraw(selectors.invitation_for(request.user, pk), by=request.user)
        return Response(status=204)

    @extend_schema(request=None, responses=InvitationSerializer, summary="Another e-mail with a new link, good for 72 hours.")
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, pk: int) -> Response:
        resend(selectors.invitation_for(request.user, pk), by=request.user)
        return Response(InvitationSerializer(selectors.invitation_for(request.user, pk)).data)
