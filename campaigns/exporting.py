"""Who got a campaign, as a table."""

import zoneinfo
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Recipient
from connectors.types import Delivery
from tenants.lib.tenancy import current_company
from tickets.models import DELIVERY_WORDS

ROWS_AT_ONCE = 2_000
MINUTES = "%Y-%m-%d %H:%M"


def recipient_table(recipients: QuerySet[Recipient]) -> tuple[list[str], Iterator[list[object]]]:
    """Header and rows in the order of sending; read from the database two thousand at a time. Times are the company's."""
    header = [_("Contact"), _("Phone"), _("State"), _("Delivery"), _("Left out because"), _("Error"), _("Sent at"), _("Replied at")]
    return header, _rows(recipients)


def _rows(recipients: QuerySet[Recipient]) -> Iterator[list[object]]:
    zone = zoneinfo.ZoneInfo(current_company().timezone)
    for recipient in recipients.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
        was_sent = recipient.state in (Recipient.State.SENT, Recipient.State.FAILED, Recipient.State.UNKNOWN)
        yield [
            recipient.contact.display_name,
            recipient.address,
            recipient.get_state_display(),
            DELIVERY_WORDS[Delivery(recipient.status)] if was_sent else "",
            recipient.get_exclusion_display(),
            recipient.error_text or recipient.error_code,
            recipient.sent_at.astimezone(zone).strftime(MINUTES) if recipient.sent_at else "",
            recipient.replied_at.astimezone(zone).strftime(MINUTES) if recipient.replied_at else "",
        ]
