"""What the suite needs of a gateway: people with phones on the other side, and trouble on demand. One subclass for each provider."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from connectors.inbox import drain_inbox
from connectors.models import Connection
from connectors.registry import provider_named
from connectors.services.links import link_for
from connectors.types import Content, Link, MessageKind, Outgoing, Provider, Sent
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.tenancy import current_company
from tenants.models import Webhook


class Trouble(StrEnum):
    """What goes wrong with the next send."""

    THROTTLED = "throttled"
    PAIR_THROTTLED = "pair_throttled"
    TOKEN_REVOKED = "token_revoked"
    NUMBER_GONE = "number_gone"
    SERVER_DOWN = "server_down"
    GARBLED = "garbled"  # taken, and the answer cannot be read
    TIMEOUT = "timeout"  # taken, and no answer comes
    UNREACHABLE = "unreachable"  # taken, and told later that nobody is there


@dataclass(frozen=True)
class File:
    content: bytes
    mime_type: str
    filename: str = ""
    is_voice: bool = False


@dataclass(frozen=True)
class Said:
    """What a customer does. `target`: the message that a reaction, an edit or a revoke is about."""

    kind: MessageKind = MessageKind.TEXT
    body: str = ""
    file: File | None = None
    reply_to: str = ""
    target: str = ""
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """What the customer's phone shows of a message of ours."""

    kind: MessageKind
    body: str = ""
    content: bytes | None = None
    choices: tuple[str, ...] = ()
    reply_to: str = ""
    target: str = ""


class Gateway(ABC):
    """`number`: whom one writes to. The suite is inside a company; `connection` is a row of it, made by the subclass, not linked yet."""

    number = "+5511987654321"
    connection: Connection
    # Whether the phone's owner can tap what is offered; else the answer is typed.
    has_taps = False

    @property
    def provider(self) -> Provider:
        return provider_named(self.connection.provider)

    @property
    def link(self) -> Link:
        return link_for(self.connection)

    @abstractmethod
    def says(self, said: Said) -> str:
        """The customer does it; the gateway's id of it."""

    @abstractmethod
    def phone(self) -> list[Shown]:
        """What came to the customer, oldest first."""

    @abstractmethod
    def collect(self) -> list[bytes]:
        """The webhook calls that have come since the last time, proved to be the gateway's. Waits for those that are on their way."""

    @abstractmethod
    def trouble(self, kind: Trouble) -> None:
        """From the next send on, until `calm`."""

    @abstractmethod
    def calm(self) -> None:
        """Everything is well again."""

    def taps(self, external_id: str, choice_id: str) -> str:
        """The customer taps a choice of ours. Only where something can be tapped."""
        raise NotImplementedError

    def reads(self, external_id: str) -> bool:
        """Whether the customer sees that their message was read. Only where that is shown."""
        raise NotImplementedError

    # --- what is the same for all ------------------------------------------------------------------------------------------------

    def run(self, deed: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run(deed)

    def send(self, content: Content, *, our_id: str = "c-1", reply_to: str = "", number: str = "") -> Sent:
        outgoing = Outgoing(our_id, Address(AddressKind.PHONE, number or self.number), content, reply_to)
        return asyncio.run(self.provider.send(self.link, outgoing))

    def arrive(self, bodies: Sequence[bytes] | None = None) -> list[bytes]:
        """What came is stored and worked off, as the webhook door and the inbox do."""
        bodies = self.collect() if bodies is None else list(bodies)
        Webhook.objects.bulk_create(
            [
                Webhook(company_id=current_company().pk, connection_id=self.connection.pk, provider=self.connection.provider, body=body)
                for body in bodies
            ]
        )
        drain_inbox(self.connection.pk)
        return bodies

    def arrive_badly(self) -> None:
        """Everything three times, in three different orders."""
        bodies, dice = self.collect(), random.Random(3)
        for _ in range(3):
            dice.shuffle(bodies)
            self.arrive(bodies)
