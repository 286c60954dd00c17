"""The API's and the admin's paths answer with and without a trailing slash (contract); the URL conf knows the one with."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SLASHED = ("/api/", "/admin", "/health")


class TrailingSlashMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(SLASHED) and not request.path_info.endswith("/"):
            request.path_info += "/"
            request.path += "/"
        return self.get_response(request)
