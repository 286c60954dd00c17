"""Tickets for the websocket: good once, for a moment, so that no token stands in a URL."""

import json
import secrets

import redis.asyncio

from accounts.models import LoginSession
from accounts.types import SocketPass
from tenants.lib import valkey
from tenants.lib.tenancy import current_company

GOOD_FOR_SECONDS = 30


def issue_socket_ticket(*, session: LoginSession) -> str:
    """Raises redis.RedisError when Valkey is down."""
    ticket = secrets.token_urlsafe(32)
    holder = {"company_id": current_company().pk, "user_id": session.user_id, "session_id": session.pk}
    valkey.client().set(_key(ticket), json.dumps(holder), ex=GOOD_FOR_SECONDS)
    return ticket


async def redeem_socket_ticket(client: redis.asyncio.Redis, ticket: str) -> SocketPass | None:
    """Whom the ticket lets in; None when it is unknown, too old or was used. Raises redis.RedisError."""
    holder = await client.getdel(_key(ticket)) if ticket else None
    return SocketPass(**json.loads(holder)) if holder else None


def _key(ticket: str) -> str:
    return f"recado:socket-ticket:{ticket}"
