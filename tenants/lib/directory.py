"""Which company is meant: by host or by id. Remembered in the process for a few seconds, so that a suspension is soon felt."""

import time

from tenants.models import Company, Domain

REMEMBERED_SECONDS = 5.0

_known: dict[str | int, tuple[float, Company]] = {}


def company_by_host(host: str) -> Company | None:
    """The company met at this host name, whatever its state; None when there is none."""
    known = _remembered(host)
    if known is not None:
        return known
    domain = Domain.objects.select_related("tenant__plan").filter(domain=host).first()
    return _remember(host, domain.tenant if domain else None)


def company_by_id(company_id: int) -> Company | None:
    known = _remembered(company_id)
    if known is not None:
        return known
    return _remember(company_id, Company.objects.select_related("plan").filter(pk=company_id).first())


def company_by_slug(slug: str) -> Company | None:
    known = _remembered(f"slug:{slug}")
    if known is not None:
        return known
    return _remember(f"slug:{slug}", Company.objects.select_related("plan").filter(schema_name=slug).first())


def forget_companies() -> None:
    """What this process remembers is asked for again. Other processes forget within REMEMBERED_SECONDS."""
    _known.clear()


def _remembered(key: str | int) -> Company | None:
    since, company = _known.get(key, (0.0, None))
    return company if time.monotonic() - since < REMEMBERED_SECONDS else None


def _remember(key: str | int, company: Company | None) -> Company | None:
    if company is not None:
        _known[key] = (time.monotonic(), company)
    return company
