"""Numbers rest because their gateway says so: the one that heard it, or all of its account. By its own health a number rests alone, and
from writing first alone."""

import datetime

from django.db import transaction

from connectors import events
from connectors.models import Connection
from connectors.services.accounts import numbers_of_account
from connectors.services.alerts import tell_of_rest
from connectors.services.connections import LONGEST_REASON, pause_sending
from tenants.lib.clock import now


@transaction.atomic
def rest(connection: Connection, *, reason: str, seconds: float, is_account: bool = False) -> None:
    """Nothing is sent through these numbers for so long. What one number was told about its account, the others need not hear again
    one by one: each refusal counts against the account."""
    concerned = numbers_of_account(connection) if is_account else [connection]
    for number in sorted(concerned, key=lambda number: number.pk):  # locked in the order of ids
        pause_sending(number, reason=reason, seconds=seconds)


@transaction.atomic
def rest_by_health(connection: Connection, *, reason: str, seconds: float) -> bool:
    """It writes nobody first for so long, and then begins anew: what was sent before is forgiven. False: it rests already."""
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    if row.rests_from_writing_first:
        return False
    row.health_since = row.counted_since
    row.health_rest_until, row.health_rest_reason = now() + datetime.timedelta(seconds=seconds), reason[:LONGEST_REASON]
    row.save(update_fields=["health_rest_until", "health_rest_reason", "health_since"])
    events.connection_updated(row)
    tell_of_rest(row, reason=row.health_rest_reason)
    return True
