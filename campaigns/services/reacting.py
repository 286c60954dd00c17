"""What campaigns do when something happens below them (config/reactions.py): their number, or their template."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns import events
from campaigns.models import Campaign
from campaigns.services.lifecycle import GATEWAY_PAUSE, resume_campaign, stop_line, stop_sending
from connectors.models import Connection, Template
from tenants.lib.errors import ApplicationError

APPROVED = "APPROVED"
TEMPLATE_PAUSE = "template"
Status = Campaign.Status


def stop_restricted(connection_id: int) -> None:
    """The reaction to a restriction of writing first: what runs through this number pauses; scheduled ones are refused at their start."""
    reason = _("WhatsApp lets this number only answer for now, not write first.")
    number = Connection.objects.get(pk=connection_id)
    for campaign in Campaign.objects.filter(lines__connection=number, status=Status.RUNNING).order_by("pk"):
        stop_line(campaign, number, reason=reason)


def heed_template(template_id: int) -> None:
    """The reaction to a template that the gateway approved, paused, rejected or disabled: campaigns with it pause, or go on where they
    paused for this and nothing else."""
    template = Template.objects.get(pk=template_id)
    same = Q(template__name=template.name, template__language=template.language, lines__connection=template.connection_id)
    campaigns = Campaign.objects.filter(pk__in=Campaign.objects.filter(Q(template=template) | same).values("pk")).order_by("pk")
    if template.status == APPROVED:
        for campaign in campaigns.filter(status=Status.PAUSED, pause_code=TEMPLATE_PAUSE):
            _go_on(campaign)
        return
    campaigns.filter(status=Status.PAUSED, pause_code=GATEWAY_PAUSE).update(pause_code=TEMPLATE_PAUSE)  # its receipts told first
    reason = _("The template “%(name)s” is not approved (%(status)s).") % {"name": template.name, "status": template.status}
    for pk in campaigns.filter(status=Status.RUNNING).values_list("pk", flat=True):
        stop_sending(pk, reason=f"{reason} {template.reason}".strip(), code=TEMPLATE_PAUSE)


def _go_on(campaign: Campaign) -> None:
    try:
        with transaction.atomic():
            resume_campaign(campaign, by=None)
    except ApplicationError as error:
        # Something else stands in its way by now: it stays paused, and says what.
        Campaign.objects.filter(pk=campaign.pk, status=Status.PAUSED).update(status_reason=str(error)[:300])
        events.campaign_changed("update", campaign.pk)
