"""Webhooks: signed, batched, late, twice, in disorder, and again until they are answered with 200, as the weather says.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import asyncio
import heapq
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError

from connectors.emulators.cloud.links import link_refusal
from connectors.emulators.cloud.statuses import Step
from connectors.emulators.cloud.weather import Weather
from connectors.emulators.cloud.world import Account, Number, World
from connectors.providers.cloud_api.signing import HEADER, signature_of

Json = dict[str, Any]
CALLS_AT_ONCE = 16
GIVEN_UP_AFTER = 7 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where an app hears of an account, and the secret that it knows Meta by."""

    url: str
    secret: str


@dataclass(order=True, slots=True)
class Piece:
    """One change, and when it is due."""

    due_at: float
    place: int
    address: Address = field(compare=False)
    account_id: str = field(compare=False)
    change: Json = field(compare=False)


@dataclass(slots=True)
class Parcel:
    """One POST: its body, and how often it was tried."""

    address: Address
    body: bytes
    changes: int
    made_at: float
    attempts: int = 0
    answer: str = ""


class Courier:
    """Plans from any thread; carries on the loop that `run` runs on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.weather = Weather()
        self.sent: deque[Parcel] = deque(maxlen=500)
        self._heap: list[Piece] = []
        self._places = itertools.count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._under_way = 0
        self._client: Client | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # --- planning -----------------------------------------------------------------------------------------------------------------

    def addresses(self, account: Account, number: Number | None = None) -> list[Address]:
        """For each app that subscribed to the account: the number's own callback, else the account's, else the app's."""
        found = []
        for app_id, (override, _verify_token) in account.subscriptions.items():
            app = self.world.apps[app_id]
            url = (number.callback_url if number else "") or override or app.callback_url
            if url:
                found.append(Address(url, app.secret))
        return found

    def has_listener(self, number: Number) -> bool:
        return bool(self.addresses(number.account, number))

    def tell(self, account: Account, field_name: str, value: Json, *, number: Number | None = None, after_ms: float = 0.0) -> None:
        """One change of an account, to everybody who subscribed."""
        due_at = time.monotonic() + (after_ms + self.weather.lateness(self.world.dice)) / 1000
        with self.world.lock:
            for address in self.addresses(account, number):
                heapq.heappush(self._heap, Piece(due_at, next(self._places), address, account.id, {"value": value, "field": field_name}))
        self.wake()

    def tell_messages(self, number: Number, *, after_ms: float = 0.0, **lists: Any) -> None:
        """`contacts`, `messages`, `statuses` of one number."""
        self.tell(number.account, "messages", self.value_of(number, **lists), number=number, after_ms=after_ms)

    def value_of(self, number: Number, **lists: Any) -> Json:
        metadata = {"display_phone_number": number.digits, "phone_number_id": number.id}
        return {"messaging_product": "whatsapp", "metadata": metadata, **lists}

    def tell_progress(self, number: Number, steps: Iterable[Step], *, link: str = "") -> None:
        """The statuses of one message, each at its time. With a `link`, first whether the file can be fetched."""
        if link and self._loop is not None:
            with self.world.lock:
                self._under_way += 1
            asyncio.run_coroutine_threadsafe(self._tell_of_link(number, list(steps), link), self._loop)
            return
        for step in steps:
            after = self.weather.after_ms(step.name)
            stamp = str(int(self.world.now() + after / 1000))
            self._remember(step)
            self.tell_messages(number, after_ms=after, statuses=[step.item | {"timestamp": stamp}])

    def _remember(self, step: Step) -> None:
        record = self.world.messages.get(step.item["id"])
        if record is not None:
            record.statuses.append(step.name)

    async def _tell_of_link(self, number: Number, steps: list[Step], link: str) -> None:
        try:
            refusal = await link_refusal(self.client(), link)
            if refusal is not None:
                kept = {key: item for key, item in steps[0].item.items() if key not in ("pricing", "errors")}
                steps = [Step("failed", kept | {"status": "failed", "errors": [refusal.in_status()]})]
            self.tell_progress(number, steps)
        finally:
            with self.world.lock:
                self._under_way -= 1

    # --- carrying -----------------------------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """How many changes nobody has been told of yet."""
        with self.world.lock:
            return len(self._heap) + self._under_way

    def client(self) -> Client:
        if self._client is None:
            self._client = ClientBuilder().timeout(self.weather.patience).follow_redirects(False).build()
        return self._client

    def wake(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        gate = asyncio.Semaphore(CALLS_AT_ONCE)
        while True:
            self._woken.clear()
            pieces = self._due()
            for parcel in self._parcels(pieces):
                task = asyncio.create_task(self._carry(parcel, gate))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            pause = max(0.0, self._heap[0].due_at - time.monotonic()) if self._heap else None
            try:
                await asyncio.wait_for(self._woken.wait(), pause)
            except TimeoutError:
                continue

    def _due(self) -> list[Piece]:
        pieces: list[Piece] = []
        with self.world.lock:
            now = time.monotonic()
            while self._heap and self._heap[0].due_at <= now:
                pieces.append(heapq.heappop(self._heap))
            weather, dice = self.weather, self.world.dice
            pieces += [piece for piece in pieces if dice.random() < weather.duplicate_rate]
            self._under_way += len(pieces)
        if weather.shuffles:
            dice.shuffle(pieces)
        return pieces

    def _parcels(self, pieces: list[Piece]) -> list[Parcel]:
        by_address: dict[Address, list[Piece]] = defaultdict(list)
        for piece in pieces:
            by_address[piece.address].append(piece)
        most = self.weather.batch_most
        return [
            Parcel(address, body_of(some[start : start + most]), len(some[start : start + most]), time.monotonic())
            for address, some in by_address.items()
            for start in range(0, len(some), most)
        ]

    async def _carry(self, parcel: Parcel, gate: asyncio.Semaphore) -> None:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            HEADER: signature_of(parcel.body, parcel.address.secret),
        }
        self.sent.append(parcel)
        try:
            while True:
                parcel.attempts += 1
                async with gate:
                    parcel.answer = await self._post(parcel, headers)
                if parcel.answer == "200" or time.monotonic() - parcel.made_at > GIVEN_UP_AFTER:
                    return
                await asyncio.sleep(self._pause_after(parcel.attempts))
        finally:
            with self.world.lock:
                self._under_way -= parcel.changes

    async def _post(self, parcel: Parcel, headers: dict[str, str]) -> str:
        try:
            request = self.client().post(parcel.address.url).headers(headers).body_bytes(parcel.body).build()
            return str((await request.send()).status)
        except PyreqwestError as error:
            return type(error).__name__

    def _pause_after(self, attempts: int) -> float:
        """At once the first time, then with decreasing frequency."""
        return 0.0 if attempts == 1 else min(self.weather.retry_after_ms / 1000 * 2 ** (attempts - 2), self.weather.longest_pause_ms / 1000)


def body_of(pieces: list[Piece]) -> bytes:
    """As Meta writes it: everything that is not ASCII escaped, slashes too; so a signature over anything but the raw bytes is wrong."""
    entries: dict[str, list[Json]] = defaultdict(list)
    for piece in pieces:
        entries[piece.account_id].append(piece.change)
    document = {
        "object": "whatsapp_business_account",
        "entry": [{"id": account_id, "changes": changes} for account_id, changes in entries.items()],
    }
    return json.dumps(document, separators=(",", ":")).replace("/", "\\/").encode()
