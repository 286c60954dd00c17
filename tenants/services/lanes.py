"""One worker at a time on a connection's lane of webhooks, by a lease on its route."""

import datetime

from django.conf import settings
from django.db.models import Q

from tenants.lib.clock import now
from tenants.models import WebhookRoute

SHORTEST_LEASE_SECONDS = 3.0


def lease_seconds() -> float:
    """A third of a send's: it is prolonged after every batch, and should it end too early, what is done twice is done once."""
    return max(SHORTEST_LEASE_SECONDS, settings.LEASE_SECONDS / 3)


def take_lane(*, company_id: int, connection_id: int, lease_key: str, seconds: float | None = None) -> bool:
    """Take or prolong the lane; False when another worker holds it."""
    free = Q(leased_until=None) | Q(leased_until__lt=now()) | Q(lease_key=lease_key)
    until = now() + datetime.timedelta(seconds=lease_seconds() if seconds is None else seconds)
    return bool(
        WebhookRoute.objects.filter(free, company_id=company_id, connection_id=connection_id).update(
            leased_until=until, lease_key=lease_key
        )
    )


def leave_lane(*, company_id: int, connection_id: int, lease_key: str) -> None:
    WebhookRoute.objects.filter(company_id=company_id, connection_id=connection_id, lease_key=lease_key).update(
        leased_until=None, lease_key=""
    )
