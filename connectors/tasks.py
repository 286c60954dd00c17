"""The worker's doors of this app."""

from connectors import inbox, simulating
from tenants.lib.tasks import public_task, task


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
