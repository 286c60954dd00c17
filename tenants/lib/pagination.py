"""Lists come in pages that stay put while rows arrive."""

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

# What a key in the database can be: asked for more, PostgreSQL fails.
BIGGEST_ID = 2**63 - 1


class CursorPage(CursorPagination):
    """`{results, next, previous}`, newest first unless the view says otherwise (`ordering`), `?page_size=` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"

    def get_paginated_response(self, data: list[object]) -> Response:
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})
