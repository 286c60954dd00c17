import datetime

import pytest

from tenants.firing import fire_due_timers
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tenants.lib.timers import cancel_timer, set_timer
from tenants.models import Timer
from tenants.services.companies import resume_company, suspend_company
from tenants.services.parked import try_timers_again
from tenants.statements import claim_timers
from tenants.sweeping import sweep_retention
from tenants.tests.tables import written

PAST = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
FUTURE = datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _table(settings):
    settings.TIMERS = "tenants.tests.tables.TIMERS"


def test_a_due_timer_fires_once_in_its_own_company(acme, globex):
    set_timer("note", "a", due_at=PAST, payload={"n": 1})
    with enter(globex):
        set_timer("note", "a", due_at=PAST)
        set_timer("note", "not yet", due_at=FUTURE)

    fired = fire_due_timers(), fire_due_timers()

    assert fired == (2, 0)
    assert sorted(written()) == ["acme a {'n': 1}", "globex a {}"]
    assert list(Timer.objects.values_list("key", flat=True)) == ["not yet"]


def test_setting_the_same_timer_moves_it(acme):
    set_timer("note", 5, due_at=PAST)
    set_timer("note", 5, due_at=FUTURE, payload={"n": 2})

    assert (fire_due_timers(), list(Timer.objects.values_list("key", "due_at", "payload"))) == (0, [("5", FUTURE, {"n": 2})])


def test_a_cancelled_timer_does_not_fire(acme, globex):
    set_timer("note", "a", due_at=PAST)
    with enter(globex):
        by_mallory = cancel_timer("note", "a")
    cancelled = cancel_timer("note", "a"), cancel_timer("note", "a")

    assert (by_mallory, cancelled, fire_due_timers()) == (False, (True, False), 0)


def test_a_failing_timer_leaves_no_trace_but_its_error_and_waits(acme):
    set_timer("stumble", "a", due_at=PAST)

    fired = fire_due_timers()

    timer = Timer.objects.get()
    assert (fired, written(), timer.attempts, timer.error, timer.parked_at) == (0, [], 1, "ValueError: stumbled", None)
    assert timer.retry_at > now()


def test_after_five_failures_a_timer_is_parked_and_a_person_may_try_again(acme):
    set_timer("stumble", "a", due_at=PAST)
    for _attempt in range(6):
        fire_due_timers()
        Timer.objects.update(retry_at=PAST)

    parked = Timer.objects.get()
    tried = try_timers_again([parked.pk], by=None)

    assert (parked.attempts, parked.parked_at is None, tried) == (5, False, 1)
    assert Timer.objects.get().parked_at is None


def test_a_timer_claimed_by_somebody_else_is_left_alone(acme):
    set_timer("note", "a", due_at=PAST)

    mine, theirs = claim_timers(now()), claim_timers(now())

    assert ([timer.key for timer in mine], theirs) == (["a"], [])


def test_a_worker_that_died_with_a_timer_gives_it_back_and_the_fifth_death_parks_it(acme):
    set_timer("note", "a", due_at=PAST)
    for _death in range(5):
        claim_timers(now())
        Timer.objects.update(retry_at=PAST)

    again = claim_timers(now())
    sweep_retention()

    assert (again, Timer.objects.get().parked_at is None) == ([], False)


def test_every_company_gets_its_share_of_a_round(acme, globex):
    for number in range(30):
        set_timer("note", number, due_at=PAST)
    with enter(globex):
        set_timer("note", "only one", due_at=now())

    round_one = claim_timers(now())

    assert sorted({timer.company_id for timer in round_one}) == sorted([acme.pk, globex.pk])


def test_a_suspended_companys_timers_wait_for_it(acme, globex):
    with enter(globex):
        set_timer("note", "a", due_at=PAST)
    suspend_company(globex, by=None)
    while_suspended = fire_due_timers()
    resume_company(globex, by=None)

    assert (while_suspended, fire_due_timers(), written()) == (0, 1, ["globex a {}"])
