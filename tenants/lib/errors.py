"""What a service raises when it must say no. The message is for the person, the code for programs."""

from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_standardized_errors.handler import ExceptionHandler
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError

Words = str | Promise


class ApplicationError(Exception):
    """A refusal that a person can read. `field` names the input at fault, `status` is the HTTP answer."""

    def __init__(self, message: Words, *, code: str, field: str | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.status = status

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(ApplicationError):
    """This person may see the thing, but may not do this to it (403)."""

    def __init__(self, message: Words = _("You may not do this."), *, code: str = "not_allowed", field: str | None = None) -> None:
        super().__init__(message, code=code, field=field, status=403)


class PlanLimit(ApplicationError):
    """The company's plan has no room for one more (402)."""

    def __init__(self, message: Words, *, field: str | None = None) -> None:
        super().__init__(message, code="plan_limit", field=field, status=402)


class ApiExceptionHandler(ExceptionHandler):
    """Renders our refusals in the one JSON shape of all errors: `{type, errors: [{code, detail, attr}]}`."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, ApplicationError):
            return _as_api_exception(exc)
        if isinstance(exc, OperationalError | InterfaceError | RedisConnectionError):
            return _as_api_exception(ApplicationError(_("Something we need is down. Try again."), code="unavailable", status=503))
        return super().convert_known_exceptions(exc)


def _as_api_exception(error: ApplicationError) -> APIException:
    if error.field and error.status == 400:
        return ValidationError({error.field: [ErrorDetail(str(error.message), code=error.code)]})
    answer = APIException(str(error.message), code=error.code)
    answer.status_code = error.status
    return answer


def error_body(*, code: str, detail: Words, status: int) -> dict[str, object]:
    """The same shape, for doors that stand before the API (middleware, ingress)."""
    kind = "server_error" if status >= 500 else "client_error"
    return {"type": kind, "errors": [{"code": code, "detail": str(detail), "attr": None}]}
