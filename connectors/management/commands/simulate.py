"""Traffic of customers through the simulator: `manage.py simulate --company acme --rate 50 --seconds 30`."""

import random
import time
from argparse import ArgumentParser
from typing import Any

import orjson
import requests
from django.core.management.base import BaseCommand, CommandError

from connectors import simulating
from connectors.models import Connection
from connectors.providers.simulator import wire
from connectors.providers.simulator.network import Line
from connectors.providers.simulator.provider import SIGNATURE_HEADER, signature_of
from connectors.simulating import PROVIDER, Saying
from tenants.lib.tenancy import enter
from tenants.models import Company, WebhookRoute

MOST_PER_SECOND = 5000
MOST_SECONDS = 3600
ROUND_SECONDS = 0.05
NAMES = ("Ana", "Bruno", "Carla", "Davi", "Elisa", "Fábio", "Gabi", "Heitor", "Iara", "João")
SENTENCES = (
    "Hello, is anybody there?",
    "Where is my order?",
    "Olá! Qual o horário de funcionamento?",
    "Can I change the delivery address?",
    "Obrigado pela ajuda!",
    "How much is the blue one?",
)


class Command(BaseCommand):
    help = "Lets simulated customers write to a company: N messages a second, for some seconds, stored like any gateway's calls."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", required=True, help="the company's short name")
        parser.add_argument("--rate", type=float, default=1.0, help=f"messages a second, at most {MOST_PER_SECOND}")
        parser.add_argument("--seconds", type=float, default=10.0, help=f"how long, at most {MOST_SECONDS}")
        parser.add_argument("--customers", type=int, default=10, help="how many different people write")
        parser.add_argument("--connection", type=int, help="the connection's id; else the company's first simulator")
        parser.add_argument("--url", help="post over HTTP to this server (http://127.0.0.1:8000) instead of storing directly")

    def handle(self, *args: Any, **options: Any) -> None:
        rate, seconds = options["rate"], options["seconds"]
        if not 0 < rate <= MOST_PER_SECOND or not 0 < seconds <= MOST_SECONDS or not 0 < options["customers"] <= 1_000_000:
            raise CommandError(f"Allowed: --rate up to {MOST_PER_SECOND}, --seconds up to {MOST_SECONDS}, --customers up to 1000000.")
        line, route = _line_of(options["company"], options["connection"])
        people = [(f"+55119{70000000 + number}", NAMES[number % len(NAMES)]) for number in range(options["customers"])]
        deliver = _post(options["url"], route) if options["url"] else lambda bodies: simulating.store(line, bodies)
        sent, started = 0, time.monotonic()
        try:
            while sent < (total := max(1, int(rate * seconds))):
                wanted = min(int((time.monotonic() - started) * rate) + 1, total) - sent
                if wanted:
                    deliver([_body(*random.choice(people)) for _number in range(wanted)])
                sent += wanted
                time.sleep(ROUND_SECONDS)
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")
        took = time.monotonic() - started
        self.stdout.write(f"{sent} messages from {len(people)} customers in {took:.1f} s ({sent / took:.1f} a second).")


def _line_of(slug: str, connection_id: int | None) -> tuple[Line, WebhookRoute]:
    company = Company.objects.filter(schema_name=slug).first()
    if company is None:
        raise CommandError(f"There is no company {slug}.")
    with enter(company):
        connections = Connection.objects.filter(provider=PROVIDER).order_by("id")
        connection = connections.filter(pk=connection_id).first() if connection_id else connections.first()
    if connection is None:
        raise CommandError(f"{slug} has no such simulator connection.")
    route = WebhookRoute.objects.filter(company=company, connection_id=connection.pk).first()
    if route is None:
        raise CommandError("This connection has no webhook address.")
    return Line(company.pk, connection.pk), route


def _body(number: str, name: str) -> bytes:
    item = simulating.message_item(number, Saying(body=random.choice(SENTENCES)), name=name)
    return wire.webhook_of(messages=[orjson.dumps(item)])


def _post(url: str, route: WebhookRoute) -> Any:
    secrets: Any = route.secrets
    secret = secrets.get("secret")
    if not secret:
        raise CommandError("Over HTTP calls must be signed: enter a secret in the connection's credentials first, or leave --url out.")
    session = requests.Session()
    address = f"{url.rstrip('/')}/webhooks/{route.token}/"

    def deliver(bodies: list[bytes]) -> None:
        for body in bodies:
            answer = session.post(
                address,
                data=body,
                headers={SIGNATURE_HEADER: signature_of(body, secret), "Content-Type": "application/json"},
                timeout=(2, 10),
            )
            if not answer.ok:
                raise CommandError(f"{address} answered {answer.status_code}.")

    return deliver
