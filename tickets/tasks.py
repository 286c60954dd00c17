"""The worker's door."""

import structlog

from tenants.lib.tasks import each_company, public_task, task
from tickets import delivery, read_marks, typing_signs

log = structlog.get_logger(__name__)


@task(name="tickets.deliver", queue="outbound")
def deliver(connection_id: int) -> None:
    """Send what waits on the connection."""
    delivery.deliver(connection_id)


@task(name="tickets.show_typing", queue="outbound")
def show_typing(ticket_id: int) -> None:
    """Tell the customer's phone that somebody writes."""
    typing_signs.show_typing(ticket_id)


@task(name="tickets.show_read", queue="outbound")
def show_read(ticket_id: int) -> None:
    """Tell the customer's phone that their messages were read."""
    read_marks.show_read(ticket_id)


@public_task(name="tickets.sweep_deliveries", queue="outbound")
def sweep_deliveries() -> None:
    """Every 10 s: what a dead worker or a silent broker left behind."""
    for company in each_company():
        try:
            delivery.sweep_company()
        except Exception:
            log.exception("sweep_deliveries_failed", company=company.schema_name)
