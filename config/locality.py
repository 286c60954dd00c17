"""The admin's pages in the person's language and the company's time zone. (The SPA does both in the browser.)"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class LocalityMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.company.timezone), translation.override(request.user.locale):  # type: ignore[attr-defined]
            return self.get_response(request)
