"""Gateways that behave badly at the right moment. Tests name them in settings.PROVIDERS."""

import asyncio
from collections.abc import Callable

from connectors.providers.simulator.provider import Simulator
from connectors.types import Link, Outgoing, Sent, Text


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


class RememberingGateway(Simulator):
    """Keeps what it was given: number and text."""

    taken: list[tuple[str, str]]

    async def send(self, link: Link, outgoing: Outgoing) -> Sent:
        assert isinstance(outgoing.content, Text)
        RememberingGateway.taken.append((outgoing.to.value, outgoing.content.body))
        return await super().send(link, outgoing)
