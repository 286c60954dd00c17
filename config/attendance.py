"""Who is here and what they look at, told to a company's sockets as it changes.

The truth is the leases in Valkey (accounts/presence.py, and here those of conversations being looked at). Each hub compares it with
what its sockets were told, at a hint from another process and from time to time anyway: a lost hint, a killed process or a Valkey
started anew only delay the truth, until the leases have run out.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import redis.asyncio
from django.conf import settings

from accounts import presence, selectors
from accounts.models import User
from accounts.serializers import PresentUserSerializer, UserSerializer
from accounts.services.presence import remember_seen
from config.asking import ask
from config.outlets import Outlet
from tenants.lib.realtime import channel_of
from tenants.lib.tenancy import enter
from tenants.models import Company

if TYPE_CHECKING:
    from config.hubs import Hub

HINT = b'{"attendance":1}'
# Hints come in swarms when a shift begins: one look answers them all.
GATHER_SECONDS = 0.2
SEEN_SECONDS = 300.0


class Attendance:
    """One for each hub, and run by it: nothing here happens twice at a time but `hint` and what a socket says of itself."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self._told: dict[int, str] = {}
        self._viewers: dict[int, frozenset[int]] = {}
        self._faces: dict[int, dict[str, Any]] = {}
        now = _clock()
        self._renew_at = self._look_at = now
        self._seen_at = now + settings.PRESENCE_LEASE_SECONDS
        self._patient_until = 0.0

    @property
    def next_at(self) -> float:
        """By the event loop's clock: when `tend` has something to do."""
        return min(self._renew_at, self._look_at)

    def hint(self) -> None:
        self._look_at = min(self._look_at, _clock() + GATHER_SECONDS)

    def begin_again(self) -> None:
        """Valkey was started anew and knows nobody. Whom other processes still have to name again, is not called gone meanwhile."""
        self._renew_at = _clock()
        self._patient_until = _clock() + settings.PRESENCE_LEASE_SECONDS / 3 + 1

    def forget_faces(self) -> None:
        self._faces.clear()
        self._renew_at = _clock()  # somebody may have called themselves away

    async def tend(self) -> None:
        """Raises redis.RedisError."""
        now = _clock()
        if now >= self._renew_at:
            self._renew_at = now + settings.PRESENCE_LEASE_SECONDS / 3
            await self.renew(self.hub.outlets)
            self._look_at = now
        if now >= self._seen_at:
            self._seen_at = now + SEEN_SECONDS
            await ask(_remember_seen, self.hub.company, {outlet.session_id for outlet in self.hub.outlets})
        if now >= self._look_at:
            self._look_at = now + settings.PRESENCE_LEASE_SECONDS / 3
            await self._look()

    async def renew(self, outlets: Iterable[Outlet]) -> None:
        """Raises redis.RedisError."""
        living = [outlet for outlet in outlets if not outlet.is_shut]
        if not living:
            return
        company, commands = self.hub.company, self.hub.commands
        await presence.hold(commands, company, [(outlet.viewer.user_id, outlet.id, outlet.presence) for outlet in living])
        looking = [_looker(outlet, ticket_id) for outlet in living for ticket_id in outlet.looks_at]
        if looking:
            await commands.zadd(_looking_key(company), dict.fromkeys(looking, time.time() + settings.PRESENCE_LEASE_SECONDS))
            await commands.expire(_looking_key(company), int(presence.FORGOTTEN_SECONDS))

    async def changed(self, outlet: Outlet) -> None:
        """Somebody came, or says something else of themselves than before. Raises redis.RedisError."""
        await self.renew([outlet])
        await _tell_hubs(self.hub.commands, self.hub.company)

    async def looks_at(self, outlet: Outlet, ticket_id: int) -> None:
        """Raises redis.RedisError."""
        until = time.time() + settings.PRESENCE_LEASE_SECONDS
        await self.hub.commands.zadd(_looking_key(self.hub.company), {_looker(outlet, ticket_id): until})
        outlet.looks_at.add(ticket_id)
        self._viewers.pop(ticket_id, None)  # who comes second in the same person's name wants to be told as well
        await _tell_hubs(self.hub.commands, self.hub.company)

    async def looks_away(self, outlet: Outlet, ticket_id: int) -> None:
        """Raises redis.RedisError."""
        outlet.looks_at.discard(ticket_id)
        await self.hub.commands.zrem(_looking_key(self.hub.company), _looker(outlet, ticket_id))
        await _tell_hubs(self.hub.commands, self.hub.company)

    async def _look(self) -> None:
        here = await presence.presence_now_async(self.hub.commands, self.hub.company)
        lookers = await self.hub.commands.zrangebyscore(_looking_key(self.hub.company), time.time(), "+inf")
        await self.hub.commands.zremrangebyscore(_looking_key(self.hub.company), "-inf", time.time())
        await self._tell_presence(here)
        await self._tell_viewers(lookers)

    async def _tell_presence(self, here: dict[int, str]) -> None:
        is_patient = _clock() < self._patient_until
        gone = set() if is_patient else self._told.keys() - here.keys()
        changed = {pk for pk, status in here.items() if self._told.get(pk) != status} | gone
        if not changed:
            return
        people = await ask(_present, self.hub.company, changed, here)
        for pk in changed:
            self._told[pk] = here.get(pk, presence.OFFLINE)
        for pk in gone:
            del self._told[pk]
        event = f"company-{self.hub.company.pk}-user"
        for outlet in tuple(self.hub.outlets):
            for person in people:
                outlet.tell({"event": event, "data": {"action": "update", "user": person}})

    async def _tell_viewers(self, lookers: Iterable[bytes]) -> None:
        now: dict[int, set[int]] = {}
        for member in lookers:
            ticket_id, user_id, _socket = member.decode().split(":", 2)
            now.setdefault(int(ticket_id), set()).add(int(user_id))
        wanted = {ticket_id for outlet in self.hub.outlets for ticket_id in outlet.looks_at}
        changed = {pk: frozenset(now.get(pk, ())) for pk in wanted if self._viewers.get(pk) != frozenset(now.get(pk, ()))}
        self._viewers = {pk: frozenset(now.get(pk, ())) for pk in wanted}
        unknown = {user_id for users in changed.values() for user_id in users} - self._faces.keys()
        if unknown:
            self._faces |= await ask(_faces, self.hub.company, unknown)
        event = f"company-{self.hub.company.pk}-ticket"
        for ticket_id, users in changed.items():
            data = {"action": "viewers", "ticketId": ticket_id, "users": [self._faces[pk] for pk in sorted(users) if pk in self._faces]}
            for outlet in tuple(self.hub.outlets):
                if ticket_id in outlet.looks_at:
                    outlet.tell({"event": event, "data": data})


