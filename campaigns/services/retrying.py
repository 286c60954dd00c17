"""Sending again to those whom a campaign did not reach."""

from collections.abc import Collection
from typing import Literal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.auditing import record
from campaigns import events
from campaigns.models import Campaign
from campaigns.services.lines import wake_lines
from campaigns.statements.sending import SEND_AGAIN
from connectors.types import Delivery
from tenants.lib.errors import ApplicationError

Status = Campaign.Status
What = Literal["failed", "unknown"]
_STATUS = {"failed": Delivery.FAILED, "unknown": Delivery.UNKNOWN}
# Where it goes on by itself, and where it waits for its resume.
GOES_ON = (Status.RUNNING, Status.FINISHED)


@transaction.atomic
def send_again(campaign: Campaign, *, by: User, what: What, error: str | None = None, ids: Collection[int] | None = None) -> int:
    """Those who failed, or of whom nobody knows (they may get it twice, which only a person may risk), wait once more. `error`: only
    those with this code; `ids`: only these. Returns how many; a campaign that had finished runs again. Refused: `wrong_status`,
    `nobody`."""
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if campaign.status not in (*GOES_ON, Status.PAUSED):
        words = _("This cannot be done: the campaign is %(status)s.") % {"status": campaign.get_status_display().lower()}
        raise ApplicationError(words, code="wrong_status", field="status", status=409)
    parameters = {"campaign": campaign.pk, "status": int(_STATUS[what]), "error": error, "ids": None if ids is None else sorted(ids)}
    with connection.cursor() as cursor:
        cursor.execute(SEND_AGAIN, parameters)
        count = int(cursor.fetchone()[0])
    if not count:
        raise ApplicationError(_("There is nobody to send it to again."), code="nobody", status=409)
    if campaign.status in GOES_ON:
        Campaign.objects.filter(pk=campaign.pk).update(status=Status.RUNNING, finished_at=None)
        wake_lines(campaign)
    record("campaign.sent_again", campaign, by=by, count=count)
    events.campaign_changed("update", campaign.pk)
    return count
