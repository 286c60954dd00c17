"""Who may touch companies themselves."""

from django.http import HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

ADMIN = "admin"


def is_platform_staff(request: HttpRequest | Request) -> bool:
    """An administrator of the platform's own company. Nobody of any other company, whatever their role."""
    company = getattr(request, "company", None)
    user = request.user
    return company is not None and company.is_platform and getattr(user, "is_active", False) and getattr(user, "role", "") == ADMIN


class IsPlatformStaff(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return is_platform_staff(request)
