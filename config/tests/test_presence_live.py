"""Presence through real processes: killed without a word, and a Valkey that died."""

import json

from config.tests.test_socket_live import Founder, founder, hear  # noqa: F401


def presence_by_rest(founder: Founder) -> str:  # noqa: F811
    answer = founder.http.get(f"{founder.stack.url}/api/v1/users/{founder.user_id}/", timeout=10)
    return answer.json()["presence"]


def test_whoever_was_served_by_a_killed_process_is_offline_soon(founder, stack):  # noqa: F811
    with founder.socket() as socket:
        hear(socket)
        stack.wait_until(lambda: presence_by_rest(founder) == "online", what="the founder online")
        stack.kill("web")
        stack.start("web")

        stack.wait_until(lambda: presence_by_rest(founder) == "offline", seconds=20, what="the founder offline")


def test_whoever_says_goodbye_is_offline_soon(founder, stack):  # noqa: F811
    with founder.socket() as socket:
        hear(socket)
        stack.wait_until(lambda: presence_by_rest(founder) == "online", what="the founder online")

    stack.wait_until(lambda: presence_by_rest(founder) == "offline", seconds=20, what="the founder offline")


def test_a_valkey_that_died_is_told_again_who_is_here(founder, stack):  # noqa: F811
    with founder.socket() as socket:
        hear(socket)
        stack.wait_until(lambda: presence_by_rest(founder) == "online", what="the founder online")
        stack.kill("valkey")
        stack.start("valkey")

        stack.wait_until(lambda: presence_by_rest(founder) == "online", seconds=20, what="the founder online again")
        socket.send(json.dumps({"event": "userStatus", "status": "away"}))
        stack.wait_until(lambda: presence_by_rest(founder) == "away", seconds=20, what="the founder away")
