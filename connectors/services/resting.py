"""Numbers rest because their gateway says so: the one that heard it, or all of its account."""

from django.db import transaction

from connectors.models import Connection
from connectors.services.accounts import numbers_of_account
from connectors.services.connections import pause_sending


@transaction.atomic
def rest(connection: Connection, *, reason: str, seconds: float, is_account: bool = False) -> None:
    """Nothing is sent through these numbers for so long. What one number was told about its account, the others need not hear again
    one by one: each refusal counts against the account."""
    concerned = numbers_of_account(connection) if is_account else [connection]
    for number in sorted(concerned, key=lambda number: number.pk):  # locked in the order of ids
        pause_sending(number, reason=reason, seconds=seconds)
