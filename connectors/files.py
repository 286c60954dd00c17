"""`/files/<token>/`: a file by its signed link. The link itself is the permission; it names its company and runs out."""

import re
from collections.abc import Iterator

from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tenants.lib import filing
from tenants.lib.directory import company_by_id
from tenants.lib.filing import FileLink, LinkExpired, LinkUnknown

CHUNK_BYTES = 256 * 1024
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@require_safe
def file_by_link(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        link = filing.read_link(token)
    except LinkExpired:
        words = _("This link has expired. Go back to the conversation and open the file again.")
        return HttpResponse(render_to_string("tenants/refused.html", {"message": words, "status": 410}), status=410)
    except LinkUnknown:
        raise Http404 from None
    _refuse_other_companies(request, link)
    try:
        file = filing.open_file(link.name)
    except FileNotFoundError:
        raise Http404 from None
    response = _ranged(request, file) if "Range" in request.headers else _whole(file, file.size, start=0)
    response["Content-Type"] = link.mime_type
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = content_disposition_header(not link.is_inline, link.filename) or "inline"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={filing.LINK_SECONDS}"
    return response


def _refuse_other_companies(request: HttpRequest, link: FileLink) -> None:
    """A link opens at its own company's host, or at the shared one, which is nobody's."""
    company = company_by_id(link.company_id)
    here = request.company  # type: ignore[attr-defined]
    if company is None or not company.is_active or (not here.is_platform and here.pk != company.pk):
        raise Http404
    if not link.name.startswith(f"{company.schema_name}/"):
        raise Http404


def _ranged(request: HttpRequest, file: File) -> HttpResponseBase:
    """One range (RFC 9110, 14.2); what is not understood is answered with the whole file."""
    asked = RANGE.fullmatch(request.headers["Range"].strip())
    if asked is None or not any(asked.groups()):
        return _whole(file, file.size, start=0)
    first, last = asked.groups()
    start = int(first) if first else max(0, file.size - int(last))
    end = min(int(last), file.size - 1) if first and last else file.size - 1
    if start > end:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    response = _whole(file, end - start + 1, start=start)
    response.status_code = 206
    response["Content-Range"] = f"bytes {start}-{end}/{file.size}"
    return response


def _whole(file: File, length: int, *, start: int) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_pieces(file, start, length))
    response["Content-Length"] = str(length)
    response._resource_closers.append(file.close)  # type: ignore[attr-defined]
    return response


def _pieces(file: File, start: int, length: int) -> Iterator[bytes]:
    file.seek(start)
    while length > 0 and (piece := file.read(min(CHUNK_BYTES, length))):
        length -= len(piece)
        yield piece
