"""Who may touch companies themselves."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

ADMIN = "admin"


class IsPlatformStaff(BasePermission):
    """An administrator of the platform's own company. Nobody of any other company, whatever their role."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        company = getattr(request, "company", None)
        return company is not None and company.is_platform and getattr(request.user, "role", "") == ADMIN
