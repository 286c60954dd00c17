"""The first person of a new company."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import Role, User
from tenants.lib.errors import ApplicationError
from tenants.services.logins import remember_login
from tenants.types import Founding


def found_company(founding: Founding) -> None:
    """Called inside the new company's schema and transaction. An existing founder is left alone."""
    email = founding.admin_email.strip().lower()
    if not email or User.objects.filter(email=email).exists():
        return
    if founding.admin_password:
        _refuse_weak(founding.admin_password)
    User.objects.create_user(
        email,
        founding.admin_password or None,
        name=founding.admin_name or email.partition("@")[0],
        role=Role.ADMIN,
        locale=founding.company.locale if founding.company.locale in User.Locale.values else User.Locale.ENGLISH,
        is_superuser=founding.company.is_platform,
    )
    remember_login(email=email, company=founding.company)


def _refuse_weak(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise ApplicationError(" ".join(error.messages), code="weak_password", field="admin_password") from error
