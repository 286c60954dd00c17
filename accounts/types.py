"""What crosses this app's border."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    """Where somebody logs in from."""

    address: str | None = None
    user_agent: str = ""


@dataclass(frozen=True)
class CompanyChoice:
    """One of the companies that an e-mail and password open."""

    slug: str
    name: str


@dataclass(frozen=True)
class SocketPass:
    """Whom a socket ticket lets in, and under which login session."""

    company_id: int
    user_id: int
    session_id: int
