"""A scheduled message's time has come. What is checked, is checked now: the number, the window, whether they still want it."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.services.auditing import record
from accounts.services.notices import notify
from connectors.services.pacing import pacing_of
from connectors.types import MessageKind
from contacts.services.consent import rules_here
from contacts.types import ContactWords
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.pacing import allowance
from tenants.lib.patterns import MissingValue, pattern_of
from tenants.lib.quiet_hours import next_allowed
from tenants.lib.regions import region_of
from tenants.lib.tenancy import current_company
from tenants.lib.timers import set_timer
from tickets import events, selectors
from tickets.models import Message, Schedule, ScheduleRun, Ticket
from tickets.services.contents import Composed, compose
from tickets.services.going_out import sent_of_late
from tickets.services.messages import queue_beside, queue_message, refuse_outside_window, refuse_unreachable
from tickets.services.schedules import TIMER, cancel_if_answered, end_schedule, following, said_by, stand_in, wait_until, zone_here
from tickets.services.wanted import refuse_unwanted

# A message that Recado could not send in time, because it did not run, still goes after this long; a later one would only puzzle.
LATEST = datetime.timedelta(hours=12)
Status = Schedule.Status


def send_due(key: str, payload: dict[str, Any]) -> None:
    """The timer's handler, in a transaction of its own. Twice is once: the row is locked, and says whether it is still due."""
    schedule = selectors.schedules_with_parts().select_for_update(of=("self",), no_key=True).filter(pk=int(key)).first()
    if schedule is None or schedule.status != Status.WAITING or schedule.due_at is None:
        return
    if schedule.due_at > now():
        set_timer(TIMER, schedule.pk, due_at=schedule.due_at)
        return
    if cancel_if_answered(schedule):
        return
    allowed_at = now() if is_too_late(schedule) else max(undisturbed(schedule), rested(schedule))
    if allowed_at > now():
        wait_until(schedule, allowed_at)
        events.schedule_changed("update", selectors.schedules_with_parts().get(pk=schedule.pk))
        return
    try:
        with transaction.atomic():
            message = _send(schedule)
    except ApplicationError as error:
        _note_failure(schedule, error)
    else:
        ScheduleRun.objects.create(schedule=schedule, due_at=schedule.due_at, message=message)
        schedule.count += 1
        schedule.last_sent_at = now()
        schedule.error_code = schedule.error_text = ""
        _go_on(schedule)
    events.schedule_changed("update", selectors.schedules_with_parts().get(pk=schedule.pk))


def _send(schedule: Schedule) -> Message:
    if is_too_late(schedule):
        raise ApplicationError(_("It could not be sent in time."), code="too_late")
    refuse_unwanted(schedule)
    ticket = selectors.unclosed_ticket_of(schedule.contact, schedule.connection)
    asked = ticket or stand_in(schedule)
    refuse_unreachable(asked)
    composed = compose(asked, body=_words(schedule, ticket), said=said_by(schedule))
    if composed.kind != MessageKind.TEMPLATE:
        refuse_outside_window(asked)
    return _queue(schedule, ticket, composed)


def is_too_late(schedule: Schedule) -> bool:
    assert schedule.due_at is not None
    return schedule.due_at < now() - LATEST


def rested(schedule: Schedule) -> datetime.datetime:
    """When its number may send again. It waits here and not among the messages, where nobody would ask again whether it may still go."""
    return max(schedule.connection.paused_until or now(), now())


def undisturbed(schedule: Schedule) -> datetime.datetime:
    """When it may go. Advertising leaves people in peace in their quiet hours, and keeps to the number's window and caps; a reminder that
    somebody asked for goes at its time."""
    if not schedule.is_marketing:
        return now()
    quiet, well_at = rules_here().quiet_hours, max(schedule.connection.health_rest_until or now(), now())
    awake_at = next_allowed(quiet, region_of(schedule.contact.phone), well_at, zone=zone_here()) if quiet.is_on else well_at
    pacing = pacing_of(schedule.connection)
    allowed = allowance(pacing, sent_of_late(schedule.connection, pacing), awake_at, zone_here())
    return max(awake_at, allowed.until) if allowed.count == 0 and allowed.until is not None else awake_at


def _queue(schedule: Schedule, ticket: Ticket | None, composed: Composed) -> Message:
    """In the conversation that is going on, else beside: it opens none."""
    said: dict[str, Any] = {"kind": composed.kind, "body": composed.body, "payload": composed.payload, "media": composed.media}
    said |= {"origin": Message.Origin.SCHEDULE, "origin_id": schedule.pk}
    if ticket is not None:
        return queue_message(ticket, **said)
    return queue_beside(contact=schedule.contact, connection=schedule.connection, author=schedule.created_by, **said)


def _words(schedule: Schedule, ticket: Ticket | None) -> str:
    contact = schedule.contact
    words = ContactWords(contact.name, contact.phone, contact.email, contact.custom)
    own = {
        "agent": schedule.created_by.name if schedule.created_by else "",
        "protocol": ticket.protocol if ticket else "",
        "company": current_company().name,
    }
    try:
        return pattern_of(schedule.body).filled(lambda variable: own.get(variable) or words.value_of(variable))
    except MissingValue as missing:
        text = _("This contact has no value for {{%(variable)s}}.") % {"variable": missing}
        raise ApplicationError(text, code="missing_value", field="body") from missing


def _note_failure(schedule: Schedule, error: ApplicationError) -> None:
    """Said to its author. One that repeats goes on, unless the customer does not want it."""
    schedule.error_code, schedule.error_text = error.code[:40], str(error)[:500]
    assert schedule.due_at is not None
    failed = {"error_code": schedule.error_code, "error_text": schedule.error_text}
    ScheduleRun.objects.create(schedule=schedule, due_at=schedule.due_at, **failed)
    record("schedule.failed", schedule, by=None, contact=schedule.contact.display_name, reason=schedule.error_text)
    if schedule.created_by is not None:
        notify(
            [schedule.created_by],
            kind="schedule.failed",
            path=f"/schedules/{schedule.pk}",
            contact=schedule.contact.display_name,
            reason=schedule.error_text,
        )
    if error.code == "opted_out":
        end_schedule(schedule, Status.FAILED)
        return
    _go_on(schedule)


def _go_on(schedule: Schedule) -> None:
    """Wait for the next time; times that passed meanwhile are left out, not caught up."""
    again_at = following(schedule, after=now())
    if again_at is None:
        end_schedule(schedule, Status.FAILED if schedule.error_code else Status.FINISHED)
        return
    wait_until(schedule, again_at)
