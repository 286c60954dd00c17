"""The one websocket consumer: who comes in, and what they may say. What they are told is the hub's business (hubs.py)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import orjson
import structlog
from channels.consumer import AsyncConsumer, get_handler_name
from channels.exceptions import StopConsumer
from django.db import DatabaseError
from django.http import Http404
from django.http.request import split_domain_port
from django.utils.module_loading import import_string
from redis.exceptions import RedisError

from accounts.models import User
from accounts.presence import STATUSES
from accounts.services.socket_tickets import redeem_socket_ticket
from accounts.types import SocketPass
from config.asking import ask
from config.hubs import Hub, switchboard
from config.outlets import BROKEN, REFUSED, SUSPENDED, TRY_AGAIN, Outlet
from config.rooms import ROOMS, Room
from config.viewers import Viewer, viewers_in
from config.whispers import whisper
from tenants.lib.directory import company_by_host, company_by_id
from tenants.lib.later import later
from tenants.lib.pagination import BIGGEST_ID
from tenants.lib.realtime import Audience, NumberedFrame
from tenants.lib.tenancy import enter
from tenants.middleware import is_shared_host
from tenants.models import Company
from tickets import events as ticket_events

LONGEST_TEXT = 64 * 1024
HUB_SECONDS = 10
TYPING_SECONDS = 1.0
# Gateways show the sign for up to 25 seconds.
CUSTOMER_TYPING_SECONDS = 15
MOST_ROOMS = 200
CONVERSATION = "joinChatBox"

log = structlog.get_logger(__name__)


class Refused(Exception):
    """The door stays shut; `code` is what the socket is closed with."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Fault(Exception):
    """What a person's frame is answered with: `{"event": "error", "code": …}`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CompanySocket(AsyncConsumer):
    # No channel layer: the hub is the only thing that a socket listens to, and a layer would cost each one a subscription.
    channel_layer_alias = None  # type: ignore[assignment]

    def __init__(self) -> None:
        self.leave: Callable[[], None] | None = None
        self.visit: Visit | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without Channels' closing of database connections at every frame: `ask` looks after them where they are used."""
        await getattr(self, get_handler_name(message))(message)

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        # Accepted first: a browser is told the code of a close, but not of a refused handshake.
        await self.send({"type": "websocket.accept"})
        try:
            await self._come_in()
        except Refused as refusal:
            await self.send({"type": "websocket.close", "code": refusal.code})
        except (RedisError, DatabaseError, TimeoutError, OSError) as error:
            log.warning("socket_not_opened", error=str(error))
            await self.send({"type": "websocket.close", "code": TRY_AGAIN})
        except Exception:
            log.exception("socket_not_opened")
            await self.send({"type": "websocket.close", "code": BROKEN})

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        if self.visit is not None:
            await self.visit.answer(message)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        if self.visit is not None:
            self.visit.end()
            switchboard().see_off(self.visit.hub, self.visit.outlet)
        if self.leave is not None:
            self.leave()
        raise StopConsumer()

    async def _come_in(self) -> None:
        board = switchboard()
        ticket = parse_qs(self.scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
        holder = await redeem_socket_ticket(board.commands, ticket)
        if holder is None:
            raise Refused(REFUSED)
        company = await ask(_company_met_at, self._host(), holder.company_id)
        hub = board.visit(company)
        self.leave = partial(board.leave, hub)
        await asyncio.wait_for(hub.is_ready.wait(), HUB_SECONDS)
        viewer = await _newest_viewer(hub, holder)
        # From here to the end nothing waits: the number in `ready` is where the frames of this socket begin.
        outlet = Outlet(self.send, session_id=holder.session_id, viewer=viewer, position=hub.position)
        outlet.tell({"event": "ready", "seq": hub.position, "epoch": hub.epoch, "company": company.pk, "user": viewer.user})
        hub.outlets.add(outlet)
        self.visit = Visit(hub, outlet)
        with suppress(RedisError):  # then the hub says it at its next turn
            await hub.attendance.changed(outlet)

    def _host(self) -> str:
        host = next((value for name, value in self.scope["headers"] if name == b"host"), b"")
        return split_domain_port(host.decode("latin-1"))[0]


class Visit:
    """A person on the line, and what they may say."""

    def __init__(self, hub: Hub, outlet: Outlet) -> None:
        self.hub = hub
        self.outlet = outlet
        self.rooms: set[tuple[str, int | str]] = set()
        self._may_type_at = 0.0

    async def answer(self, message: dict[str, Any]) -> None:
        """Never raises: whatever was said, the socket lives on."""
        try:
            await self._hear(_parse(message))
        except Fault as fault:
            self.outlet.tell({"event": "error", "code": fault.code})
        except (RedisError, DatabaseError, OSError) as error:
            log.warning("socket_frame_failed", error=str(error))
            self.outlet.tell({"event": "error", "code": "unavailable"})
        except Exception:
            log.exception("socket_frame_failed")
            self.outlet.tell({"event": "error", "code": "error"})

    def end(self) -> None:
        self.hub.outlets.discard(self.outlet)
        self.outlet.stop()

    async def _hear(self, said: dict[str, Any]) -> None:
        event = said["event"]
        if event in ROOMS:
            await self._join(event, said)
            return
        if event in LEAVES:
            await self._leave(LEAVES[event], said)
            return
        handlers = {"resume": self._resume, "typing": self._typing, "userStatus": self._user_status}
        if event not in handlers:
            raise Fault("not_found")
        await handlers[event](said)

    async def _join(self, name: str, said: dict[str, Any]) -> None:
        room = ROOMS[name]
        what = _which(room, said)
        try:
            await ask(_enter_room, self.hub.company, self.outlet.viewer.user_id, room.may_enter, what)
        except Http404:
            raise Fault("not_found")
        if len(self.rooms) >= MOST_ROOMS:
            return
        self.rooms.add((name, what))
        if name == CONVERSATION and isinstance(what, int):
            await self.hub.attendance.looks_at(self.outlet, what)

    async def _leave(self, name: str, said: dict[str, Any]) -> None:
        what = _which(ROOMS[name], said)
        self.rooms.discard((name, what))
        if name == CONVERSATION and isinstance(what, int):
            await self.hub.attendance.looks_away(self.outlet, what)

    async def _typing(self, said: dict[str, Any]) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._may_type_at:
            return
        self._may_type_at = now + TYPING_SECONDS
        ticket_id = _which(ROOMS[CONVERSATION], said)
        viewer = self.outlet.viewer
        try:
            audience = await ask(_audience_of_ticket, self.hub.company, viewer.user_id, ticket_id)
        except Http404:
            raise Fault("not_found")
        data = {"action": "typing", "ticketId": ticket_id, "user": viewer.user}
        if said.get("isNote") is not True and await self._is_turn_of_customer(ticket_id):
            await ask(_show_typing, self.hub.company, ticket_id)
        await whisper(self.hub.commands, self.hub.company, "ticket", data, audience)

    async def _is_turn_of_customer(self, ticket_id: int) -> bool:
        """Not for every key that every device reports: once in a while for each conversation."""
        key = f"{self.hub.company.schema_name}:typing-shown:{ticket_id}"
        return bool(await self.hub.commands.set(key, 1, nx=True, ex=CUSTOMER_TYPING_SECONDS))

    async def _user_status(self, said: dict[str, Any]) -> None:
        """Of this device: the best of a person's devices counts."""
        if said.get("status") not in STATUSES:
            raise Fault("not_found")
        self.outlet.status = said["status"]
        await self.hub.attendance.changed(self.outlet)

    async def _resume(self, said: dict[str, Any]) -> None:
        """Every missed frame in order, then the live ones without a hole; `reload` when that cannot be done."""
        since = said.get("since")
        if not isinstance(since, int) or isinstance(since, bool) or not 0 <= since <= BIGGEST_ID:
            raise Fault("bad_request")
        hub, outlet = self.hub, self.outlet
        if said.get("epoch", hub.epoch) != hub.epoch:
            outlet.begin_again(hub.position, hub.epoch)
            return
        outlet.is_replaying, turn = True, outlet.turn
        frames: list[NumberedFrame] | None = None
        try:
            frames = await _all_missed(hub, since)
        finally:
            if outlet.turn == turn and (frames is None or not outlet.replay(frames, since=since)):
                outlet.begin_again(hub.position, hub.epoch)


LEAVES = {room.leave: name for name, room in ROOMS.items()}


async def _newest_viewer(hub: Hub, holder: SocketPass) -> Viewer:
    """What the person may see, read after the hub's last look: a change that comes now finds this socket among the hub's."""
    while True:
        looks = hub.looks
        viewer = (await viewers_in(hub.company, {holder.session_id})).get(holder.session_id)
        if viewer is None or viewer.user_id != holder.user_id:
            raise Refused(REFUSED)
        if looks == hub.looks:
            return viewer


async def _all_missed(hub: Hub, since: int) -> list[NumberedFrame] | None:
    """Until nothing is left that the hub has handed round meanwhile; nothing waits between that and the return."""
    frames: list[NumberedFrame] = []
    while True:
        more = await hub.missed(frames[-1].seq if frames else since)
        if more is None:
            return None
        frames += more
        if (frames[-1].seq if frames else since) >= hub.position:
            return frames


def _parse(message: dict[str, Any]) -> dict[str, Any]:
    text = message.get("text") or ""
    if len(text) > LONGEST_TEXT or len(message.get("bytes") or b"") > LONGEST_TEXT:
        raise Fault("too_large")
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Fault("bad_json")
    if not isinstance(said, dict) or not isinstance(said.get("event"), str):
        raise Fault("bad_json")
    return said


def _which(room: Room, said: dict[str, Any]) -> int | str:
    if not room.field:
        return ""
    what: Any = said.get(room.field)
    if type(what) is not room.kind or (isinstance(what, int) and not 0 < what <= BIGGEST_ID):
        raise Fault("not_found")
    return room.kind(what)


def _company_met_at(host: str, company_id: int) -> Company:
    """The ticket's company, at its own host or at the shared one."""
    company = company_by_id(company_id)
    if company is None or not (is_shared_host(host) or _is_host_of(host, company)):
        raise Refused(REFUSED)
    if not company.is_active:
        raise Refused(SUSPENDED)
    return company


def _is_host_of(host: str, company: Company) -> bool:
    met = company_by_host(host)
    return met is not None and met.pk == company.pk


def _enter_room(company: Company, user_id: int, selector: str, what: int | str) -> None:
    with enter(company):
        import_string(selector)(User.objects.get(pk=user_id), what)


def _show_typing(company: Company, ticket_id: int) -> None:
    with enter(company):
        later("tickets.show_typing", ticket_id)


def _audience_of_ticket(company: Company, user_id: int, ticket_id: int) -> Audience:
    with enter(company):
        ticket = import_string(ROOMS[CONVERSATION].may_enter)(User.objects.get(pk=user_id), ticket_id)
        return ticket_events.audience_of(ticket)
