"""What is looked at when a scheduled message's time has come: clocks that changed, answers, consent, the window, the template."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.models import AuditEntry
from connectors.models import Template
from contacts.models import OptOut
from tenants.lib.clock import now
from tenants.models import Company, Timer
from tickets.models import Message, Schedule, ScheduleRun, Ticket
from tickets.services.schedules import Parts, Place, create_schedule
from tickets.tests.factories import heard
from tickets.tests.test_schedules import HOUR, URL, due, refused, said, scheduled

NEW_YORK = ZoneInfo("America/New_York")
DAY = datetime.timedelta(days=1)


@pytest.fixture
def new_york(acme) -> Company:
    Company.objects.filter(pk=acme.pk).update(timezone=NEW_YORK.key)
    acme.timezone = NEW_YORK.key
    return acme


def nine_before_the_clocks_changed() -> datetime.datetime:
    """The newest 9:00 in New York that has another offset than tomorrow's."""
    tomorrow = (now().astimezone(NEW_YORK) + DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    days = (tomorrow - DAY * back for back in range(2, 300))
    return next(day for day in days if day.utcoffset() != tomorrow.utcoffset())


def test_nine_oclock_in_new_york_is_nine_oclock_on_the_other_side_of_a_change(bob, line, marina, new_york):
    schedule = scheduled(marina, line, bob, repeats="day")
    first = nine_before_the_clocks_changed()
    Schedule.objects.filter(pk=schedule.pk).update(first_at=first)

    due(schedule)

    there = schedule.due_at.astimezone(NEW_YORK)
    assert (schedule.count, schedule.status, (there.hour, there.minute)) == (1, "waiting", (9, 0))
    assert there.utcoffset() != first.utcoffset()
    assert Timer.objects.get(kind="tickets.schedule").due_at == schedule.due_at > now()


def test_the_calendar_keeps_nine_oclock_over_the_next_change(bob, line, marina, new_york, client_of):
    days = (now().astimezone(NEW_YORK).replace(hour=9, minute=0, second=0, microsecond=0) + DAY * ahead for ahead in range(1, 300))
    change = next(day for day in days if day.utcoffset() != (day + DAY).utcoffset())
    scheduled(marina, line, bob, at=change - DAY, repeats="day")
    asked = {"start": (change - 2 * DAY).isoformat(), "end": (change + 3 * DAY).isoformat()}

    found = client_of(bob).get(f"{URL}calendar/", asked).json()["occurrences"]

    times = [datetime.datetime.fromisoformat(one["at"]).astimezone(NEW_YORK) for one in found]
    assert [time.strftime("%H:%M") for time in times] == ["09:00"] * 4
    assert len({time.utcoffset() for time in times}) == 2


def test_a_time_without_an_offset_is_the_companys(bob, line, marina, new_york, client_of):
    wall = (now().astimezone(NEW_YORK) + 2 * DAY).replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    body = said(contact=marina.pk, connection=line.pk, first_at=wall.isoformat()[:16])

    made = client_of(bob).post(URL, body, format="json").json()

    assert datetime.datetime.fromisoformat(made["first_at"]) == wall.replace(tzinfo=NEW_YORK)


def test_an_answer_that_came_while_the_worker_had_it_calls_it_off_when_it_is_due(bob, line, marina):
    """The customer's message passes over a schedule that is being sent; the next time must not."""
    ticket = heard(line, marina).ticket
    schedule = due(scheduled(marina, line, bob, repeats="day", cancels_on_reply=True))
    went = schedule.status
    Ticket.objects.filter(pk=ticket.pk).update(last_inbound_at=now())

    due(schedule)

    assert (went, schedule.status, schedule.error_code, Message.objects.filter(origin="schedule").count()) == (
        "waiting",
        "cancelled",
        "answered",
        1,
    )
    assert (ScheduleRun.objects.count(), Timer.objects.filter(kind="tickets.schedule").count()) == (1, 0)
    assert AuditEntry.objects.filter(action="schedule.answered").count() == 1


def test_what_they_wrote_before_it_was_scheduled_is_no_answer(bob, line, marina):
    heard(line, marina, at=now() - HOUR)

    assert due(scheduled(marina, line, bob, cancels_on_reply=True)).status == "finished"


def test_consent_is_asked_when_it_goes_each_time(bob, line, marina):
    schedule = due(scheduled(marina, line, bob, repeats="day", is_marketing=True))
    OptOut.objects.create(contact=marina, purpose="marketing")
    due(schedule)

    assert (schedule.count, schedule.status, schedule.error_code) == (1, "failed", "opted_out")


def test_the_window_is_asked_when_it_goes_and_not_when_it_is_written(bob, cloud_line, marina):
    """Written inside the window for a time when it is shut; and the other way round."""
    heard(cloud_line, marina)
    shuts = scheduled(marina, cloud_line, bob, at=now() + 2 * DAY)
    opens = scheduled(marina, cloud_line, bob)
    Ticket.objects.update(last_inbound_at=now() - 2 * DAY)
    due(shuts)
    Ticket.objects.update(last_inbound_at=now())
    due(opens)

    assert [(one.status, one.error_code) for one in (shuts, opens)] == [("failed", "outside_service_window"), ("finished", "")]


def test_while_its_number_rests_it_waits_and_what_is_said_meanwhile_counts(bob, line, marina):
    until = (now() + HOUR).replace(microsecond=0)
    type(line).objects.filter(pk=line.pk).update(paused_until=until)
    schedule = due(scheduled(marina, line, bob, is_marketing=True))
    waited = (schedule.status, schedule.due_at, Message.objects.count(), Timer.objects.get(kind="tickets.schedule").due_at)
    type(line).objects.filter(pk=line.pk).update(paused_until=None)
    OptOut.objects.create(contact=marina, purpose="marketing")

    assert waited == ("waiting", until, 0, until)
    assert (due(schedule).status, Message.objects.count()) == ("failed", 0)


def test_what_is_too_late_does_not_wait_any_longer_for_its_number(bob, line, marina):
    type(line).objects.filter(pk=line.pk).update(paused_until=now() + HOUR)

    schedule = due(scheduled(marina, line, bob), since=13 * HOUR)

    assert (schedule.status, schedule.error_code) == ("failed", "too_late")


def test_a_template_that_is_not_approved_any_more_does_not_go(bob, cloud_line, marina):
    template = visit(cloud_line)
    fields = {"first_at": now() + HOUR, "variables": {"1": "Monday"}}
    schedule = create_schedule(Place(marina, cloud_line), Parts(fields, template=template), by=bob)
    Template.objects.filter(pk=template.pk).update(status="PAUSED")

    assert (due(schedule).status, schedule.error_code, Message.objects.count()) == ("failed", "template_not_approved", 0)


def test_one_that_failed_is_mended_with_a_template_and_a_new_time(bob, cloud_line, marina, client_of):
    schedule = due(scheduled(marina, cloud_line, bob))
    assert schedule.error_code == "outside_service_window"
    Schedule.objects.filter(pk=schedule.pk).update(first_at=now() - HOUR)
    client, place = client_of(bob), f"{URL}{schedule.pk}/"
    template = {"id": visit(cloud_line).pk, "variables": {"1": "Monday"}}

    without_time = client.patch(place, {"template": template}, format="json")
    mended = client.patch(place, {"template": template, "body": "", "first_at": (now() + HOUR).isoformat()}, format="json")

    assert refused(without_time) == (400, [("in_past", "first_at")])
    assert (mended.status_code, mended.json()["status"], mended.json()["error_code"]) == (200, "waiting", "")
    assert Timer.objects.filter(kind="tickets.schedule").count() == 1
    assert (due(schedule).status, Message.objects.get().body) == ("finished", "Your visit is on Monday.")


def test_from_a_template_back_to_words_of_ones_own(bob, cloud_line, marina, client_of):
    heard(cloud_line, marina)
    fields = {"first_at": now() + HOUR, "variables": {"1": "Monday"}}
    schedule = create_schedule(Place(marina, cloud_line), Parts(fields, template=visit(cloud_line)), by=bob)

    changed = client_of(bob).patch(f"{URL}{schedule.pk}/", {"template": None, "body": "See you"}, format="json").json()

    assert (changed["template"], changed["body"], datetime.datetime.fromisoformat(changed["first_at"])) == (
        None,
        "See you",
        schedule.first_at,
    )
    assert (due(schedule).status, Message.objects.get(origin="schedule").body) == ("finished", "See you")


def visit(connection) -> Template:
    words = [{"type": "BODY", "text": "Your visit is on {{1}}."}]
    return Template.objects.create(connection=connection, name="visit", language="en", status="APPROVED", components=words)
