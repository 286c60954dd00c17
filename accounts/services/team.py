"""What holds for the team as a whole, whoever changes it: one e-mail a person, room in the plan, at least one admin."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.services.plans import require_room


def lock_team() -> None:
    """Two changes at once may neither pass the plan's limit together nor take away the last two admins."""
    list(User.objects.select_for_update().filter(role=Role.ADMIN).order_by("id").values_list("id", flat=True))


def refuse_beyond_plan(*, reserved: int = 0) -> None:
    """`reserved`: how many places are promised besides those that are taken. Raises PlanLimit."""
    require_room(current_company(), "users", User.objects.filter(is_active=True, is_api_key=False).count() + reserved)


def refuse_taken(email: str) -> None:
    if User.objects.filter(email=email.strip().lower()).exists():
        raise ApplicationError(_("Somebody in this company has this e-mail already."), code="email_taken", field="email")


def refuse_without_admin() -> None:
    if not User.objects.filter(role=Role.ADMIN, is_active=True).exists():
        raise ApplicationError(_("A company needs an admin: make somebody else one first."), code="last_admin", status=409)


def set_password(user: User, password: str, *, field: str) -> None:
    """Not saved. Raises ApplicationError `weak_password`."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ApplicationError(" ".join(error.messages), code="weak_password", field=field) from error
    user.set_password(password)
