"""The campaigns of two contacts that are one person."""

from django.utils.translation import gettext as _

from campaigns.models import Campaign, Recipient
from tenants.lib.errors import ApplicationError

STILL_SENDING = (Campaign.Status.RUNNING, Campaign.Status.PAUSED)


def contact_merged(*, kept_id: int, other_id: int) -> None:
    """The reaction to `contact.merged`. In a campaign that had both, the one that got furthest stays; its counts stay as they were."""
    both = Campaign.objects.filter(recipients__contact=kept_id).filter(recipients__contact=other_id).distinct()
    at_work = both.filter(status__in=STILL_SENDING).first()
    if at_work:
        words = _("Both contacts are recipients of the campaign “%(campaign)s”, which is still being sent. Wait until it has finished.")
        raise ApplicationError(words % {"campaign": at_work.name}, code="campaign_running", status=409)
    for campaign_id in both.values_list("pk", flat=True):
        pair = list(Recipient.objects.filter(campaign=campaign_id, contact__in=(kept_id, other_id)).order_by("-status", "-message_id"))
        Recipient.objects.filter(pk__in=[recipient.pk for recipient in pair[1:]]).delete()
    Recipient.objects.filter(contact=other_id).update(contact=kept_id)
