"""What a send through the Cloud API costs besides the HTTP exchange: CPU of `provider.send`, less that of the same bytes posted bare."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import orjson
import uvloop
from django.conf import settings
from django.test.utils import override_settings

from config.bench.installation import Installation
from config.bench.results import Result, middle
from config.ground.ports import free_port, is_free
from config.ground.process import Process
from connectors.providers.cloud_api.documents import document_for
from connectors.providers.cloud_api.sending import PATIENCE, door_of
from connectors.registry import provider_named
from connectors.types import Link, Outgoing, TemplateCall
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.posting import post
from tenants.models import Company

GOAL_US = 150.0
MESSAGES = 4_000
PARALLEL = 64
ROUNDS = 5
LINK = Link(1, 1, "cloud_api", {"phone_number_id": "106540352242922", "waba_id": "102290129340398", "access_token": "EAAG" * 50}, {})
Send = Callable[[int], Awaitable[object]]


def run(installation: Installation, company: Company) -> list[Result]:
    port = free_port()
    gateway = Process("provider", (sys.executable, "-m", "config.bench.provider", str(port)), is_ready=lambda: not is_free(port))
    with installation.process(gateway), override_settings(GRAPH_URL=f"http://127.0.0.1:{port}"):
        ours, bare = uvloop.run(_measure())
    extra = [max(0.0, one - other) for one, other in zip(ours, bare, strict=True)]
    value = middle(extra)
    against = f"send {middle(ours):.0f} us, the exchange alone {middle(bare):.0f} us; a template with variables, {PARALLEL} in parallel"
    print(f"  {against}", flush=True)
    return [Result("send_overhead", value, "us CPU/message", against, f"< {GOAL_US:g}", value < GOAL_US)]


async def _measure() -> tuple[list[float], list[float]]:
    """The two by turns, so that a busy machine disturbs both alike."""
    assert settings.GRAPH_URL.startswith("http://127.0.0.1:")
    provider = provider_named("cloud_api")
    door = door_of(LINK)
    body = orjson.dumps(document_for(_outgoing(1)))
    ours: list[float] = []
    bare: list[float] = []

    async def send(n: int) -> object:
        return await provider.send(LINK, _outgoing(n))

    async def exchange(n: int) -> object:
        return await post(door, body, PATIENCE)

    for way in (send, exchange):
        await _cpu_each(way, 500)
    for _ in range(ROUNDS):
        ours.append(await _cpu_each(send, MESSAGES))
        bare.append(await _cpu_each(exchange, MESSAGES))
    return ours, bare


async def _cpu_each(way: Send, count: int) -> float:
    """Microseconds of this process's CPU for each message."""
    began = time.process_time()
    for start in range(0, count, PARALLEL):
        await asyncio.gather(*[way(n) for n in range(start, min(start + PARALLEL, count))])
    return (time.process_time() - began) / count * 1e6


def _outgoing(n: int) -> Outgoing:
    values = [{"type": "text", "text": f"Customer {n}"}, {"type": "text", "text": "25%"}]
    content = TemplateCall("promo", "pt_BR", ({"type": "body", "parameters": values},), f"Olá Customer {n}, hoje 25%")
    return Outgoing(f"m{n}.0a1b2c3d", Address(AddressKind.PHONE, f"+55119{n:08}"), content)
