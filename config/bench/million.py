"""A campaign to a million: how long its audience takes to freeze, whether the worker's memory stays flat, how fast its report answers all
the while, and whether its counters are exact."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections
from django.db.models import Sum
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services.sessions import open_session
from accounts.tokens import access_token
from accounts.types import Device
from campaigns.models import Campaign, Recipient
from campaigns.services.lifecycle import cancel_campaign, pause_campaign, start_campaign
from config.bench.crowds import write_contacts
from config.bench.installation import Installation
from config.bench.results import Result, percentile
from config.bench.sending import draft_of, gateway, line_at_gateway
from config.ground import processes
from config.ground.process import family
from config.ground.testing import wait_until
from tenants.lib.tenancy import enter
from tenants.models import Company
from tenants.services.companies import create_company

PEOPLE = 1_000_000
PARALLEL = 128
SECONDS = 60  # of sending
EVERY_SECONDS = 0.25
SETTLED_SECONDS = 60
START_SECONDS = 30
FREEZE_GOAL, MEMORY_GOAL, REPORT_GOAL = 15.0, 200.0, 100.0
SLUG = "million"

_FULL_COUNT = """
SELECT count(*) FILTER (WHERE state IN ('pending', 'claimed')) AS queued, count(*) FILTER (WHERE status >= 10 AND status <> 25) AS sent,
    count(*) FILTER (WHERE status >= 30) AS delivered, count(*) FILTER (WHERE status >= 40) AS read,
    count(*) FILTER (WHERE status = 25) AS failed, count(*) FILTER (WHERE status = 5) AS unknown,
    count(*) FILTER (WHERE state = 'excluded') AS excluded, count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
    count(replied_at) AS replied
FROM campaigns_recipient WHERE campaign_id = %s
"""


def run(installation: Installation, _company: Company) -> list[Result]:
    company = create_company(slug=SLUG, name="Million", admin_email=f"admin@{SLUG}.test", by="bench")
    worker = processes.worker("worker", "campaigns,default", concurrency=1)
    with enter(company):
        began = time.perf_counter()
        write_contacts(PEOPLE)
        print(f"  {PEOPLE:,} contacts written in {time.perf_counter() - began:.0f} s", flush=True)
        campaign = draft_of(line_at_gateway("Million", 900, parallel=PARALLEL), is_for_everybody=True)
        admin = User.objects.get()
        bearer = f"Bearer {access_token(company, open_session(admin, device=Device()))}"
    with gateway(installation) as graph, installation.process(processes.beat()):
        with installation.process(worker, GRAPH_URL=graph), _watched(installation, bearer, campaign.pk) as watched, enter(company):
            wait_until(lambda: processes.is_worked(installation.services.redis_url), seconds=START_SECONDS, what="the worker")
            began = time.perf_counter()
            start_campaign(campaign, by=admin)
            frozen = time.perf_counter() - began
            print(f"  frozen in {frozen:.1f} s", flush=True)
            began = time.perf_counter()
            time.sleep(SECONDS)
            campaign.refresh_from_db()
            pause_campaign(campaign, by=admin)
            sent = _settled(campaign)
            print(f"  {sent:,} sent in {time.perf_counter() - began:.0f} s", flush=True)
            wrong = _difference(campaign)
            cancel_campaign(campaign, by=admin)
            wrong += _difference(campaign)
    memory, slope = max(watched.memory), _growth(watched.memory)
    report = percentile(watched.report, 0.95) * 1000
    asked = f"{len(watched.report)} times while freezing, sending, paused; median {percentile(watched.report, 0.5) * 1000:.0f} ms"
    grown = f"{slope:+.0f} MB from the first third of the sending to its last, {sent:,} sent"
    return [
        Result("million_freeze", frozen, "s", f"{PEOPLE:,} recipients", f"< {FREEZE_GOAL:.0f}", frozen < FREEZE_GOAL),
        Result("million_memory", memory, "MB", grown, f"< {MEMORY_GOAL:.0f}, flat", memory < MEMORY_GOAL and slope < MEMORY_GOAL / 20),
        Result("million_report", report, "ms (p95)", asked, f"< {REPORT_GOAL:.0f}", report < REPORT_GOAL),
        Result("million_counters", wrong, "counters", "that differ from a full count, paused and cancelled", "0", wrong == 0),
    ]


class _Watched:
    def __init__(self) -> None:
        self.report: list[float] = []
        self.memory: list[float] = []


@contextmanager
def _watched(installation: Installation, bearer: str, campaign_id: int) -> Iterator[_Watched]:
    """Somebody looks at the report four times a second, and at the worker's memory."""
    watched, over = _Watched(), threading.Event()

    def look() -> None:
        client = APIClient(HTTP_HOST=f"{SLUG}.localhost")
        while not over.wait(EVERY_SECONDS):
            began = time.perf_counter()
            for path in ("", "stats/"):
                answer = client.get(f"/api/v1/campaigns/{campaign_id}/{path}", HTTP_AUTHORIZATION=bearer)
                assert answer.status_code == 200, answer.content[:300]
            watched.report.append((time.perf_counter() - began) / 2)
            watched.memory.append(_megabytes(installation.running["worker"].pid))

    looking = threading.Thread(target=_told(look))
    looking.start()
    try:
        yield watched
    finally:
        over.set()
        looking.join()


def _told(look: Callable[[], None]) -> Callable[[], None]:
    def whole() -> None:
        try:
            look()
        finally:
            connections.close_all()

    return whole


def _megabytes(pid: int) -> float:
    """Of the largest process of the family: the one that sends."""
    return max((_resident(each) for each in family(pid)), default=0.0)


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6
    except OSError:
        return 0.0


def _growth(memory: list[float]) -> float:
    """Between the middles of its second and its last third; in the first it starts."""
    third = len(memory) // 3
    return percentile(memory[-third:], 0.5) - percentile(memory[third : 2 * third], 0.5)


def _settled(campaign: Campaign) -> int:
    claimed = Recipient.objects.filter(campaign=campaign, state=Recipient.State.CLAIMED)
    wait_until(lambda: not claimed.exists(), seconds=SETTLED_SECONDS, what="what was in flight")
    return Recipient.objects.filter(campaign=campaign, state=Recipient.State.SENT).count()


def _difference(campaign: Campaign) -> int:
    """How many counters are not what a full count says."""
    counted = dict(campaign.counts.filter(minute=None).values_list("name").annotate(amount=Sum("delta")).order_by())
    with connection.cursor() as cursor:
        cursor.execute(_FULL_COUNT, [campaign.pk])
        assert cursor.description is not None
        full = dict(zip((column.name for column in cursor.description), cursor.fetchone(), strict=True))
    wrong = {name: (counted.get(name, 0), amount) for name, amount in full.items() if counted.get(name, 0) != amount}
    print(f"  full count: {full}" + (f"   WRONG: {wrong}" if wrong else ""), flush=True)
    return len(wrong)
