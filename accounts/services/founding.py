"""The first person of a new company."""

from accounts.models import Role, User
from tenants.services.logins import remember_login
from tenants.types import Founding


def found_company(founding: Founding) -> None:
    """Called inside the new company's schema and transaction. An existing founder is left alone."""
    email = founding.admin_email.strip().lower()
    if not email or User.objects.filter(email=email).exists():
        return
    User.objects.create_user(
        email,
        founding.admin_password or None,
        name=founding.admin_name or email.partition("@")[0],
        role=Role.ADMIN,
        locale=founding.company.locale if founding.company.locale in User.Locale.values else User.Locale.ENGLISH,
        is_superuser=founding.company.is_platform,
    )
    remember_login(email=email, company=founding.company)
