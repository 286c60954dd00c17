"""Founds a company and furnishes it as the demo is, in the installation under test; prints as JSON where its lines are reached.

Run as a program: `python -m config.tests.showroom SLUG ZONE PHONE_NUMBER_ID`.
"""

import json
import sys

import django

django.setup()

from config.demo import PASSWORD, furnish  # noqa: E402
from connectors.models import Connection  # noqa: E402
from connectors.services.connections import connect, create_connection  # noqa: E402
from connectors.services.links import webhook_url_of  # noqa: E402
from connectors.services.templates import sync_templates  # noqa: E402
from connectors.tests.meta import TOKEN  # noqa: E402
from tenants.lib.tenancy import enter  # noqa: E402
from tenants.services.companies import create_company  # noqa: E402

APP_SECRET = "the showroom's app secret"
PHONE_NUMBER_ID = "30990000000000"


def found(slug: str, zone: str, phone_number_id: str) -> dict[str, object]:
    company = create_company(
        name=slug.title(),
        slug=slug,
        admin_email=f"admin@{slug}.test",
        admin_name="Alice Admin",
        admin_password=PASSWORD,
        timezone=zone,
    )
    with enter(company):
        furnish(slug, "31")
        simulated = Connection.objects.get(provider="simulator")
        sync_templates(simulated, by=None)
        return {"webhook": _whatsapp_number(phone_number_id) if phone_number_id else "", "phone": simulated.pk}


def _whatsapp_number(phone_number_id: str) -> str:
    """Where Meta tells of it."""
    credentials = {"phone_number_id": phone_number_id, "access_token": TOKEN, "app_secret": APP_SECRET, "verify_token": "vt"}
    line = connect(create_connection(name="WhatsApp number", provider="cloud_api", credentials=credentials, by=None), by=None)
    return webhook_url_of(line)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(found(*sys.argv[1:])))
