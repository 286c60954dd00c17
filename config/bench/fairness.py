"""A company's campaign of 100 while another's of 100,000 is on the only worker: how much later its last message goes."""

import time

from campaigns.models import Campaign
from campaigns.services.lifecycle import cancel_campaign, start_campaign
from config.bench.installation import Installation
from config.bench.results import Result, middle
from config.bench.sending import campaign_to, gateway, line_at_gateway, people
from config.ground import processes
from config.ground.testing import wait_until
from tenants.lib.tenancy import enter
from tenants.models import Company
from tenants.services.companies import create_company

LARGE, SMALL, ROUNDS = 100_000, 100, 3
PARALLEL = 128
PATIENCE_SECONDS = 60
GOAL = 10.0


def run(installation: Installation, company: Company) -> list[Result]:
    neighbour = create_company(slug="neighbour", name="Neighbour", admin_email="admin@neighbour.test", by="bench")
    worker = processes.worker("worker", "campaigns,default", concurrency=1)
    with enter(company):
        large = campaign_to(people(LARGE, area=51), line_at_gateway("Large", 800, parallel=PARALLEL))
    with enter(neighbour):
        line, contacts = line_at_gateway("Small", 801, parallel=PARALLEL), people(SMALL, area=52)
        small = [campaign_to(contacts, line) for _ in range(2 * ROUNDS + 1)]
    with gateway(installation, latency_ms=5) as graph, installation.process(worker, GRAPH_URL=graph):
        _seconds(neighbour, small[0])  # the worker has started
        alone = [_seconds(neighbour, campaign) for campaign in small[1 : ROUNDS + 1]]
        with enter(company):
            start_campaign(large, by=None)
        time.sleep(1)
        beside = [_seconds(neighbour, campaign) for campaign in small[ROUNDS + 1 :]]
        with enter(company):
            large.refresh_from_db()
            assert large.status == Campaign.Status.RUNNING, "the large one ended before the small ones"
            cancel_campaign(large, by=None)
    delay = max(beside) - middle(alone)
    against = f"alone {middle(alone):.1f} s, beside {LARGE:,}: {', '.join(f'{seconds:.1f}' for seconds in beside)} s"
    return [Result("fairness", delay, "s later", against, f"< {GOAL:.0f}", delay < GOAL)]


def _seconds(company: Company, campaign: Campaign) -> float:
    """From the start to the end."""
    with enter(company):
        began = time.perf_counter()
        start_campaign(campaign, by=None)
        finished = Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.FINISHED)
        wait_until(finished.exists, seconds=PATIENCE_SECONDS, what="the small campaign's end")
        return time.perf_counter() - began
