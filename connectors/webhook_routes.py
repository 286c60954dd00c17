"""Whose a webhook call is: by the token in its address, or by the number it is about. Asked of PostgreSQL, remembered for a few seconds."""

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.storing import Database, Lane
from connectors.types import ACCOUNT
from tenants.lib.fields import cipher

TOKEN = re.compile(r"\A[\w-]{32,64}\Z", re.ASCII)
ROUTE_SECONDS = 5.0
UNKNOWN_ROUTE_SECONDS = 1.0
MOST_ROUTES = 20_000
NO_SECRETS: Mapping[str, str] = {}

_ROUTE = """
SELECT route.company_id, route.connection_id, route.provider, route.secrets, company.state
  FROM public.tenants_webhookroute route JOIN public.tenants_company company ON company.id = route.company_id
 WHERE route.token = %s AND route.is_enabled AND company.state <> 'deleted'
"""
_NUMBERS = """
SELECT route.company_id, route.connection_id, company.state
  FROM public.tenants_webhookroute route JOIN public.tenants_company company ON company.id = route.company_id
 WHERE route.provider = %s AND (route.external_id = ANY(%s) OR route.account_id = ANY(%s) AND route.account_id <> '')
   AND route.external_id <> '' AND route.is_enabled AND company.state <> 'deleted'
"""


class Refused(Exception):
    """The call is turned away with this status. `reason` is counted for the route, and shown to admins."""

    def __init__(self, status: int, reason: str, *, token: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.token = token


@dataclass(frozen=True, slots=True)
class Route:
    """What a token stands for."""

    token: str
    lane: Lane
    secrets: Mapping[str, str]
    is_awake: bool  # a suspended company's calls are stored, and wait


@dataclass(frozen=True, slots=True)
class SharedDoor:
    """A vendor's app that serves many companies: its calls are verified with the platform's secrets."""

    provider: str
    secrets: Mapping[str, str]

    @property
    def is_open(self) -> bool:
        return all(self.secrets.values())


class Routes:
    """Tokens and what they stand for, remembered for a few seconds so that a rotation or suspension is soon felt."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[float, Route | None]] = {}
        self._asked: dict[str, asyncio.Task[Route | None]] = {}

    async def route(self, token: str) -> Route:
        until, route = self._known.get(token, (0.0, None))
        if until < time.monotonic():
            route = await self._ask_once(token)
        if route is None:
            raise Refused(404, "unknown_token")
        return route

    async def _ask_once(self, token: str) -> Route | None:
        """Many calls that need the same answer wait for one question."""
        if not TOKEN.match(token):
            return None
        task = self._asked.get(token)
        if task is None:
            task = self._asked[token] = asyncio.create_task(self._ask(token))
            task.add_done_callback(lambda _: self._asked.pop(token, None))
        return await asyncio.shield(task)

    async def _ask(self, token: str) -> Route | None:
        rows = await self._database.execute(_ROUTE, (token,))
        route = _route(token, rows[0]) if rows else None
        if len(self._known) >= MOST_ROUTES:
            self._known.clear()
        self._known[token] = (time.monotonic() + (ROUTE_SECONDS if route else UNKNOWN_ROUTE_SECONDS), route)
        return route


class Numbers:
    """Whose a number is, for calls that come by a shared door; remembered for a few seconds like the tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[str, str], tuple[float, tuple[Route, ...]]] = {}

    async def routes(self, provider: str, key: str) -> tuple[Route, ...]:
        """The one connection that proved it has this number; for `account:<id>` all of that account."""
        until, routes = self._known.get((provider, key), (0.0, ()))
        if until >= time.monotonic():
            return routes
        number, account = ("", key.removeprefix(ACCOUNT)) if key.startswith(ACCOUNT) else (key, "")
        rows = await self._database.execute(_NUMBERS, (provider, [number] if number else [], [account] if account else []))
        routes = tuple(
            Route(token="", lane=Lane(company_id, connection_id, provider), secrets=NO_SECRETS, is_awake=state == "active")
            for company_id, connection_id, state in rows
        )
        if len(self._known) >= MOST_ROUTES:
            self._known.clear()
        self._known[provider, key] = (time.monotonic() + (ROUTE_SECONDS if routes else UNKNOWN_ROUTE_SECONDS), routes)
        return routes


def _route(token: str, row: tuple[Any, ...]) -> Route:
    company_id, connection_id, provider, secrets, state = row
    return Route(
        token=token,
        lane=Lane(company_id=company_id, connection_id=connection_id, provider=provider),
        secrets=json.loads(cipher().decrypt(secrets.encode())),
        is_awake=state == "active",
    )
