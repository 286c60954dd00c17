"""Our refusals as the API's errors. Apart from `errors`, because Django REST framework's views load the whole house."""

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _
from drf_standardized_errors.handler import ExceptionHandler
from redis.exceptions import ConnectionError as ValkeyConnectionError
from redis.exceptions import TimeoutError as ValkeyTimeoutError
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError

from tenants.lib.errors import ApplicationError, BadInput


class ApiExceptionHandler(ExceptionHandler):
    """Renders our refusals in the one JSON shape of all errors: `{type, errors: [{code, detail, attr}]}`."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, BadInput):
            return _as_validation_error(exc)
        if isinstance(exc, ApplicationError):
            return _as_api_exception(exc)
        if isinstance(exc, OperationalError | InterfaceError | ValkeyConnectionError | ValkeyTimeoutError):
            return _as_api_exception(ApplicationError(_("Something we need is down. Try again."), code="unavailable", status=503))
        return super().convert_known_exceptions(exc)


def _as_validation_error(refusal: BadInput) -> ValidationError:
    by_field: dict[str, list[ErrorDetail]] = {}
    for problem in refusal.problems:
        by_field.setdefault(problem.field, []).append(ErrorDetail(str(problem.message), code=problem.code))
    return ValidationError(by_field)


def _as_api_exception(error: ApplicationError) -> APIException:
    if error.field and error.status == 400:
        return ValidationError({error.field: [ErrorDetail(str(error.message), code=error.code)]})
    answer = APIException(str(error.message), code=error.code)
    answer.status_code = error.status
    return answer
