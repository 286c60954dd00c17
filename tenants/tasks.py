"""Doors of the clock. The beat starts them; each finds in the rows what there is to do."""

from tenants import firing, sweeping, telling
from tenants.lib.tasks import public_task


@public_task(name="tenants.fire_due_timers", queue="default")
def fire_due_timers() -> None:
    firing.fire_due_timers()


@public_task(name="tenants.drain_outbox", queue="default")
def drain_outbox() -> None:
    telling.drain_outbox()


@public_task(name="tenants.sweep_retention", queue="default")
def sweep_retention() -> None:
    sweeping.sweep_retention()
