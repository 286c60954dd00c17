"""The tables that tests put in place of config's, and handlers that write down what they were told."""

from typing import Any

from tenants.lib.announcing import announce
from tenants.lib.tenancy import current_company
from tenants.models import Plan

HERE = "tenants.tests.tables"
TIMERS = {"note": f"{HERE}.note", "stumble": f"{HERE}.stumble"}
REACTIONS = {
    "thing.done": [("now", f"{HERE}.count"), ("later", f"{HERE}.count_later")],
    "thing.broken": [("later", f"{HERE}.break_down")],
    "thing.endless": [("now", f"{HERE}.announce_again")],
}


def note(key: str, payload: dict[str, Any]) -> None:
    Plan.objects.create(name=f"{current_company().slug} {key} {payload}")


def stumble(key: str, payload: dict[str, Any]) -> None:
    note(key, payload)
    raise ValueError("stumbled")


def count(*, number: int) -> None:
    Plan.objects.create(name=f"now {number}")


def count_later(*, number: int) -> None:
    Plan.objects.create(name=f"later {number} {current_company().slug}")


def break_down(*, number: int) -> None:
    raise ValueError(f"broke down at {number}")


def announce_again(*, number: int) -> None:
    announce("thing.endless", number=number + 1)


def written() -> list[str]:
    """What the handlers wrote down, and what survived the rollback."""
    return list(Plan.objects.order_by("id").values_list("name", flat=True))
