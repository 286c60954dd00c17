"""The inbox of a company with 200,000 conversations, against that of one with 1,000: the same calls, one after the other."""

import hashlib
import statistics
import time
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.services.sessions import open_session
from accounts.tokens import access_token
from accounts.types import Device
from config.bench.crowds import Crowd, furnish
from config.bench.installation import Installation
from config.bench.results import Result, percentile
from tenants.lib.tenancy import enter
from tenants.models import Company
from tickets.models import Ticket

SMALL = Crowd("small", tickets=1_000, contacts=600, open=100, pending=100)
LARGE = Crowd("large", tickets=200_000, contacts=100_000, open=2_000, pending=1_000)
ROUNDS = 40
GOAL = 1.5
PAGE = "page_size=50"


@dataclass(frozen=True)
class Place:
    client: APIClient
    calls: dict[str, str]


def run(installation: Installation, company: Company) -> list[Result]:
    began = time.perf_counter()
    places = {crowd.slug: _place(crowd) for crowd in (SMALL, LARGE)}
    print(f"  {LARGE.tickets:,} conversations written in {time.perf_counter() - began:.0f} s", flush=True)
    ratios: dict[str, float] = {}
    unequal = []
    for name in places["small"].calls:
        counts = {slug: _questions(place, name) for slug, place in places.items()}
        times = _times(places, name)
        p95 = {slug: percentile(seconds, 0.95) * 1000 for slug, seconds in times.items()}
        ratios[name] = p95["large"] / p95["small"]
        middles = {slug: statistics.median(seconds) * 1000 for slug, seconds in times.items()}
        print(
            f"  {name:28} p95 {p95['small']:7.1f} → {p95['large']:7.1f} ms ({ratios[name]:.2f}x)   "
            f"median {middles['small']:6.1f} → {middles['large']:6.1f} ms   questions {counts['small']} → {counts['large']}",
            flush=True,
        )
        if counts["small"] != counts["large"]:
            unequal.append(name)
    worst = max(ratios, key=lambda name: ratios[name])
    against = f"p95 at {LARGE.tickets:,} conversations over that at {SMALL.tickets:,}; worst: {worst}"
    return [
        Result("inbox_scale", ratios[worst], "x", against, f"<= {GOAL}", ratios[worst] <= GOAL),
        Result("inbox_questions", len(unequal), "calls", "whose number of queries grows with the company", "0", not unequal),
    ]


def _place(crowd: Crowd) -> Place:
    company, admin, agent = furnish(crowd)
    with enter(company):
        opened = Ticket.objects.filter(status="open", assignee=agent).order_by("-id").first()
        assert opened is not None
        token = {user: access_token(company, open_session(user, device=Device())) for user in (admin, agent)}
    client = APIClient(HTTP_HOST=f"{crowd.slug}.localhost")
    managers, agents = (f"Bearer {token[user]}" for user in (admin, agent))
    calls = {
        "open, manager": (managers, f"tickets/?status=open&{PAGE}"),
        "pending, manager": (managers, f"tickets/?status=pending&{PAGE}"),
        "closed, manager": (managers, f"tickets/?status=closed&{PAGE}"),
        "mine, agent": (agents, "tickets/?status=open&mine=true&page_size=20"),
        "pending, agent": (agents, "tickets/?status=pending&page_size=20"),
        "closed, agent": (agents, f"tickets/?status=closed&{PAGE}"),
        "counts, agent": (agents, "tickets/counts/"),
        "found by contact's name": (managers, f"tickets/?search={_mark('contact 42')}"),
        "found by contact's phone": (managers, f"tickets/?search=55119{42 * 7919:08d}"),
        "found by words": (managers, f"tickets/?search={_mark('order 777 3')}"),
        "contact found by name": (managers, f"contacts/?search={_mark('contact 42')}"),
        "conversation": (agents, f"tickets/{opened.pk}/"),
        "its messages": (agents, f"tickets/{opened.pk}/messages/?{PAGE}"),
    }
    client.credentials()
    return Place(client, {name: f"{who}\n/api/v1/{path}" for name, (who, path) in calls.items()})


def _mark(words: str) -> str:
    """What crowds.py wrote there: something to find that nothing else resembles."""
    return hashlib.md5(words.encode()).hexdigest()[:10]


def _call(place: Place, name: str) -> None:
    who, path = place.calls[name].split("\n")
    answer = place.client.get(path, HTTP_AUTHORIZATION=who)
    assert answer.status_code == 200, (name, answer.content[:300])


def _questions(place: Place, name: str) -> int:
    """The fewest of three: now and then a call also refreshes what a process remembers of companies."""
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as questions:
            _call(place, name)
        counts.append(len(questions))
    return min(counts)


def _times(places: dict[str, Place], name: str) -> dict[str, list[float]]:
    """Small and large in turn, so that whatever else the machine does meets both."""
    times: dict[str, list[float]] = {slug: [] for slug in places}
    for _ in range(ROUNDS):
        for slug, place in places.items():
            began = time.perf_counter()
            _call(place, name)
            times[slug].append(time.perf_counter() - began)
    return times
