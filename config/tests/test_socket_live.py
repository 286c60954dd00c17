"""The socket through a real server: dropped at random, read too slowly, and without its Valkey for a while."""

import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest
import requests
from django.contrib.auth.hashers import make_password
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from accounts.tests.factories import PASSWORD
from config.ground.stack import Stack
from tenants.lib import valkey
from tenants.lib.realtime import Frame, publish_now

PATIENCE_SECONDS = 10


class Founder:
    """acme's first admin at the running installation, by HTTP and socket."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.http = requests.Session()
        self.http.headers["Host"] = f"acme.localhost:{stack.port}"
        login = self.post("auth/login/", email="founder@acme.test", password=PASSWORD)
        self.http.headers["Authorization"] = f"Bearer {login['access']}"
        self.refresh = login["refresh"]
        self.user_id = login["user"]["id"]

    def post(self, path: str, **body: object) -> dict:
        answer = self.http.post(f"{self.stack.url}/api/v1/{path}", json=body, timeout=PATIENCE_SECONDS)
        assert answer.ok, (answer.status_code, answer.text)
        return answer.json()

    def rename(self, name: str) -> None:
        assert self.http.patch(f"{self.stack.url}/api/v1/auth/me/", json={"name": name}, timeout=PATIENCE_SECONDS).ok

    def name_by_rest(self) -> str:
        return self.http.get(f"{self.stack.url}/api/v1/users/{self.user_id}/", timeout=PATIENCE_SECONDS).json()["name"]

    def socket(self, **options: object) -> ClientConnection:
        ticket = self.post("auth/socket-ticket/")["ticket"]
        url = f"ws://acme.localhost:{self.stack.port}/ws/?ticket={ticket}"
        return connect(url, address=("127.0.0.1", self.stack.port), proxy=None, compression=None, **options)


@pytest.fixture
def founder(stack: Stack) -> Founder:
    with psycopg.connect(stack.database_url) as database:
        database.execute("UPDATE acme.accounts_user SET password = %s WHERE email = 'founder@acme.test'", [make_password(PASSWORD)])
    return Founder(stack)


@pytest.fixture
def publishing_there(stack: Stack, acme, settings) -> Iterator[None]:
    """`publish_now` of the test's own acme speaks to the installation's Valkey: it is the same company there."""
    settings.REDIS_URL = stack.redis_url
    valkey.client.cache_clear()
    yield
    valkey.client.cache_clear()


def hear(socket: ClientConnection) -> dict:
    return json.loads(socket.recv(timeout=PATIENCE_SECONDS))


def hear_until(socket: ClientConnection, is_it: Callable[[dict], bool]) -> dict:
    """Past whatever comes in between: who is here is whispered, without a number, whenever it changes."""
    while not is_it(frame := hear(socket)):
        pass
    return frame


def test_sockets_dropped_at_random_under_traffic_end_with_what_rest_says(founder):
    names = [f"Founder {number}" for number in range(120)]
    dice = random.Random(7)
    last, heard = 0, []

    with ThreadPoolExecutor(1) as traffic:
        talking = traffic.submit(lambda: [founder.rename(name) for name in names])
        start = None
        while not heard or heard[-1] != names[-1]:
            with founder.socket() as socket:
                ready = hear(socket)
                start = ready if start is None else start
                last = last or ready["seq"]
                assert ready["epoch"] == start["epoch"]
                socket.send(json.dumps({"event": "resume", "since": last, "epoch": ready["epoch"]}))
                for _ in range(dice.randint(1, 25)):
                    frame = hear(socket)
                    if "prev" not in frame:
                        continue
                    if frame["prev"] > last:  # it came before the resume was heard: what fills the gap brings it again
                        continue
                    assert frame["prev"] == last or frame["seq"] <= last
                    if frame["seq"] > last:
                        last = frame["seq"]
                        heard.append(frame["data"]["user"]["name"])
                    if heard and heard[-1] == names[-1]:
                        break
        talking.result()

    assert heard == names[names.index(heard[0]) :]
    assert founder.name_by_rest() == heard[-1]


def test_two_tabs_that_refresh_at_once_get_the_same_successor(founder):
    def refresh(_: int) -> str:
        answer = requests.post(
            f"{founder.stack.url}/api/v1/auth/refresh/",
            json={"refresh": founder.refresh},
            headers={"Host": founder.http.headers["Host"]},
            timeout=PATIENCE_SECONDS,
        )
        return answer.json().get("refresh", answer.text)

    with ThreadPoolExecutor(8) as tabs:
        successors = set(tabs.map(refresh, range(24)))

    assert len(successors) == 1
    assert successors != {founder.refresh}


def test_a_client_that_stops_reading_is_closed_and_others_are_not_held_up(founder, publishing_there):
    filler = "x" * 4_000
    frames = [Frame("notification", {"number": number, "filler": filler}) for number in range(500)]

    with founder.socket() as quick, founder.socket(max_queue=1) as lazy:
        hear(quick), hear(lazy)
        for _ in range(10):
            end = publish_now(frames)
            while hear(quick).get("seq") != end:
                pass
        with pytest.raises(ConnectionClosed) as closing, suppress(TimeoutError):
            while True:
                lazy.recv(timeout=PATIENCE_SECONDS)

    assert closing.value.rcvd.code == 4408


def test_a_valkey_that_died_comes_back_to_the_same_sockets(founder, stack):
    with founder.socket() as socket:
        ready = hear(socket)
        stack.kill("valkey")
        stack.start("valkey")
        reload = hear_until(socket, lambda frame: frame["event"] == "reload")
        founder.rename("Founder after the fall")
        frame = hear_until(socket, lambda frame: "prev" in frame)

    assert reload["epoch"] != ready["epoch"]
    assert (frame["prev"], frame["data"]["user"]["name"]) == (reload["seq"], "Founder after the fall")


def test_a_made_up_ticket_is_told_why(stack):
    with connect(f"ws://acme.localhost:{stack.port}/ws/?ticket=made-up", address=("127.0.0.1", stack.port), proxy=None) as socket:
        with pytest.raises(ConnectionClosed) as closing:
            socket.recv(timeout=PATIENCE_SECONDS)

    assert closing.value.rcvd.code == 4401
