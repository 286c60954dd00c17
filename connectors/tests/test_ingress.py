import asyncio
import time

import psycopg
import pytest

from connectors import storing
from connectors.providers.cloud_api.signing import HEADER, signature_of
from connectors.tests import calls
from connectors.tests.door import Answer, Door, eventually
from tenants.lib.valkey import client

BODY = calls.messages(calls.message())
OK = Answer(200, "ok")
MEGABYTE = 1024 * 1024


def test_a_signed_call_is_on_disk_before_it_is_answered(door: Door):
    answer = door.play(lambda: door.post(BODY))

    assert answer == OK
    assert door.rows("SELECT company_id, connection_id, provider, body, state FROM tenants_webhook") == [
        (door.company.pk, 7, "cloud_api", BODY, 0)
    ]


def test_the_address_works_without_its_slash_too(door: Door):
    async def story():
        return await door.call("POST", f"/webhooks/{door.token}", headers={HEADER: signature_of(b"", "shh")}), await door.post(BODY)

    without_body, answer = door.play(story)

    assert (without_body.status, answer) == (400, OK)


def test_the_gateway_s_handshake_is_answered_with_its_challenge(door: Door):
    path = f"/webhooks/{door.token}/"
    right = "hub.mode=subscribe&hub.verify_token=let%20me%20in&hub.challenge=1158201444"

    async def story():
        return await door.call("GET", path, query=right), await door.call("GET", path, query=right.replace("let", "leave"))

    accepted, refused = door.play(story)

    assert (accepted, refused.status) == (Answer(200, "1158201444"), 403)
    assert door.stored() == []


@pytest.mark.parametrize(
    ("call", "status"),
    [
        pytest.param({"body": BODY, "headers": {HEADER: signature_of(BODY, "another secret")}}, 403, id="wrong signature"),
        pytest.param({"body": BODY, "headers": {}}, 403, id="no signature"),
        pytest.param({"body": b'{"object": '}, 400, id="broken JSON"),
        pytest.param({"body": b"[1, 2]"}, 400, id="JSON, but no object"),
        pytest.param({"body": b""}, 400, id="nothing"),
        pytest.param({"body": BODY, "token": "b" * 40}, 404, id="unknown token"),
        pytest.param({"body": BODY, "token": "../../etc/passwd"}, 404, id="no token at all"),
        pytest.param({"body": b'{"a": "' + b"x" * 6 * MEGABYTE + b'"}', "parts": 90}, 413, id="6 MB in parts"),
        pytest.param({"body": b'{"a": "' + b"x" * 6 * MEGABYTE + b'"}'}, 413, id="6 MB at once"),
        pytest.param({"body": BODY, "headers": {"content-length": "6000000", "expect": "100-continue"}}, 413, id="6 MB announced"),
    ],
)
def test_bad_calls_are_turned_away_and_nothing_is_stored(door: Door, call, status):
    answer = door.play(lambda: door.post(**call))

    assert answer.status == status
    assert door.stored() == []


def test_a_body_of_five_megabytes_is_taken(door: Door):
    body = b'{"a": "' + b"x" * (5 * MEGABYTE - 9) + b'"}'

    answer = door.play(lambda: door.post(body, parts=80))

    assert (len(body), answer, door.stored()) == (5 * MEGABYTE, OK, [body])


def test_other_methods_are_refused(door: Door):
    answer = door.play(lambda: door.call("DELETE", f"/webhooks/{door.token}/"))

    assert answer.status == 405


def test_calls_turned_away_are_counted_by_day_and_reason(door: Door):
    async def story():
        for _time in range(3):
            await door.post(BODY, headers={})
        await door.post(BODY, token="c" * 40)
        await eventually(lambda: len(door.rows("SELECT 1 FROM tenants_rejection")) == 2)
        await door.post(BODY, headers={})
        await eventually(lambda: door.rows("SELECT 1 FROM tenants_rejection WHERE count = 4"))

    door.play(story)

    counted = door.rows("SELECT token, reason, count FROM tenants_rejection ORDER BY reason")
    assert counted == [(door.token, "signature_missing", 4), ("", "unknown_token", 1)]


