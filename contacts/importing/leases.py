"""One worker at a time: the last statement of a batch says how far it got, if the import is still this worker's."""

from django.conf import settings
from django.db import connection

from contacts import statements
from contacts.models import ContactImport

NOTHING = dict.fromkeys(("rows", "created", "updated", "skipped", "invalid", "removed", "restored", "kept"), 0)


class LeaseLost(Exception):
    """Another worker took over; what this one was about to write is rolled back."""


def advance(job: ContactImport, lease: str, *, position: int, **counts: int) -> None:
    """Inside the batch's transaction. Raises LeaseLost."""
    given = {"import": job.pk, "lease": lease, "seconds": settings.LEASE_SECONDS, "position": position} | NOTHING | counts
    with connection.cursor() as cursor:
        cursor.execute(statements.ADVANCE, given)
        if cursor.rowcount != 1:
            raise LeaseLost
