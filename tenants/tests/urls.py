"""One page that says where a request ended up."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import re_path

from tenants.lib.tenancy import current_company


def where_am_i(request: HttpRequest) -> JsonResponse:
    assert request.company == current_company()  # type: ignore[attr-defined]
    return JsonResponse({"schema": connection.schema_name, "urlconf": getattr(request, "urlconf", "root")})


urlpatterns = [re_path(".*", where_am_i)]
