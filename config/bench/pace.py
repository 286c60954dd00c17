"""Numbers at their speed, to a gateway that takes 100 ms: two workers for two numbers against one, and a ceiling that is reached and
never broken. Counted where it matters: by what arrives at the gateway."""

from collections import Counter

import requests

from campaigns.models import Campaign
from campaigns.services.lifecycle import start_campaign
from config.bench.installation import Installation
from config.bench.results import Result, middle
from config.bench.sending import campaign_to, gateway, line_at_gateway, people
from config.ground import processes
from config.ground.testing import wait_until
from connectors.models import Connection
from contacts.models import Contact
from tenants.lib.tenancy import enter
from tenants.models import Company

LATENCY_MS = 100
PARALLEL = 200
EACH, EACH_RATE, TWO_GOAL = 4_000, 400, 1.9
MESSAGES, CEILING, REACHED_GOAL = 8_000, 1_000, 900
LONGEST_SECONDS = 120


def run(installation: Installation, company: Company) -> list[Result]:
    first, second = (processes.worker(f"worker-{number}", "campaigns,default", concurrency=1) for number in (1, 2))
    with gateway(installation, latency_ms=LATENCY_MS) as graph, enter(company):
        contacts = people(MESSAGES, area=21)
        slow = [line_at_gateway(f"Slow {number}", 100 + number, rate=EACH_RATE, parallel=PARALLEL) for number in (1, 2)]
        fast = line_at_gateway("Fast", 103, rate=CEILING, parallel=PARALLEL)
        with installation.process(first, GRAPH_URL=graph):
            _arrivals(graph, [slow[0]], contacts[:200])  # the worker has started and knows its statements
            one = _speed(_arrivals(graph, slow[:1], contacts[:EACH]))
            at_ceiling = _arrivals(graph, [fast], contacts)
            with installation.process(second, GRAPH_URL=graph):
                _arrivals(graph, slow, contacts[:200])
                two = _speed(_arrivals(graph, slow, contacts[:EACH]))
    reached, most = usual_second(at_ceiling), fullest_second(at_ceiling)
    mean = f"{_speed(at_ceiling):,.0f}/s from the first to the last"
    return [
        Result("pace_two_workers", two / one, "x", f"one: {one:,.0f}/s, two: {two:,.0f}/s", f">= {TWO_GOAL}", two / one >= TWO_GOAL),
        Result("pace_reached", reached, "messages/s", mean, f">= {REACHED_GOAL}", reached >= REACHED_GOAL),
        Result("pace_ceiling", most, "in the fullest second", f"{CEILING:,} allowed", f"<= {CEILING}", most <= CEILING),
    ]


def _arrivals(graph: str, lines: list[Connection], contacts: list[Contact]) -> list[float]:
    """One campaign a number, at the same time; when each message arrived."""
    requests.get(f"{graph}/arrivals", timeout=10)
    campaigns = [campaign_to(contacts, line) for line in lines]
    for campaign in campaigns:
        start_campaign(campaign, by=None)
    finished = Campaign.objects.filter(pk__in=[campaign.pk for campaign in campaigns], status=Campaign.Status.FINISHED)
    wait_until(lambda: finished.count() == len(campaigns), seconds=LONGEST_SECONDS, what="the campaigns' end")
    arrivals: list[float] = sorted(requests.get(f"{graph}/arrivals", timeout=10).json())
    assert len(arrivals) == len(lines) * len(contacts), f"{len(arrivals)} arrived"
    return arrivals


def _speed(arrivals: list[float]) -> float:
    return (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])


def usual_second(arrivals: list[float]) -> float:
    """The middle of the whole seconds, without the last, which is not whole."""
    by_second = Counter(int(arrival - arrivals[0]) for arrival in arrivals)
    return middle([by_second[second] for second in range(max(by_second))])


def fullest_second(arrivals: list[float]) -> int:
    """Most arrivals in any window of one second, wherever it begins."""
    most = begin = 0
    for end, arrival in enumerate(arrivals):
        while arrival - arrivals[begin] >= 1.0:
            begin += 1
        most = max(most, end - begin + 1)
    return most
