"""Receipts that come in while a campaign goes out: 3,000 a second through the webhook door, 1,000 a second to the gateway."""

import asyncio
import json
import time
from typing import Any

import requests
from django.db.models import Max, Sum
from pyreqwest.client import ClientBuilder

from campaigns.models import Campaign, CampaignCount
from campaigns.services.lifecycle import start_campaign
from config.bench.ingress import route_of, signature_of
from config.bench.installation import Installation
from config.bench.pace import fullest_second, usual_second
from config.bench.receipts import sent_campaign
from config.bench.results import Result
from config.bench.sending import campaign_to, gateway, line_at_gateway, people
from config.ground import processes
from config.ground.testing import wait_until
from connectors.models import Connection
from tenants.lib.clock import now
from tenants.lib.tenancy import enter, enter_public
from tenants.models import Company, Webhook

SECONDS = 20
RECEIPTS, PER_CALL = 3_000, 100  # a second; statuses of one call
MESSAGES, LATENCY_MS, PARALLEL = 1_000, 20, 200
PATIENCE_SECONDS = 60
APPLIED_GOAL, SENT_GOAL = 0.95 * RECEIPTS, 0.9 * MESSAGES
NUMBER, PREFIX = "600", "mixed-"


def run(installation: Installation, company: Company) -> list[Result]:
    token = route_of(company, phone_number_id=NUMBER)
    inbound, campaigns = processes.workers(concurrency=1)
    with enter(company):
        answered = Connection.objects.get(name=f"Number {NUMBER}")
        told = sent_campaign(answered, prefix=PREFIX, count=RECEIPTS * SECONDS)
        fast = line_at_gateway("Fast and told", 601, rate=MESSAGES, parallel=PARALLEL)
        going = campaign_to(people(MESSAGES * SECONDS, area=31), fast)
        warming = campaign_to(people(200, area=32), fast)
    with gateway(installation, latency_ms=LATENCY_MS) as graph, installation.process(processes.web("127.0.0.1", installation.port)):
        with installation.process(inbound, GRAPH_URL=graph), installation.process(campaigns, GRAPH_URL=graph):
            with enter(company):
                start_campaign(warming, by=None)
                _finished(warming)
                requests.get(f"{graph}/arrivals", timeout=10)
                start_campaign(going, by=None)
            began = now()
            asyncio.run(_tell(f"{installation.url}/webhooks/{token}/"))
            with enter_public():
                left = Webhook.objects.filter(company_id=company.pk, connection_id=answered.pk, state=Webhook.State.NEW)
                wait_until(lambda: not left.exists(), seconds=PATIENCE_SECONDS, what="the receipts' end")
                ended = Webhook.objects.filter(company_id=company.pk, connection_id=answered.pk).aggregate(at=Max("done_at"))["at"]
            with enter(company):
                _finished(going)
                wrong = _wrong(told, {"delivered": RECEIPTS * SECONDS}) + _wrong(going, {"sent": MESSAGES * SECONDS, "queued": 0})
            arrivals: list[float] = sorted(requests.get(f"{graph}/arrivals", timeout=10).json())
    applied = RECEIPTS * SECONDS / (ended - began).total_seconds()
    sent, most = usual_second(arrivals), fullest_second(arrivals)
    told_of = f"{RECEIPTS:,}/s told for {SECONDS} s, to the last one applied"
    is_sent = sent >= SENT_GOAL and most <= MESSAGES
    return [
        Result("mixed_receipts", applied, "receipts/s", told_of, f">= {APPLIED_GOAL:.0f}", applied >= APPLIED_GOAL),
        Result("mixed_sent", sent, "messages/s", f"meanwhile; fullest second {most}", f">= {SENT_GOAL:.0f}", is_sent),
        Result("mixed_counters", wrong, "counters", "that are not exact afterwards", "0", wrong == 0),
    ]


def _finished(campaign: Campaign) -> None:
    finished = Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.FINISHED)
    wait_until(finished.exists, seconds=PATIENCE_SECONDS, what="the campaign's end")


def _wrong(campaign: Campaign, expected: dict[str, int]) -> int:
    counts = CampaignCount.objects.filter(campaign=campaign, minute=None).values_list("name")
    counted = dict(counts.annotate(amount=Sum("delta")).order_by())
    wrong = {name: counted.get(name, 0) for name, amount in expected.items() if counted.get(name, 0) != amount}
    print(f"  {campaign.name}: {counted}" + (f"   WRONG: {wrong}" if wrong else ""), flush=True)
    return len(wrong)


async def _tell(url: str) -> None:
    """At an even rate, whatever the answers do."""
    async with ClientBuilder().build() as http:
        began, calls = time.perf_counter(), []
        for place in range(RECEIPTS * SECONDS // PER_CALL):
            await asyncio.sleep(max(0.0, began + place * PER_CALL / RECEIPTS - time.perf_counter()))
            body = _call(place * PER_CALL)
            headers = {"X-Hub-Signature-256": signature_of(body), "Content-Type": "application/json"}
            calls.append(asyncio.create_task(_ok(http.post(url).headers(headers).body_bytes(body).build())))
        await asyncio.gather(*calls)


async def _ok(request: Any) -> None:
    response = await request.send()
    assert response.status == 200, response.status


def _call(first: int) -> bytes:
    stamp = str(int(time.time()))
    statuses = [
        {"id": f"wamid.{PREFIX}{number}", "status": "delivered", "timestamp": stamp, "recipient_id": "5531999999999"}
        for number in range(first + 1, first + PER_CALL + 1)
    ]
    value = {"messaging_product": "whatsapp", "metadata": {"display_phone_number": NUMBER, "phone_number_id": NUMBER}, "statuses": statuses}
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
