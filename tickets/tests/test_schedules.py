"""Messages for later: what is refused at once, what goes when its time has come, and what does not go after all."""

import datetime

import pytest

from accounts.models import AuditEntry, Notice
from config.inbound import handle
from connectors.models import Template
from contacts.models import OptOut
from tenants.lib.clock import now
from tenants.lib.realtime import missed
from tenants.models import Timer
from tickets.models import Message, Schedule, ScheduleRun, Ticket
from tickets.services.schedules import Parts, Place, create_schedule
from tickets.services.sending_schedules import send_due
from tickets.tests.factories import heard, inbound

URL = "/api/v1/schedules/"
HOUR = datetime.timedelta(hours=1)


def said(**more):
    return {"body": "Olá {{first_name|você}}, your visit is tomorrow.", "first_at": (now() + HOUR).isoformat()} | more


def scheduled(contact, connection, by, *, ticket=None, at=None, **fields):
    fields = {"body": "Hello {{first_name}}", "first_at": at or now() + HOUR} | fields
    return create_schedule(Place(contact, connection, ticket), Parts(fields), by=by)


def due(schedule, *, since=datetime.timedelta(seconds=1)):
    """As if its time had come."""
    Schedule.objects.filter(pk=schedule.pk).update(due_at=now() - since)
    send_due(str(schedule.pk), {})
    schedule.refresh_from_db()
    return schedule


def refused(answer):
    return answer.status_code, [(error["code"], error["attr"]) for error in answer.json()["errors"]]


def test_one_is_written_through_the_api_waits_and_goes_in_the_conversation(alice, bob, line, marina, client_of, acme):
    ticket = heard(line, marina).ticket
    answer = client_of(bob).post(URL, said(ticket=ticket.pk), format="json")
    schedule = Schedule.objects.get(pk=answer.json()["id"])
    timer = Timer.objects.get(kind="tickets.schedule", company_id=acme.pk)

    assert (answer.status_code, answer.json()["status"], answer.json()["contact"]["name"]) == (201, "waiting", "Marina")
    assert (timer.key, timer.due_at) == (str(schedule.pk), schedule.first_at)

    due(schedule)
    message = Message.objects.get(origin="schedule")

    assert (message.ticket_id, message.origin_id, message.body) == (ticket.pk, schedule.pk, "Olá Marina, your visit is tomorrow.")
    assert (schedule.status, schedule.count, schedule.due_at) == ("finished", 1, None)
    assert [run["message"]["id"] for run in client_of(bob).get(f"{URL}{schedule.pk}/runs/").json()["results"]] == [message.pk]


def test_without_a_conversation_it_opens_none_and_stands_in_the_next_one(bob, line, marina, client_of):
    schedule = due(scheduled(marina, line, bob))
    message = Message.objects.get(origin="schedule")
    reply = heard(line, marina, "Yes, I come.")

    assert (message.ticket_id, message.author_id, message.body, Ticket.objects.count()) == (None, bob.pk, "Hello Marina", 1)
    bodies = [found["body"] for found in client_of(bob).get(f"/api/v1/tickets/{reply.ticket_id}/messages/").json()["results"]]
    assert bodies == ["Yes, I come.", "Hello Marina"]
    assert schedule.status == "finished"


def test_a_timer_that_fires_twice_sends_once(bob, line, marina):
    schedule = due(scheduled(marina, line, bob))
    send_due(str(schedule.pk), {})

    assert Message.objects.filter(origin="schedule").count() == ScheduleRun.objects.count() == 1


def test_a_timer_that_is_early_waits_for_its_time(bob, line, marina, acme):
    schedule = scheduled(marina, line, bob)
    Timer.objects.all().delete()
    send_due(str(schedule.pk), {})

    assert (Message.objects.count(), Timer.objects.get(company_id=acme.pk).due_at) == (0, schedule.first_at)


def test_one_that_repeats_waits_for_the_next_time_until_it_was_sent_often_enough(bob, line, marina):
    schedule = scheduled(marina, line, bob, repeats="day", most=2)
    first = schedule.first_at

    due(schedule)
    assert (schedule.status, schedule.count, schedule.due_at) == ("waiting", 1, first)
    due(schedule)
    assert (schedule.status, schedule.count, schedule.due_at) == ("finished", 2, None)


