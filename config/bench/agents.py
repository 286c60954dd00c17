"""An agent's answer, from the call to its arrival at the gateway, while a campaign uses up the same number; against when none does."""

import time

import requests

from accounts.models import User
from campaigns.services.lifecycle import cancel_campaign, start_campaign
from config.bench.inbound import EMAIL, PASSWORD
from config.bench.installation import Installation
from config.bench.results import Result, percentile
from config.bench.sending import campaign_to, gateway, line_at_gateway, people
from config.ground import processes
from config.ground.testing import wait_until
from connectors.models import Connection
from contacts.models import Contact
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tenants.models import Company
from tickets.models import Ticket

ANSWERS, EVERY_SECONDS = 60, 0.4
RATE, PARALLEL, LATENCY_MS = 50, 32, 20
PEOPLE = 4_000  # more than the number can take meanwhile
WARMING_UP = 10
PATIENCE_SECONDS = 30
GOAL = 2.0


def run(installation: Installation, company: Company) -> list[Result]:
    inbound, campaigns = processes.workers(concurrency=1)
    with enter(company):
        line = line_at_gateway("Shared", 700, rate=RATE, parallel=PARALLEL)
        contacts = people(PEOPLE, area=41)
        tickets = _open_tickets(line, contacts[: ANSWERS * 2])
    with gateway(installation, latency_ms=LATENCY_MS) as graph, installation.process(processes.web("127.0.0.1", installation.port)):
        sending = (installation.process(each, GRAPH_URL=graph) for each in (inbound, campaigns))
        with next(sending), next(sending), installation.process(processes.beat()):
            answer = _Answering(installation.url, graph)
            for place in range(WARMING_UP):
                answer.seconds(tickets[place])
            idle = answer.all(tickets[:ANSWERS])
            with enter(company):
                campaign = campaign_to(contacts, line)
                start_campaign(campaign, by=None)
            answer.arrivals()
            wait_until(answer.arrivals, seconds=PATIENCE_SECONDS, what="the campaign's messages")
            busy = answer.all(tickets[ANSWERS:])
            sent = len(answer.arrivals()) / (ANSWERS * EVERY_SECONDS)
            with enter(company):
                campaign.refresh_from_db()
                assert campaign.status == "running", "the campaign ended before the agents had answered"
                cancel_campaign(campaign, by=None)
    p95 = {name: percentile(seconds, 0.95) * 1000 for name, seconds in (("idle", idle), ("busy", busy))}
    ratio = p95["busy"] / p95["idle"]
    against = f"p95 idle {p95['idle']:.0f} ms, busy {p95['busy']:.0f} ms; number at {RATE}/s, all of it: {sent:.0f}/s meanwhile"
    return [Result("agents_first", ratio, "x", against, f"<= {GOAL:.0f}", ratio <= GOAL)]


class _Answering:
    """An agent's session, and the gateway's ear."""

    def __init__(self, url: str, graph: str) -> None:
        self.url, self.graph = url, graph
        self.session = requests.Session()
        login = self.session.post(f"{url}/api/v1/auth/login/", json={"email": EMAIL, "password": PASSWORD}, timeout=PATIENCE_SECONDS)
        self.session.headers["Authorization"] = f"Bearer {login.json()['access']}"

    def all(self, tickets: list[int]) -> list[float]:
        times = []
        for ticket in tickets:
            took = self.seconds(ticket)
            times.append(took)
            time.sleep(max(0.0, EVERY_SECONDS - took))
        return times

    def seconds(self, ticket: int) -> float:
        self._heard()
        began = time.monotonic()
        said = self.session.post(f"{self.url}/api/v1/tickets/{ticket}/messages/", json={"body": "Of course."}, timeout=PATIENCE_SECONDS)
        assert said.status_code == 201, said.text
        ended = began + PATIENCE_SECONDS
        while not (heard := self._heard()):
            assert time.monotonic() < ended, "the answer did not arrive at the gateway"
            time.sleep(0.01)
        return heard[0] - began

    def arrivals(self) -> list[float]:
        times: list[float] = requests.get(f"{self.graph}/arrivals", timeout=PATIENCE_SECONDS).json()
        return times

    def _heard(self) -> list[float]:
        times: list[float] = requests.get(f"{self.graph}/texts", timeout=PATIENCE_SECONDS).json()
        return times


def _open_tickets(line: Connection, contacts: list[Contact]) -> list[int]:
    admin = User.objects.get(email=EMAIL)
    common = {"connection": line, "status": Ticket.Status.OPEN, "assignee": admin, "last_inbound_at": now(), "accepted_at": now()}
    tickets = [Ticket(contact=contact, protocol=f"BA{contact.pk}", **common) for contact in contacts]
    return [ticket.pk for ticket in Ticket.objects.bulk_create(tickets)]
