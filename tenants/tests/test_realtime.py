import pytest
from redis.exceptions import RedisError

from tenants.lib import realtime
from tenants.lib.realtime import EVERYONE, Audience, Frame, channel_of, head, missed, parse_frame, publish, publish_now
from tenants.lib.tenancy import enter
from tenants.lib.valkey import client


def frame(number: int) -> Frame:
    return Frame("ticket", {"action": "update", "n": number}, Audience(queue_ids=frozenset({4}), roles=frozenset({"admin"}), ticket_id=9))


def test_frames_are_numbered_in_order_and_each_company_counts_for_itself(acme, globex):
    last = publish_now([frame(1), frame(2)])
    with enter(globex):
        publish_now([frame(3)])

    numbered = missed(acme, 0)
    assert (last, head(acme), head(globex)) == (2, 2, 1)
    assert [(f.seq, f.event, f.data["n"]) for f in numbered] == [(1, f"company-{acme.pk}-ticket", 1), (2, f"company-{acme.pk}-ticket", 2)]
    assert numbered[0].audience == frame(1).audience


def test_resume_gets_exactly_what_was_missed(acme):
    publish_now([frame(n) for n in range(1, 6)])

    assert ([f.seq for f in missed(acme, 3)], missed(acme, 5)) == ([4, 5], [])


def test_resume_from_before_the_log_or_from_another_life_means_reload(acme):
    publish_now([frame(n) for n in range(1, 6)])
    client().xtrim("acme:log", maxlen=2, approximate=False)

    assert (missed(acme, 1), missed(acme, 99)) == (None, None)


def test_subscribers_hear_the_numbered_frame(acme):
    listener = client().pubsub(ignore_subscribe_messages=True)
    listener.subscribe(channel_of(acme.pk))
    listener.get_message(timeout=1)

    publish_now([Frame("user", {"action": "update"}, EVERYONE)])

    heard = parse_frame(listener.get_message(timeout=2)["data"])
    assert (heard.seq, heard.event, heard.audience.everyone) == (1, f"company-{acme.pk}-user", True)
    listener.close()


def test_publish_waits_for_the_commit_and_keeps_the_company_of_the_call(acme, globex, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        publish([frame(1)])
    before = head(acme)
    with enter(globex):
        waiting[0]()

    assert (before, head(acme), head(globex)) == (0, 1, 0)


def test_a_dead_valkey_fails_publish_now_but_never_publish(acme, django_capture_on_commit_callbacks, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    client.cache_clear()

    with django_capture_on_commit_callbacks(execute=True):
        publish([frame(1)])
    with pytest.raises(RedisError):
        publish_now([frame(1)])

    client.cache_clear()


def test_the_epoch_is_the_running_valkeys_own(acme):
    assert realtime.epoch() == realtime.epoch() != ""
