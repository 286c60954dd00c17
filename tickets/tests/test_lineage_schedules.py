"""What the seed lineage's schedules (whaticket.md 4.9, 4.12) and peers' "send later" (peers.md P23) get wrong: a regression test each.

Proved elsewhere, and not again here:

4.9   one default connection's rest or absence is not told: test_schedules a_variable_without_a_value_and_a_number_that_is_off_…
4.9   no time zone: test_schedules_when_due nine_oclock_in_new_york_…, a_time_without_an_offset_is_the_companys; test_recurrence
P23   no list, no edit, no cancel: test_schedules it_is_changed_called_off_and_deleted, the_calendar_shows_what_went_…
P23   goes though they have answered: test_schedules whoever_writes_before_…; test_schedules_when_due an_answer_that_came_while_…
P23   opt-out and window are not asked when it goes: test_schedules_when_due consent_is_asked_…, the_window_is_asked_when_it_goes_…
"""

import datetime

import pytest

from tenants.firing import fire_due_timers
from tenants.lib.clock import now
from tenants.models import Timer
from tenants.statements import claim_timers
from tickets.models import Message, Schedule, ScheduleRun
from tickets.services.schedules import Parts, update_schedule
from tickets.tests.factories import ConnectionFactory
from tickets.tests.test_schedules import HOUR, scheduled

SECOND = datetime.timedelta(seconds=1)


def time_passes(schedule: Schedule, *, late: datetime.timedelta) -> None:
    """It was due so long ago."""
    due_at = now() - late
    Schedule.objects.filter(pk=schedule.pk).update(due_at=due_at)
    Timer.objects.filter(kind="tickets.schedule", key=str(schedule.pk)).update(due_at=due_at)


def messages() -> list[str]:
    return list(Message.objects.filter(origin="schedule").order_by("pk").values_list("body", flat=True))


@pytest.mark.parametrize("late", [SECOND, 31 * SECOND, HOUR, 11 * HOUR])
def test_whatever_window_was_missed_it_goes_once_when_recado_is_back__4_9_a_window_of_30_seconds(bob, line, marina, late):
    """whaticket.md 4.9, 4.12: only what is due within the next 30 s is looked for; what was missed is never sent."""
    schedule = scheduled(marina, line, bob)
    time_passes(schedule, late=late)

    fired = fire_due_timers(), fire_due_timers()

    schedule.refresh_from_db()
    assert fired == (1, 0)
    assert (messages(), schedule.status, ScheduleRun.objects.count()) == (["Hello Marina"], "finished", 1)


def test_it_is_not_sent_before_its_time_nor_is_its_time_put_off__4_9_40_seconds_later(bob, line, marina):
    """whaticket.md 4.9: whatever the verifying job finds waits for another 40 s."""
    schedule = scheduled(marina, line, bob)

    early = fire_due_timers(), messages()
    timer = Timer.objects.get(kind="tickets.schedule")
    time_passes(schedule, late=datetime.timedelta())
    fire_due_timers()

    assert (early, timer.due_at) == ((0, []), schedule.first_at)
    assert messages() == ["Hello Marina"]


def test_a_worker_that_dies_with_it_leaves_it_to_the_next__4_9_stuck_between_two_states(bob, line, marina):
    """whaticket.md 4.9: it is AGENDADA before it is sent, and nobody looks at those again."""
    schedule = scheduled(marina, line, bob)
    time_passes(schedule, late=SECOND)
    claimed = claim_timers(now())

    before = fire_due_timers(), messages()
    Timer.objects.filter(kind="tickets.schedule").update(retry_at=now() - SECOND)
    fire_due_timers()

    assert (len(claimed), before, messages()) == (1, (0, []), ["Hello Marina"])


def test_it_goes_through_the_number_it_was_written_for__4_9_the_company_s_default_number(bob, line, marina):
    """whaticket.md 4.9: it is sent by the company's default connection, which the customer may not know."""
    ConnectionFactory(name="The company's first")
    second = ConnectionFactory(name="Marina's")
    schedule = scheduled(marina, second, bob)
    time_passes(schedule, late=SECOND)

    fire_due_timers()

    assert Message.objects.get(origin="schedule").connection == second


def test_one_that_was_moved_goes_at_its_new_time_only__p23_the_job_of_the_old_time(bob, line, marina):
    """peers.md P23: the old time's job still runs."""
    schedule = scheduled(marina, line, bob)
    update_schedule(schedule, Parts({"first_at": now() + 5 * HOUR, "body": "Later"}), by=bob)

    moved = Timer.objects.filter(kind="tickets.schedule").get()
    fire_due_timers()
    early = messages()
    time_passes(schedule, late=SECOND)
    fire_due_timers()

    assert moved.due_at > now() + 4 * HOUR
    assert (early, messages()) == ([], ["Later"])
