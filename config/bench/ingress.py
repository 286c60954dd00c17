"""Webhooks: verified, stored and then answered; held against the same server with a handler that stores nothing."""

import hashlib
import hmac
import json
import secrets
import subprocess
import sys

from config.bench.bare import SECRET
from config.bench.installation import Installation
from config.bench.results import Result, middle
from config.ground import processes
from config.ground.ports import free_port, is_free
from config.ground.process import Process
from connectors.models import Connection
from tenants.lib.tenancy import enter, enter_public
from tenants.models import Company, Webhook, WebhookRoute

CONNECTIONS = 100
SECONDS = 4.0
ROUNDS = 3
GOAL = 0.5


def run(installation: Installation, company: Company) -> list[Result]:
    path = f"/webhooks/{route_of(company, phone_number_id='100')}/"
    bare_port = free_port()
    argv = (sys.executable, "-m", "uvicorn", "config.bench.bare:application", "--host", "127.0.0.1", "--port", str(bare_port))
    bare = Process("bare", (*argv, "--no-access-log", "--log-level", "warning"), is_ready=lambda: not is_free(bare_port))
    durable_rates, bare_rates, waits = [], [], []
    with installation.process(processes.web("127.0.0.1", installation.port)), installation.process(bare):
        for _ in range(ROUNDS):
            stored_before = _stored()
            cpu_before = {name: installation.cpu_seconds(name) for name in ("web", "postgres")}
            said = _load(installation.port, path)
            cpu = {name: (installation.cpu_seconds(name) - before) / said["requests"] * 1e6 for name, before in cpu_before.items()}
            stored = _stored() - stored_before
            assert said["refused"] == 0 and stored >= said["requests"], f"{said} but {stored} stored"
            durable_rates.append(said["requests"] / SECONDS)
            waits.append(said["p99_ms"])
            bare_rates.append(_load(bare_port, path)["requests"] / SECONDS)
            print(f"  durable {durable_rates[-1]:8,.0f}/s (p99 {waits[-1]:.1f} ms)   bare {bare_rates[-1]:8,.0f}/s", end="   ")
            print("CPU per durable call: " + ", ".join(f"{name} {micros:.0f} us" for name, micros in cpu.items()), flush=True)
    with enter_public():
        Webhook.objects.all().delete()
    rate, bare_rate = middle(durable_rates), middle(bare_rates)
    ratio = rate / bare_rate
    return [
        Result("ingress", ratio, "x", f"bare handler, same server: {bare_rate:,.0f}/s", f">= {GOAL}", ratio >= GOAL),
        Result("ingress_rate", rate, "calls/s", f"p99 {middle(waits):.1f} ms at {CONNECTIONS} connections", "", None),
    ]


def route_of(company: Company, *, phone_number_id: str) -> str:
    """The token of a new Cloud API number's door."""
    token = secrets.token_urlsafe(32)
    credentials = {"phone_number_id": phone_number_id, "access_token": "bench", "app_secret": SECRET.decode(), "verify_token": "bench"}
    with enter(company):
        line = Connection.objects.create(name=f"Number {phone_number_id}", provider="cloud_api", state="connected", credentials=credentials)
    with enter_public():
        known = {"app_secret": SECRET.decode(), "verify_token": "bench"}
        WebhookRoute.objects.create(token=token, company=company, connection_id=line.pk, provider="cloud_api", secrets=known)
    return token


def signature_of(body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def _load(port: int, path: str) -> dict[str, float]:
    status = {"id": "wamid.bench", "status": "delivered", "timestamp": "1790000000", "recipient_id": "5511999999999"}
    value = {"messaging_product": "whatsapp", "metadata": {"display_phone_number": "1", "phone_number_id": "100"}, "statuses": [status]}
    body = json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]}
    ).encode()
    arguments = [str(port), path, signature_of(body), str(CONNECTIONS), str(SECONDS)]
    done = subprocess.run([sys.executable, "-m", "config.bench.load", *arguments], input=body, capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


def _stored() -> int:
    with enter_public():
        return Webhook.objects.count()
