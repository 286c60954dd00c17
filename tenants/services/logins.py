"""Which companies an e-mail address belongs to: kept by digest, so that the public schema holds nobody's address."""

import hashlib

from tenants.models import Company, Login


def email_digest(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def remember_login(*, email: str, company: Company) -> None:
    """This person can log in to this company."""
    Login.objects.get_or_create(email_digest=email_digest(email), company=company)


def forget_login(*, email: str, company: Company) -> None:
    Login.objects.filter(email_digest=email_digest(email), company=company).delete()


def companies_with_login(email: str) -> list[Company]:
    """Where this address may try its password, by name. Suspended companies are among them, so that they can be told."""
    return list(
        Company.objects.filter(logins__email_digest=email_digest(email))
        .exclude(state=Company.State.DELETED)
        .select_related("plan")
        .order_by("name", "id")
    )