def test_times_that_passed_while_nothing_ran_are_left_out_and_said(bob, line, marina, acme):
    schedule = scheduled(marina, line, bob, repeats="day")
    due(schedule, since=datetime.timedelta(days=3))

    run = ScheduleRun.objects.get()
    assert (run.error_code, Message.objects.count(), schedule.status) == ("too_late", 0, "waiting")
    assert schedule.due_at > now()
    assert Notice.objects.get(user=bob).kind == "schedule.failed"


def test_one_that_is_a_little_late_still_goes(bob, line, marina):
    schedule = due(scheduled(marina, line, bob), since=3 * HOUR)

    assert (schedule.status, Message.objects.count()) == ("finished", 1)


def test_whoever_writes_before_does_not_get_what_was_to_go_only_if_they_did_not(bob, line, marina, acme):
    kept = scheduled(marina, line, bob)
    follow_up = scheduled(marina, line, bob, cancels_on_reply=True)

    handle(line, [inbound(marina, "I am here")])

    follow_up.refresh_from_db(), kept.refresh_from_db()
    assert (follow_up.status, follow_up.error_code, kept.status) == ("cancelled", "answered", "waiting")
    assert [timer.key for timer in Timer.objects.filter(kind="tickets.schedule")] == [str(kept.pk)]
    assert AuditEntry.objects.filter(action="schedule.answered").count() == 1


@pytest.mark.parametrize(
    ("opt_out", "is_marketing", "expected"),
    [
        (None, True, ("finished", "")),
        ("marketing", False, ("finished", "")),
        ("marketing", True, ("failed", "opted_out")),
        ("all", False, ("failed", "opted_out")),
    ],
)
def test_who_asked_not_to_get_such_messages_gets_none(bob, line, marina, opt_out, is_marketing, expected):
    schedule = scheduled(marina, line, bob, is_marketing=is_marketing, repeats="never")
    if opt_out:
        OptOut.objects.create(contact=marina, purpose=opt_out)
    due(schedule)

    assert (schedule.status, schedule.error_code) == expected
    assert Message.objects.filter(origin="schedule").exists() == (expected[0] == "finished")


def test_one_that_repeats_ends_when_the_customer_does_not_want_it(bob, line, marina):
    schedule = scheduled(marina, line, bob, is_marketing=True, repeats="week")
    OptOut.objects.create(contact=marina, purpose="marketing")

    assert (due(schedule).status, schedule.due_at) == ("failed", None)


def test_outside_the_window_only_a_template_goes(bob, cloud_line, marina):
    template = Template.objects.create(
        connection=cloud_line,
        name="visit",
        language="en",
        status="APPROVED",
        components=[{"type": "BODY", "text": "Your visit is on {{1}}."}],
    )
    free = due(scheduled(marina, cloud_line, bob))
    fields = {"first_at": now() + HOUR, "variables": {"1": "Monday"}}
    approved = due(create_schedule(Place(marina, cloud_line), Parts(fields, template=template), by=bob))

    assert (free.status, free.error_code) == ("failed", "outside_service_window")
    assert (approved.status, Message.objects.get().body) == ("finished", "Your visit is on Monday.")


