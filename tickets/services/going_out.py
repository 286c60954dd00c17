"""What went out through a number of late, for the rules of its pace."""

from zoneinfo import ZoneInfo

from connectors.models import Connection
from connectors.services.accounts import numbers_of_account
from tenants.lib.clock import now
from tenants.lib.pacing import Pacing, Sent
from tenants.lib.tenancy import current_company
from tickets.selectors import sent_first_through


def sent_of_late(number: Connection, pacing: Pacing) -> Sent:
    """Counted now, in the database; nothing is counted where no rule asks."""
    if not pacing.remembers:
        return Sent()
    sisters = [each.pk for each in numbers_of_account(number)] if pacing.tier is not None else [number.pk]
    zone = ZoneInfo(current_company().timezone)
    return sent_first_through(number.pk, sisters=sisters, moment=now(), zone=zone, counts_agents=pacing.counts_agents)
