"""What a provider is told of a connection."""

from django.conf import settings

from connectors.models import Connection
from connectors.types import Link
from tenants.lib.tenancy import current_company
from tenants.models import WebhookRoute


def link_for(connection: Connection, *, webhook_url: str = "") -> Link:
    """The connection as its provider needs it. Asks nothing of the database: sending calls it for every wave."""
    return Link(
        company_id=current_company().pk,
        connection_id=connection.pk,
        provider=connection.provider,
        credentials=connection.credentials,
        settings=connection.settings,
        webhook_url=webhook_url,
    )


def webhook_url_of(connection: Connection) -> str:
    """Where the gateway calls us. Whoever knows it may knock: for admins only."""
    route = WebhookRoute.objects.get(company_id=current_company().pk, connection_id=connection.pk)
    return f"{settings.PUBLIC_URL}/webhooks/{route.token}/"
