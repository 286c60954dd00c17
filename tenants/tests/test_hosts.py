"""Where people open a company, as e-mails say it."""

import pytest

from tenants.lib.hosts import url_of
from tenants.models import Domain


@pytest.mark.parametrize(
    ("public_url", "url"),
    [
        ("http://localhost:8000", "http://acme.localhost:8000"),
        ("http://127.0.0.1:9123", "http://acme.localhost:9123"),
        ("https://localhost", "https://acme.localhost"),
        ("https://api.localhost:8443", "https://acme.localhost:8443"),
        ("https://tunnel.example.net", "http://acme.localhost:8123"),  # gateways come through a tunnel, people do not
    ],
)
def test_a_company_is_met_at_its_own_host(acme, settings, public_url, url):
    settings.PUBLIC_URL, settings.PORT = public_url, 8123

    assert url_of(acme) == url


def test_a_name_of_the_companys_own_goes_first(acme, settings):
    settings.PUBLIC_URL, settings.BASE_DOMAIN, settings.IS_PRODUCTION = "https://recado.example.com", "recado.example.com", True
    Domain.objects.filter(tenant=acme).update(domain="help.acme.example")

    assert url_of(acme) == "https://help.acme.example"
