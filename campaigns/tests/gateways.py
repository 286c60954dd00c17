"""Gateways that behave badly at the right moment. Tests name them in settings.PROVIDERS."""

import asyncio
from collections.abc import Callable

from connectors.providers.simulator.provider import Simulator
from connectors.types import Link, Outgoing, Sent


class SlowGateway(Simulator):
    """Takes the message, and answers only when `meanwhile` has run."""

    meanwhile: Callable[[], None]

    async def send(self, link: Link, outgoing: Outgoing) -> Sent:
        sent = await super().send(link, outgoing)
        await asyncio.to_thread(SlowGateway.meanwhile)
        return sent


class EchoingGateway(Simulator):
    """Gives every message the same id."""

    async def send(self, link: Link, outgoing: Outgoing) -> Sent:
        await super().send(link, outgoing)
        return Sent("taken")
