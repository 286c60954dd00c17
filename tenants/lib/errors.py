"""What a service raises when it must say no. The message is for the person, the code for programs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input. `field`: where, as a path (`components.0.text`)."""

    field: str
    code: str
    message: Words


class BadInput(ApplicationError):
    """Everything that is wrong with an input, said at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        assert problems, "Nothing is wrong."
        super().__init__(problems[0].message, code=problems[0].code, field=problems[0].field)
        self.problems = tuple(problems)


class NotAllowed(ApplicationError):
    """This person may see the thing, but may not do this to it (403)."""

    def __init__(self, message: Words = _("You may not do this."), *, code: str = "not_allowed", field: str | None = None) -> None:
        super().__init__(message, code=code, field=field, status=403)


class PlanLimit(ApplicationError):
    """The company's plan has no room for one more (402)."""

    def __init__(self, message: Words, *, field: str | None = None) -> None:
        super().__init__(message, code="plan_limit", field=field, status=402)


def error_body(*, code: str, detail: Words, status: int) -> dict[str, object]:
    """The same shape, for doors that stand before the API (middleware, ingress)."""
    kind = "server_error" if status >= 500 else "client_error"
    return {"type": kind, "errors": [{"code": code, "detail": str(detail), "attr": None}]}