def test_calls_at_once_share_commits_and_each_is_stored_once(door: Door):
    bodies = [calls.messages(calls.message(id=f"wamid.{number}")) for number in range(300)]

    async def story():
        return await asyncio.gather(*[door.post(body) for body in bodies])

    answers = door.play(story)

    [(commits,)] = door.rows("SELECT count(DISTINCT received_at) FROM tenants_webhook")
    assert (answers, sorted(door.stored())) == ([OK] * 300, sorted(bodies))
    assert commits < 30


def test_one_row_that_the_database_refuses_does_not_fail_the_others(door: Door):
    bomb = b'{"bomb": 1}'
    door.rows(f"ALTER TABLE tenants_webhook ADD CONSTRAINT no_bombs CHECK (body <> '{bomb.decode()}'::bytea)")

    async def story():
        return await asyncio.gather(door.post(BODY), door.post(BODY), door.post(bomb), door.post(BODY))

    try:
        answers = door.play(story)
    finally:
        door.rows("ALTER TABLE tenants_webhook DROP CONSTRAINT no_bombs")

    assert [answer.status for answer in answers] == [200, 200, 503, 200]
    assert door.stored() == [BODY] * 3


def test_a_suspended_company_s_calls_are_stored_and_wake_nobody(door: Door):
    door.rows("UPDATE tenants_company SET state = 'suspended' WHERE id = %s", door.company.pk)

    answer = door.play(lambda: door.post(BODY))

    assert (answer, door.stored(), client().llen("inbound")) == (OK, [BODY], 0)


def test_a_rotated_token_is_refused_within_seconds(door: Door, monkeypatch):
    monkeypatch.setattr("connectors.webhook_routes.ROUTE_SECONDS", 1.5)

    async def story():
        before = await door.post(BODY)
        door.rows("UPDATE tenants_webhookroute SET token = %s", "n" * 40)
        at_once = await door.post(BODY)
        await asyncio.sleep(1.6)
        return before, at_once, await door.post(BODY), await door.post(BODY, token="n" * 40)

    answers = door.play(story)

    assert [answer.status for answer in answers] == [200, 200, 404, 200]


def test_many_calls_wake_a_worker_once(door: Door):
    async def story():
        await asyncio.gather(*[door.post(BODY) for _time in range(50)])
        await eventually(lambda: client().llen("inbound"))
        await asyncio.gather(*[door.post(BODY) for _time in range(50)])

    door.play(story)

    assert (len(door.stored()), client().llen("inbound")) == (100, 1)


def test_without_a_database_the_gateway_is_told_to_come_again_and_may(door: Door):
    async def story():
        first = await door.post(BODY)
        with door.without_database():
            started = time.monotonic()
            meanwhile = await asyncio.gather(*[door.post(BODY) for _time in range(20)])
            took = time.monotonic() - started
        return first, meanwhile, took, await _until_taken(door)

    first, meanwhile, took, again = door.play(story)

    assert (first, [answer.status for answer in meanwhile], again) == (OK, [503] * 20, OK)
    assert took < 2
    assert door.stored() == [BODY] * 2


def test_a_database_that_hangs_is_not_waited_for(door: Door, monkeypatch):
    monkeypatch.setattr(storing, "ANSWER_SECONDS", 0.3)

    async def story():
        first = await door.post(BODY)
        with psycopg.connect(door.url) as other:
            other.execute("LOCK TABLE tenants_webhook")
            started = time.monotonic()
            hung = await asyncio.gather(*[door.post(BODY) for _time in range(5)])
            took = time.monotonic() - started
        return first, hung, took, await _until_taken(door)

    first, hung, took, again = door.play(story)

    assert (first, [answer.status for answer in hung], again) == (OK, [503] * 5, OK)
    assert took < 1.5


def test_connections_are_exchanged_for_fresh_ones(door: Door, monkeypatch):
    monkeypatch.setattr(storing, "RECYCLE_SECONDS", 0.0)

    async def story():
        return [await door.post(BODY) for _time in range(3)]

    assert door.play(story) == [OK] * 3
    assert len(door.stored()) == 3


async def _until_taken(door: Door) -> Answer:
    """As gateways do: again after a pause, until it is taken."""
    for _time in range(50):
        answer = await door.post(BODY)
        if answer.status == 200:
            return answer
        await asyncio.sleep(0.1)
    return answer
