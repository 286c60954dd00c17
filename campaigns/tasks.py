"""The worker's doors."""

import structlog
from django.db.models import Q, QuerySet

from campaigns.models import Campaign, Line, Recipient
from campaigns.sending import slices
from campaigns.services.counting import squash_counts
from campaigns.services.lifecycle import finish_if_done
from tenants.lib.clock import now
from tenants.lib.later import later
from tenants.lib.tasks import each_company, public_task, task

log = structlog.get_logger(__name__)


@task(name="campaigns.send_next_batch", queue="campaigns")
def send_next_batch(campaign_id: int, connection_id: int) -> None:
    """A slice of a running campaign, through one of its numbers."""
    slices.send_next_batch(campaign_id, connection_id)


@task(name="campaigns.recover", queue="campaigns")
def recover() -> None:
    """Settle what dead workers left, wake campaigns that nobody works on, finish those that are done, squash counters."""
    for campaign_id, connection_id in sorted(set(_lost_recipients().values_list("campaign", "connection"))):
        line = slices.line_at(campaign_id, connection_id)
        if line is not None:
            slices.settle_lost(line)
            finish_if_done(campaign_id)
    idle = Q(pump_leased_until=None) | Q(pump_leased_until__lt=now())
    lines = Line.objects.filter(idle, campaign__status=Campaign.Status.RUNNING).order_by("campaign", "position")
    for campaign_id, connection_id in lines.values_list("campaign", "connection"):
        if finish_if_done(campaign_id):
            continue
        due_at = slices.waiting(campaign_id, connection_id)
        if due_at is not None and due_at <= now():
            later("campaigns.send_next_batch", campaign_id, connection_id)
    squash_counts()


@public_task(name="campaigns.sweep_campaigns", queue="default")
def sweep_campaigns() -> None:
    """Every 10 s: companies with campaigns that need a look get one. A task that was lost is found again here."""
    for company in each_company():
        try:
            if Campaign.objects.filter(Q(status=Campaign.Status.RUNNING) | Q(pk__in=_lost_recipients().values("campaign"))).exists():
                later("campaigns.recover")
        except Exception:
            log.exception("campaigns_not_swept", company=company.schema_name)


def _lost_recipients() -> QuerySet[Recipient]:
    return Recipient.objects.filter(state=Recipient.State.CLAIMED, leased_until__lt=now())
