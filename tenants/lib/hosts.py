"""Where people open a company with their browsers."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings

from tenants.models import Company, Domain


def url_of(company: Company) -> str:
    """The company's own address, without a slash at the end: its host name, with the scheme and the port of PUBLIC_URL.

    PUBLIC_URL may be another name that only gateways call (a tunnel to one's own machine): then the port is not people's.
    """
    domain = Domain.objects.filter(tenant=company, is_primary=True).values_list("domain", flat=True).first()
    host = domain or f"{company.slug}.{settings.BASE_DOMAIN}"
    public = urlsplit(settings.PUBLIC_URL)
    if _is_of_people(public.hostname or ""):
        return f"{public.scheme}://{host}:{public.port}" if public.port else f"{public.scheme}://{host}"
    return f"{public.scheme}://{host}" if settings.IS_PRODUCTION else f"http://{host}:{settings.PORT}"


def _is_of_people(host: str) -> bool:
    if host == settings.BASE_DOMAIN or host.endswith(f".{settings.BASE_DOMAIN}"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
