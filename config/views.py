"""The few pages that belong to no app: the SPA's shell and health."""

import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django_vite.core.exceptions import DjangoViteAssetNotFoundError
from redis.exceptions import RedisError

from tenants.lib import valkey

log = structlog.get_logger(__name__)


@never_cache
def spa(request: HttpRequest) -> HttpResponse:
    """The one HTML page of the SPA; its router takes over from here."""
    try:
        response = render(request, "spa/index.html", {"nonce": request.csp_nonce})  # type: ignore[attr-defined]
    except DjangoViteAssetNotFoundError:
        return HttpResponse("The app's pages are not built: `make run` builds them, or `npm ci && npm run build` in frontend/.", status=503)
    response.has_strict_policy = True  # type: ignore[attr-defined]
    return response


def home(request: HttpRequest) -> HttpResponse:
    return redirect("/app/")


@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when everything we need answers, else 503; says which part is down."""
    parts = {"database": _database_answers(), "valkey": _valkey_answers()}
    is_well = all(parts.values())
    return JsonResponse(
        {"status": "ok" if is_well else "down", "parts": {name: "ok" if ok else "down" for name, ok in parts.items()}},
        status=200 if is_well else 503,
    )


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