async def see_off(commands: redis.asyncio.Redis, company: Company, outlet: Outlet) -> None:
    """The socket is closed. What it looked at is left now, its person after the grace; whoever is gone then, was seen until just now."""
    user_id = outlet.viewer.user_id
    await presence.let_go(commands, company, user_id=user_id, socket=outlet.id)
    if outlet.looks_at:
        await commands.zrem(_looking_key(company), *(_looker(outlet, ticket_id) for ticket_id in outlet.looks_at))
        await _tell_hubs(commands, company)
    await asyncio.sleep(presence.GRACE_SECONDS + 0.1)
    await _tell_hubs(commands, company)
    if user_id not in await presence.presence_now_async(commands, company):
        await ask(_remember_seen, company, {outlet.session_id})


async def _tell_hubs(commands: redis.asyncio.Redis, company: Company) -> None:
    await commands.publish(channel_of(company.pk), HINT)


def _present(company: Company, user_ids: set[int], here: dict[int, str]) -> list[dict[str, Any]]:
    with enter(company):
        users = selectors.with_last_seen(User.objects.filter(pk__in=user_ids).order_by("pk"))
        return [dict(person) for person in PresentUserSerializer(users, many=True, context={"presence": here}).data]


def _faces(company: Company, user_ids: set[int]) -> dict[int, dict[str, Any]]:
    with enter(company):
        return {user.pk: dict(UserSerializer(user).data) for user in User.objects.filter(pk__in=user_ids)}


def _remember_seen(company: Company, session_ids: set[int]) -> None:
    with enter(company):
        remember_seen(session_ids)


def _looker(outlet: Outlet, ticket_id: int) -> str:
    return f"{ticket_id}:{outlet.viewer.user_id}:{outlet.id}"


def _looking_key(company: Company) -> str:
    return f"{company.schema_name}:looking"


def _clock() -> float:
    return asyncio.get_running_loop().time()
