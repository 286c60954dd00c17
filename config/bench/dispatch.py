"""A campaign, durable, by one worker process, to a gateway that answers at once; held against the dispatcher of the seed systems."""

import os
import re
import subprocess
from pathlib import Path

from django.db.models import Min

from campaigns.models import Campaign, Recipient
from campaigns.services.lifecycle import start_campaign
from config.bench.installation import Installation
from config.bench.results import Result, middle
from config.bench.sending import campaign_to, gateway, line_at_gateway, people
from config.ground import embedded, frontend, processes
from config.ground.ports import free_port, is_free
from config.ground.process import Process
from config.ground.testing import spawn, wait_until
from connectors.models import Connection
from contacts.models import Contact
from tenants.lib.tenancy import enter
from tenants.models import Company

MESSAGES = 10_000
PARALLEL = 256  # what a number of 1,000 messages a second gets
PEER_PARALLEL = 64  # as its own README says; more made it no faster
ROUNDS = 3
GOAL = 2.5
LONGEST_SECONDS = 120
PEER = Path(__file__).resolve().parents[3] / "shared" / "bench" / "bullmq_dispatch.mjs"


def run(installation: Installation, company: Company) -> list[Result]:
    worker = processes.worker("worker", "campaigns,default", concurrency=1)
    ours: list[float] = []
    theirs: list[float] = []
    where: dict[str, float] = {}
    with gateway(installation) as graph:
        peer = _peer(installation, graph)
        with installation.process(worker, GRAPH_URL=graph):
            with enter(company):
                line = line_at_gateway("Bench", 1, parallel=PARALLEL)
                contacts = people(MESSAGES, area=11)
                _dispatch(line, contacts[:500])  # the worker has started and knows its statements
            for _ in range(ROUNDS):
                with enter(company):
                    before = _cpu(installation)
                    ours.append(_dispatch(line, contacts))
                    where = {name: (spent - before[name]) / MESSAGES * 1e6 for name, spent in _cpu(installation).items()}
                print(f"  recado    {ours[-1]:8,.0f} messages/s   CPU per message: {_words(where)}", flush=True)
                if peer is not None:
                    theirs.append(peer.run())
                    print(f"  BullMQ    {theirs[-1]:8,.0f} messages/s   {peer.said}", flush=True)
        if peer is not None:
            peer.stop()
    rate = middle(ours)
    results = [Result("dispatch_rate", rate, "messages/s", f"CPU per message: {_words(where)}", "", None)]
    if not theirs:
        print(f"  The peer is not there ({PEER.name} in ../shared/bench, Node and npm): skipped.")
        return [*results, Result("dispatch", 0.0, "x", "no peer on this machine", f">= {GOAL}", None)]
    ratio = rate / middle(theirs)
    against = f"BullMQ + axios, {PEER_PARALLEL} in parallel: {middle(theirs):,.0f}/s"
    return [*results, Result("dispatch", ratio, "x", against, f">= {GOAL}", ratio >= GOAL)]


def _dispatch(line: Connection, contacts: list[Contact]) -> float:
    """Messages a second, from the first stamp to the last record."""
    campaign = campaign_to(contacts, line)
    start_campaign(campaign, by=None)
    finished = Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.FINISHED)
    wait_until(finished.exists, seconds=LONGEST_SECONDS, what="the campaign's end")
    campaign.refresh_from_db()
    recipients = Recipient.objects.filter(campaign=campaign)
    assert recipients.filter(state="sent").count() == len(contacts), "not everybody got it"
    began = recipients.aggregate(first=Min("attempted_at"))["first"]
    return len(contacts) / (campaign.finished_at - began).total_seconds()


def _cpu(installation: Installation) -> dict[str, float]:
    return {name: installation.cpu_seconds(name) for name in ("worker", "postgres", "valkey", "provider")}


def _words(where: dict[str, float]) -> str:
    return ", ".join(f"{name} {microseconds:.0f} us" for name, microseconds in where.items())


class Peer:
    """BullMQ on a Valkey without persistence, as its own README asks for; the script runs from a folder of ours, on ports of ours."""

    def __init__(self, folder: Path, node: Path, graph: str) -> None:
        self.node = node
        self.said = ""
        port = free_port()
        text = PEER.read_text().replace("6390", str(port)).replace("9099", graph.rpartition(":")[2])
        self.script = folder / PEER.name
        self.script.write_text(text)
        binary = str(embedded.get_binary_path())
        argv = (binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder))
        self.valkey = spawn(Process("peer-valkey", argv), log=folder / "valkey.log")
        wait_until(lambda: not is_free(port), seconds=10, what="the peer's Valkey")

    def run(self) -> float:
        command = [str(self.node), str(self.script), str(MESSAGES), str(PEER_PARALLEL)]
        self.said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LONGEST_SECONDS).stdout.strip()
        found = re.search(r"dispatch (\d+)/s", self.said)
        assert found, self.said
        return float(found[1])

    def stop(self) -> None:
        self.valkey.terminate()
        self.valkey.wait()


def _peer(installation: Installation, graph: str) -> Peer | None:
    if not PEER.exists():
        return None
    folder = installation.home.parent / "peer"
    folder.mkdir(exist_ok=True)
    if not (folder / "node_modules" / "bullmq").exists():
        install = (*frontend.npm(), "install", "--prefix", str(folder), "--no-audit", "--no-fund", "bullmq", "axios", "ioredis")
        done = subprocess.run(install, capture_output=True, text=True, check=False, env={**os.environ, **frontend.node_environment()})
        if done.returncode:
            print(f"  npm could not install the peer: {done.stderr.strip()[-300:]}")
            return None
    return Peer(folder, frontend.node_binary(), graph)
