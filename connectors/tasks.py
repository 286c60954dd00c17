"""The worker's doors of this app."""

from connectors import simulating
from tenants.lib.tasks import public_task, task


@task(name="connectors.drain_inbox", queue="inbound")
def drain_inbox(connection_id: int | None = None) -> None:
    pass


@public_task(name="connectors.tick_simulators", queue="inbound")
def tick_simulators() -> None:
    """Receipts and replies of simulated numbers that are due become webhooks."""
    simulating.tick()
