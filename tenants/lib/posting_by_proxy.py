"""The same as tenants/lib/posting.py through the proxy that the environment names: there a library goes, which knows proxies."""

import asyncio
from datetime import timedelta
from weakref import WeakKeyDictionary

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PoolTimeoutError, PyreqwestError

from tenants.lib.posting import IDLE_SECONDS, Answer, Door, NoAnswer, NotSent, Patience

# A connection belongs to its event loop, and a client to one patience.
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Patience, Client]] = WeakKeyDictionary()


async def post_by_proxy(door: Door, body: bytes, patience: Patience) -> Answer:
    """One request, never repeated here. Raises NotSent or NoAnswer."""
    try:
        response = await _client(patience).post(door.url).headers(dict(door.headers)).body_bytes(body).build().send()
        return Answer(response.status, dict(response.headers), bytes(await response.bytes()))
    except PyreqwestError as error:
        raise (NotSent if _failed_while_connecting(error) else NoAnswer)(str(error)) from None


def _failed_while_connecting(error: PyreqwestError) -> bool:
    """pyreqwest's classes do not tell: it names a connection that was closed after the request, and a timeout while waiting for the
    answer, ConnectError and ConnectTimeoutError too; its causes do."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DetailedPyreqwestError):
        return False
    return any(cause["message"] == "client error (Connect)" for cause in error.details["causes"] or [])


def _client(patience: Patience) -> Client:
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    if patience not in clients:
        builder = ClientBuilder().connect_timeout(timedelta(seconds=patience.connect_seconds))
        builder = builder.timeout(timedelta(seconds=patience.answer_seconds)).pool_idle_timeout(timedelta(seconds=IDLE_SECONDS))
        clients[patience] = builder.follow_redirects(False).tcp_nodelay(True).build()
    return clients[patience]
