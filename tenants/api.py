"""`companies/` and `plans/`: for the platform's staff only."""

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ModelViewSet

from tenants import selectors
from tenants.lib.errors import ApplicationError
from tenants.models import Company, Plan
from tenants.permissions import IsPlatformStaff
from tenants.serializers import CompanySerializer, DropSerializer, NewCompanySerializer, PlanSerializer
from tenants.services import companies


class CompanyViewSet(GenericViewSet[Company]):
    queryset = Company.objects.none()
    serializer_class = CompanySerializer
    permission_classes = [IsPlatformStaff]
    lookup_value_regex = r"[0-9]{1,19}"

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(selectors.companies())
        return self.get_paginated_response(CompanySerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(CompanySerializer(selectors.company_or_404(pk)).data)

    @extend_schema(request=NewCompanySerializer, responses={201: CompanySerializer})
    def create(self, request: Request) -> Response:
        asked = NewCompanySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        company = companies.create_company(**asked.validated_data, by=request.user)
        return Response(CompanySerializer(selectors.company_or_404(company.pk)).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        company = selectors.company_or_404(pk)
        asked = CompanySerializer(company, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        wanted = {field: asked.validated_data.get(field, getattr(company, field)) for field in ("name", "plan", "timezone", "locale")}
        companies.change_company(company, **wanted, by=request.user)
        return Response(CompanySerializer(selectors.company_or_404(pk)).data)

    @extend_schema(request=DropSerializer, responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Destroys the company and everything in it: `{"confirm": "<its slug>"}`."""
        company = selectors.company_or_404(pk)
        asked = DropSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        companies.drop_company(slug=company.slug, confirm=asked.validated_data["confirm"], by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=CompanySerializer)
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, pk: str) -> Response:
        companies.suspend_company(selectors.company_or_404(pk), by=request.user)
        return Response(CompanySerializer(selectors.company_or_404(pk)).data)

    @extend_schema(request=None, responses=CompanySerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        companies.resume_company(selectors.company_or_404(pk), by=request.user)
        return Response(CompanySerializer(selectors.company_or_404(pk)).data)


class PlanViewSet(ModelViewSet[Plan]):
    queryset = selectors.plans()
    serializer_class = PlanSerializer
    permission_classes = [IsPlatformStaff]
    lookup_value_regex = r"[0-9]{1,19}"

    def perform_destroy(self, instance: Plan) -> None:
        try:
            instance.delete()
        except ProtectedError as error:
            raise ApplicationError(_("Companies still have this plan."), code="plan_in_use", status=409) from error
