"""What crosses this app's border."""

from __future__ import annotations

from dataclasses import dataclass

from tenants.lib.addresses import Address


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who wrote, as a gateway tells of them: every address known, and what they call themselves."""

    addresses: tuple[Address, ...]
    name: str = ""
    username: str = ""
