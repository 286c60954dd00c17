"""How a finished deed sets others in motion: the table `settings.REACTIONS` says which, and whether now or later."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from tenants.lib.later import later
from tenants.lib.tenancy import current_company
from tenants.models import Outbox

DEEPEST = 5
NOW, LATER = "now", "later"

_depth: ContextVar[int] = ContextVar("announcement_depth", default=0)


class TooDeep(RuntimeError):
    """Announcements set each other in motion without end."""


def announce(name: str, **facts: Any) -> None:
    """Tell who listens. `now` runs in this transaction, `later` becomes an Outbox row in it. Facts are ids and plain values."""
    depth = _depth.get() + 1
    if depth > DEEPEST:
        raise TooDeep(f"{name} was announced {depth} reactions deep.")
    rows = []
    for when, path in import_string(settings.REACTIONS).get(name, ()):
        if when == NOW:
            react(path, facts, depth=depth)
            continue
        assert when == LATER, f"{name}: {when!r} is neither now nor later."
        rows.append(Outbox(company_id=current_company().pk, name=name, reaction=path, args=facts, depth=depth))
    if rows:
        with transaction.atomic():
            Outbox.objects.bulk_create(rows)
            later("tenants.drain_outbox")


def react(path: str, facts: dict[str, Any], *, depth: int) -> None:
    """Run one reaction, and remember how deep we are."""
    reaction: Callable[..., None] = import_string(path)
    token = _depth.set(depth)
    try:
        reaction(**facts)
    finally:
        _depth.reset(token)
