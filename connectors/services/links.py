"""What a provider is told of a connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from connectors.models import Connection
from connectors.types import Link, Policy, ProviderError
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.models import WebhookRoute


@contextmanager
def gateway_s_words() -> Iterator[None]:
    """What the gateway says against it becomes an ApplicationError (400; 503 when it cannot be reached)."""
    try:
        yield
    except ProviderError as error:
        status = 503 if error.policy == Policy.RETRY else 400
        raise ApplicationError(error.message, code=f"gateway_{error.code}", status=status) from error


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
