"""A POST that sends something may be repeated: the same Idempotency-Key gets the same answer, and nothing is sent twice."""

import functools
import hashlib
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.models import Answer

LONGEST_KEY = 255

View = Callable[..., Response]


def idempotent(view: View) -> View:
    """For a DRF view method. The view's writes and the kept answer are one transaction: a crash keeps both or neither.

    A repeat gets the first answer (for 24 h), another body 422, one that is still running 409. A refusal is not kept.
    """

    @functools.wraps(view)
    def answer_once(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return view(self, request, *args, **kwargs)
        if len(key) > LONGEST_KEY:
            raise ApplicationError(_("The Idempotency-Key is too long."), code="idempotency_key_too_long")
        company_id = current_company().pk
        key_digest = _digest(f"{request.user.pk} {request.method} {request.path} {key}".encode())
        body_digest = _digest(_canonical_body(request))
        with transaction.atomic():
            if not _lock(company_id, key_digest):
                raise ApplicationError(_("This request is still running."), code="idempotency_running", status=409)
            kept = Answer.objects.filter(company_id=company_id, key_digest=key_digest).first()
            if kept is not None and kept.body_digest != body_digest:
                raise ApplicationError(_("This Idempotency-Key was used for something else."), code="idempotency_mismatch", status=422)
            if kept is not None:
                return Response(kept.body, status=kept.status, headers={"Idempotent-Replay": "true"})
            response = view(self, request, *args, **kwargs)
            if response.status_code < 400:
                Answer.objects.create(
                    company_id=company_id, key_digest=key_digest, body_digest=body_digest, status=response.status_code, body=response.data
                )
            return response

    return answer_once


def _digest(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()


def _canonical_body(request: Request) -> bytes:
    return repr(sorted(request.data.items()) if hasattr(request.data, "items") else request.data).encode()


def _lock(company_id: int, key_digest: str) -> bool:
    """Held until the transaction ends; somebody else's means that the same request is running."""
    number = int.from_bytes(hashlib.sha256(f"{company_id} {key_digest}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
