"""The worker's doors."""

import structlog
from django.db.models import Q, QuerySet

from campaigns.models import Campaign, Recipient
from campaigns.sending import slices
from campaigns.services.counting import squash_counts
from campaigns.services.lifecycle import finish_if_done
from tenants.lib.clock import now
from tenants.lib.later import later
from tenants.lib.tasks import each_company, public_task, task

log = structlog.get_logger(__name__)


@task(name="campaigns.send_next_batch", queue="campaigns")
def send_next_batch(campaign_id: int) -> None:
    """A slice of a running campaign."""
    slices.send_next_batch(campaign_id)


@task(name="campaigns.recover", queue="campaigns")
def recover() -> None:
    """Settle what dead workers left, wake campaigns that nobody works on, finish those that are done, squash counters."""
    for campaign in Campaign.objects.select_related("connection", "template").filter(pk__in=_with_lost_recipients()):
        slices.settle_lost(campaign)
        finish_if_done(campaign.pk)
    idle = Q(pump_leased_until=None) | Q(pump_leased_until__lt=now())
    for campaign_id in Campaign.objects.filter(idle, status=Campaign.Status.RUNNING).values_list("pk", flat=True):
        if finish_if_done(campaign_id):
            continue
        due_at = slices.waiting(campaign_id)
        if due_at is not None and due_at <= now():
            later("campaigns.send_next_batch", campaign_id)
    squash_counts()


@public_task(name="campaigns.sweep_campaigns", queue="default")
def sweep_campaigns() -> None:
    """Every 10 s: companies with campaigns that need a look get one. A task that was lost is found again here."""
    for company in each_company():
        try:
            if Campaign.objects.filter(Q(status=Campaign.Status.RUNNING) | Q(pk__in=_with_lost_recipients())).exists():
                later("campaigns.recover")
        except Exception:
            log.exception("campaigns_not_swept", company=company.schema_name)


def _with_lost_recipients() -> QuerySet[Recipient, dict[str, int]]:
    return Recipient.objects.filter(state=Recipient.State.CLAIMED, leased_until__lt=now()).values("campaign_id")
