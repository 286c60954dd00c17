"""The worker's doors of this app."""

import structlog

from connectors import fetching, health, inbox, preparing, simulating
from tenants.lib.tasks import each_company, public_task, task

log = structlog.get_logger(__name__)


@task(name="connectors.drain_inbox", queue="inbound")
def drain_inbox(connection_id: int | None = None) -> None:
    """Stored webhooks become messages and receipts: of one connection, or of all that have any."""
    inbox.drain_inbox(connection_id)


@public_task(name="connectors.wake_forgotten_webhooks", queue="inbound")
def wake_forgotten_webhooks() -> None:
    """Whoever was not told, died, or has a retry due."""
    inbox.wake_forgotten()


@public_task(name="connectors.tick_simulators", queue="inbound")
def tick_simulators() -> None:
    """Receipts and replies of simulated numbers that are due become webhooks."""
    simulating.tick()


@public_task(name="connectors.order_checks", queue="default")
def order_checks() -> None:
    """Numbers whose gateways are to be asked how they are."""
    health.order_checks()


@task(name="connectors.check_connection", queue="default")
def check_connection(connection_id: int) -> None:
    """How a number is, as its gateway says."""
    health.check_connection(connection_id)


@task(name="connectors.fetch_media", queue="default")
def fetch_media(media_id: int) -> None:
    """A file that a customer sent, from the gateway into the storage."""
    fetching.fetch_media(media_id)


@task(name="connectors.prepare_media", queue="default")
def prepare_media(media_id: int, connection_id: int) -> None:
    """A file of ours, converted and handed to the gateway before it is sent."""
    preparing.prepare_media(media_id, connection_id)


@public_task(name="connectors.sweep_media", queue="default")
def sweep_media() -> None:
    """Files whose next try is due, or whose worker died."""
    for company in each_company():
        try:
            fetching.sweep_company()
        except Exception:
            log.exception("sweep_media_failed", company=company.schema_name)
