"""From the gateway's call to the agent's browser: 100 customers' messages a second through the webhook door, until their frames arrive."""

import asyncio
import json
import time
from typing import Any

import websockets
from pyreqwest.client import ClientBuilder

from config.bench.ingress import route_of, signature_of
from config.bench.installation import Installation
from config.bench.results import Result, percentile
from config.ground import processes
from tenants.models import Company

EMAIL, PASSWORD = "admin@bench.test", "bench-9-password"
RATE = 100
MESSAGES = 1000
CUSTOMERS = 200
WARMING_UP = 100
PATIENCE_SECONDS = 60
NUMBER = "200"


def run(installation: Installation, company: Company) -> list[Result]:
    token = route_of(company, phone_number_id=NUMBER)
    with (
        installation.process(processes.web("127.0.0.1", installation.port)),
        installation.process(processes.worker("worker-inbound", "inbound,outbound", 2)),
        installation.process(processes.beat()),
    ):
        before = _cpu(installation)
        times = asyncio.run(_measure(installation, token))
        spent = {name: (seconds - before[name]) / MESSAGES * 1000 for name, seconds in _cpu(installation).items()}
    print("  CPU per message: " + ", ".join(f"{name} {milliseconds:.1f} ms" for name, milliseconds in spent.items()), flush=True)
    p95 = percentile(times, 0.95) * 1000
    median, p99 = percentile(times, 0.5) * 1000, percentile(times, 0.99) * 1000
    against = f"median {median:.0f} ms, p99 {p99:.0f} ms, {len(times)} of {MESSAGES} arrived"
    return [Result("inbound_to_socket", p95, "ms (p95)", against, f"all arrive, at {RATE}/s", len(times) == MESSAGES)]


def _cpu(installation: Installation) -> dict[str, float]:
    return {name: installation.cpu_seconds(name) for name in ("web", "worker-inbound", "beat", "postgres", "valkey")}


async def _measure(installation: Installation, token: str) -> list[float]:
    async with ClientBuilder().build() as http:
        login = await _post(http, f"{installation.url}/api/v1/auth/login/", {"email": EMAIL, "password": PASSWORD})
        bearer = {"Authorization": f"Bearer {login['access']}"}
        ticket = await _post(http, f"{installation.url}/api/v1/auth/socket-ticket/", {}, bearer)
        address = f"{installation.url.replace('http', 'ws')}/ws/?ticket={ticket['ticket']}"
        async with websockets.connect(address, max_size=None) as socket:
            assert json.loads(await socket.recv())["event"] == "ready"
            for first in (MESSAGES, MESSAGES + WARMING_UP):  # workers that have just started are not what is measured
                await _said_and_heard(http, installation, token, socket, range(first, first + WARMING_UP))
            return await _said_and_heard(http, installation, token, socket, range(MESSAGES))


async def _said_and_heard(http: Any, installation: Installation, token: str, socket: Any, numbers: range) -> list[float]:
    sent: dict[str, float] = {}
    hearing = asyncio.create_task(_hear(socket, sent, len(numbers)))
    await _say_everything(http, f"{installation.url}/webhooks/{token}/", sent, numbers)
    return await hearing


async def _say_everything(http: Any, url: str, sent: dict[str, float], numbers: range) -> None:
    """At an even rate, whatever the answers do."""
    began = time.perf_counter()
    calls = []
    for place, number in enumerate(numbers):
        await asyncio.sleep(max(0.0, began + place / RATE - time.perf_counter()))
        body = _call(number)
        sent[f"message {number}"] = time.perf_counter()
        request = http.post(url).headers({"X-Hub-Signature-256": signature_of(body), "Content-Type": "application/json"}).body_bytes(body)
        calls.append(asyncio.create_task(_ok(request.build())))
    await asyncio.gather(*calls)


async def _ok(request: Any) -> None:
    response = await request.send()
    assert response.status == 200, response.status


async def _hear(socket: Any, sent: dict[str, float], count: int) -> list[float]:
    """Seconds from the call to the frame, for each message; ends when all are there, or at the end of patience."""
    times: dict[str, float] = {}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(times) < count:
                frame = json.loads(await socket.recv())
                if not frame["event"].endswith("-appMessage") or frame["data"]["action"] != "create":
                    continue
                body = frame["data"]["message"]["body"]
                times.setdefault(body, time.perf_counter() - sent[body])
    except TimeoutError:
        pass
    return list(times.values())


def _call(number: int) -> bytes:
    customer = f"5511987{number % CUSTOMERS:06d}"
    text = {"type": "text", "text": {"body": f"message {number}"}}
    message = {"from": customer, "id": f"wamid.in{number}", "timestamp": str(int(time.time()))} | text
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": NUMBER, "phone_number_id": NUMBER},
        "contacts": [{"profile": {"name": f"Customer {number % CUSTOMERS}"}, "wa_id": customer}],
        "messages": [message],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


async def _post(http: Any, url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
    response = await http.post(url).headers(headers or {}).body_json(body).build().send()
    answer = await response.json()
    assert response.status < 300, answer
    return answer