def test_a_variable_without_a_value_and_a_number_that_is_off_are_told_to_the_author(bob, line, marina):
    without = due(scheduled(marina, line, bob, body="Your plan: {{custom.plan}}"))
    off = scheduled(marina, line, bob)
    line.state = "disconnected"
    line.save()
    due(off)

    assert [(one.status, one.error_code) for one in (without, off)] == [("failed", "missing_value"), ("failed", "connection_closed")]
    assert Notice.objects.filter(user=bob).count() == 2


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"first_at": "2020-01-01T10:00:00Z"}, ("in_past", "first_at")),
        ({"first_at": "2199-01-01T10:00:00Z"}, ("too_far", "first_at")),
        ({"body": " "}, ("required", "body")),
        ({"repeats": "day", "ends_on": "2020-01-01"}, ("never_comes", "ends_on")),
        ({"every": 0}, ("min_value", "every")),
        ({"weekdays": [7]}, ("max_value", "weekdays.0")),
        ({"repeats": "year"}, ("invalid_choice", "repeats")),
        ({"contact": None}, ("required", "contact")),
        ({"contact": 99}, ("does_not_exist", "contact")),
        ({"template": {"id": 5}}, ("does_not_exist", "template")),
        ({"media": 5}, ("does_not_exist", "media")),
    ],
)
def test_what_is_wrong_is_said_with_its_field(bob, line, marina, client_of, fields, expected):
    body = said(contact=marina.pk, connection=line.pk) | fields
    answer = client_of(bob).post(URL, body, format="json")

    assert refused(answer) == (400, [expected])
    assert (Schedule.objects.count(), Timer.objects.count()) == (0, 0)


def test_it_is_changed_called_off_and_deleted(bob, line, marina, client_of, acme):
    schedule = scheduled(marina, line, bob)
    client = client_of(bob)
    later = now().replace(microsecond=0) + 5 * HOUR

    changed = client.patch(f"{URL}{schedule.pk}/", {"first_at": later.isoformat(), "body": "New"}, format="json").json()
    assert (changed["body"], datetime.datetime.fromisoformat(changed["due_at"])) == ("New", later)
    assert Timer.objects.get().due_at == later

    assert client.post(f"{URL}{schedule.pk}/cancel/").json()["status"] == "cancelled"
    assert (Timer.objects.count(), refused(client.post(f"{URL}{schedule.pk}/cancel/"))) == (0, (409, [("not_waiting", None)]))
    assert refused(client.patch(f"{URL}{schedule.pk}/", {"body": "x"}, format="json"))[0] == 409
    assert (client.delete(f"{URL}{schedule.pk}/").status_code, Schedule.objects.count()) == (204, 0)


def test_agents_see_their_own_and_those_of_their_conversations_managers_all(alice, bob, carol, line, marina, client_of):
    ticket = heard(line, marina).ticket  # waits in Sales, where Bob works
    in_ticket = scheduled(marina, line, alice, ticket=ticket)
    hers = scheduled(marina, line, carol)

    def seen(user):
        return {one["id"] for one in client_of(user).get(URL).json()["results"]}

    assert (seen(alice), seen(bob), seen(carol)) == ({in_ticket.pk, hers.pk}, {in_ticket.pk}, {hers.pk})
    assert client_of(bob).get(f"{URL}{hers.pk}/").status_code == 404


def test_the_calendar_shows_what_went_and_counts_on_what_repeats(bob, line, marina, client_of):
    weekly = scheduled(marina, line, bob, repeats="week", most=3)
    once = scheduled(marina, line, bob, at=now() + datetime.timedelta(days=2))
    sent = due(scheduled(marina, line, bob))
    start, end = now() - datetime.timedelta(days=1), now() + datetime.timedelta(days=60)

    answer = client_of(bob).get(f"{URL}calendar/", {"start": start.isoformat(), "end": end.isoformat()}).json()

    assert [(one["schedule"]["id"], one["state"]) for one in answer["occurrences"]] == [
        (sent.pk, "sent"),
        (weekly.pk, "waiting"),
        (once.pk, "waiting"),
        (weekly.pk, "waiting"),
        (weekly.pk, "waiting"),
    ]
    assert answer["is_complete"]
    far = client_of(bob).get(f"{URL}calendar/", {"start": start.isoformat(), "end": (end + 100 * HOUR * 24).isoformat()})
    assert refused(far) == (400, [("too_long", "end")])


def test_managers_and_the_author_are_told(bob, line, marina, acme, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        schedule = scheduled(marina, line, bob)

    frame = missed(acme, 0)[-1]
    assert (frame.event, frame.data["action"], frame.data["schedule"]["id"]) == (f"company-{acme.pk}-schedule", "create", schedule.pk)
    assert (frame.audience.everyone, frame.audience.user_ids) == (False, frozenset({bob.pk}))
