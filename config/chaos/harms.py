"""What breaks, one thing a round."""

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.chaos.day import PARALLEL, Day
from config.chaos.reckoning import given_up
from config.chaos.site import LEASE_SECONDS, Battered, Site
from connectors.emulators.cloud import orders
from tenants.lib.faultpoints import FREEZE, KILL, KILL_ALL, Point, arm

# Within these, a round's campaign is under way.
UNDER_WAY_SECONDS = (0.2, 1.2)
PATIENCE_SECONDS = 40.0
NOTHING_HAS_LEFT = (Point.CLAIMED, Point.MESSAGE_STAMPED)

Strike = Callable[[Battered, Day, random.Random], None]


@dataclass(frozen=True)
class Harm:
    """`strike` returns when the harm is done and whoever died is back. It may leave `unknown` of one campaign and of agents' messages."""

    name: str
    strike: Strike
    unknown: int = PARALLEL
    needs_site: bool = False


def dies_at(point: Point, *, latest: int = 1) -> Harm:
    """The process that gets there, or the whole worker with it."""

    def strike(site: Battered, day: Day, dice: random.Random) -> None:
        arm(site.faults, point, dice.choice((KILL, KILL_ALL)), time=dice.randint(1, latest))
        site.wait_until(lambda: not (site.faults / point).exists(), seconds=PATIENCE_SECONDS, what=f"somebody to reach {point}")
        time.sleep(0.1)
        site.ensure_up()

    return Harm(f"killed at {point}", strike)


def freezes_at(point: Point, *, latest: int = 1) -> Harm:
    """It stands still for longer than its lease, and then goes on as if nothing had been."""

    def strike(site: Battered, day: Day, dice: random.Random) -> None:
        arm(site.faults, point, FREEZE, time=dice.randint(1, latest))
        pids = site.wait_until(site.frozen, seconds=PATIENCE_SECONDS, what=f"somebody to freeze at {point}")
        time.sleep(LEASE_SECONDS * 1.7)
        if point in NOTHING_HAS_LEFT:
            day.given_up = given_up(day)
        for pid in pids:
            os.kill(pid, signal.SIGCONT)

    return Harm(f"frozen past its lease at {point}", strike)


def killed(name: str, *, times: int = 1, sig: signal.Signals = signal.SIGKILL, what: str = "", needs_site: bool = False) -> Harm:
    """At any moment; `name`: `worker` for any of them."""

    def strike(site: Battered, day: Day, dice: random.Random) -> None:
        for _ in range(times):
            time.sleep(dice.uniform(*UNDER_WAY_SECONDS) / times)
            one = dice.choice(site.workers) if name == "worker" else name
            site.kill(one, sig)
            site.start(one)

    return Harm(what or f"{name} killed at any moment", strike, unknown=PARALLEL * times, needs_site=needs_site)


def valkey_s_disk_is_lost() -> Harm:
    def strike(site: Battered, day: Day, dice: random.Random) -> None:
        assert isinstance(site, Site)
        time.sleep(dice.uniform(*UNDER_WAY_SECONDS))
        site.kill("valkey")
        site.forget_valkey()
        site.start("valkey")

    return Harm("valkey killed, its disk lost", strike, needs_site=True)


def power_cut() -> Harm:
    def strike(site: Battered, day: Day, dice: random.Random) -> None:
        assert isinstance(site, Site)
        time.sleep(dice.uniform(*UNDER_WAY_SECONDS))
        for name in reversed(list(site.programs)):
            site.kill(name)
        site.ensure_up()

    return Harm("power cut: everything killed", strike, needs_site=True)


def gateway(what: str, deeds: Callable[[random.Random], Sequence[orders.Order]], *, unknown: int) -> Harm:
    def strike(site: Battered, day: Day, dice: random.Random) -> None:
        day.company.graph.orders.extend(list(deeds(dice)))

    return Harm(what, strike, unknown=unknown)


def receipts_run_wild() -> Harm:
    def strike(site: Battered, day: Day, dice: random.Random) -> None:
        weather = day.company.graph.courier.weather
        usual = (weather.duplicate_rate, weather.lateness_ms)
        weather.duplicate_rate, weather.lateness_ms = 0.9, 1500
        try:
            time.sleep(2)
        finally:
            weather.duplicate_rate, weather.lateness_ms = usual

    return Harm("receipts five times, late and shuffled", strike, unknown=0)


HARMS: tuple[Harm, ...] = (
    dies_at(Point.FROZEN),
    dies_at(Point.CLAIMED, latest=4),
    dies_at(Point.SENDING, latest=60),
    dies_at(Point.SENT, latest=6),
    dies_at(Point.RECORDED, latest=6),
    dies_at(Point.SLICE_OVER),
    freezes_at(Point.CLAIMED, latest=4),
    freezes_at(Point.SENDING, latest=60),
    freezes_at(Point.SENT, latest=6),
    dies_at(Point.MESSAGE_STAMPED, latest=2),
    dies_at(Point.MESSAGE_ANSWERED, latest=2),
    dies_at(Point.MESSAGE_RECORDED, latest=2),
    freezes_at(Point.MESSAGE_STAMPED, latest=2),
    dies_at(Point.WEBHOOK_STORED, latest=10),
    dies_at(Point.WEBHOOK_APPLIED, latest=3),
    dies_at(Point.RECEIPTS_APPLIED, latest=2),
    killed("worker"),
    killed("worker", times=3, what="workers killed three times"),
    killed("web"),
    killed("beat"),
    killed("valkey"),
    valkey_s_disk_is_lost(),
    killed("postgres", sig=signal.SIGQUIT, what="postgres stopped as in a crash", needs_site=True),
    killed("postgres", needs_site=True),
    power_cut(),
    gateway("gateway takes and cuts the line", lambda dice: [orders.take_and_cut() for _ in range(30)], unknown=0),
    gateway("gateway takes and falls silent", lambda dice: [orders.take_and_be_silent(LEASE_SECONDS * 1.5) for _ in range(12)], unknown=0),
    gateway(
        "gateway answers 503 and takes nothing",
        lambda dice: [orders.answer_with(503, b"<html>Service Unavailable</html>", path="messages") for _ in range(8)],
        unknown=8,
    ),
    gateway("gateway says too fast", lambda dice: [orders.refuse(130429, path="messages") for _ in range(5)], unknown=0),
    receipts_run_wild(),
)
