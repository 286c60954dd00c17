"""The few pages that belong to no app: the SPA's shell and health."""

import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django_vite.core.exceptions import DjangoViteAssetNotFoundError
from redis.exceptions import RedisError

from config import security
from connectors.services.registering import host_of_sign_up
from tenants.lib import valkey
from tenants.lib.errors import error_body

log = structlog.get_logger(__name__)


@never_cache
def spa(request: HttpRequest) -> HttpResponse:
    """The one HTML page of the SPA; its router takes over from here."""
    try:
        response = render(request, "spa/index.html", {"nonce": request.csp_nonce})  # type: ignore[attr-defined]
    except DjangoViteAssetNotFoundError:
        return HttpResponse("The app's pages are not built: `make run` builds them, or `npm ci && npm run build` in frontend/.", status=503)
    response.policy = security.APP  # type: ignore[attr-defined]
    return response


def back_from_meta(request: HttpRequest) -> HttpResponse:
    """Meta knows one address of ours; whoever began at another host goes on there."""
    host = host_of_sign_up(request.GET.get("state", ""))
    if host and host != request.get_host():
        return redirect(f"{request.scheme}://{host}{request.get_full_path()}")
    return spa(request)


def home(request: HttpRequest) -> HttpResponse:
    return redirect("/app/")


@never_cache
@csrf_exempt
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when everything we need answers, else 503; says which part is down."""
    parts = {"database": _database_answers(), "valkey": _valkey_answers()}
    is_well = all(parts.values())
    return JsonResponse(
        {"status": "ok" if is_well else "down", "parts": {name: "ok" if ok else "down" for name, ok in parts.items()}},
        status=200 if is_well else 503,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_program(request):
        return JsonResponse(error_body(code="bad_request", detail=_("This request makes no sense."), status=400), status=400)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_program(request):
        return JsonResponse(error_body(code="not_found", detail=_("There is nothing at this address."), status=404), status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if _is_program(request):
        return JsonResponse(error_body(code="error", detail=_("Something went wrong here."), status=500), status=500)
    return defaults.server_error(request)


def _is_program(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return True
    except DatabaseError as error:
        log.warning("database_down", error=str(error))
        return False


def _valkey_answers() -> bool:
    try:
        return bool(valkey.client().ping())
    except RedisError as error:
        log.warning("valkey_down", error=str(error))
        return False
