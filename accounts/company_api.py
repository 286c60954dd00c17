"""The company that one works in: everybody may read it, admins may change it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.company_serializers import OwnCompanyChangeSerializer, OwnCompanySerializer
from accounts.services.company_settings import change_own_company
from tenants.lib.tenancy import current_company
from tenants.selectors import company_or_404


class OwnCompanyView(APIView):
    may = {"get": "company.read", "patch": "company.manage"}

    @extend_schema(operation_id="company_own", responses=OwnCompanySerializer)
    def get(self, request: Request) -> Response:
        return self._answer()

    @extend_schema(operation_id="company_own_change", request=OwnCompanyChangeSerializer, responses=OwnCompanySerializer)
    def patch(self, request: Request) -> Response:
        given = OwnCompanyChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        change_own_company(company_or_404(current_company().pk), fields=given.validated_data, by=request.user)
        return self._answer()

    def _answer(self) -> Response:
        return Response(OwnCompanySerializer(company_or_404(current_company().pk)).data)
