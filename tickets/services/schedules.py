"""Messages for later: written, changed and called off here; `sending_schedules` sends what is due."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.auditing import differences, record, snapshot
from connectors.models import Connection, Media, Template
from contacts.models import Contact
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.lib.timers import cancel_timer, cancel_timers, set_timer
from tickets import events, selectors
from tickets.models import Schedule, Ticket
from tickets.services.contents import Attachment, Said, TemplateChoice, compose

TIMER = "tickets.schedule"
PLAIN_FIELDS = ("body", "first_at", "repeats", "every", "weekdays", "ends_on", "most", "cancels_on_reply", "is_marketing", "variables")
FURTHEST = datetime.timedelta(days=366 * 2)
# A clock that is a little behind must not refuse "now".
GRACE = datetime.timedelta(minutes=1)
Status = Schedule.Status


@dataclass(frozen=True, slots=True)
class Place:
    """To whom, through which number, and the conversation it was written in."""

    contact: Contact
    connection: Connection
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What of a schedule is a row of its own. `fields` are plain values."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    media: Media | None = None
    template: Template | None = None


@transaction.atomic
def create_schedule(place: Place, parts: Parts, *, by: User) -> Schedule:
    """Queue nothing yet: a timer sends it. Refused: `in_past`, `too_far`, `never_comes`, and whatever the gateway cannot carry."""
    schedule = Schedule(contact=place.contact, connection=place.connection, ticket=place.ticket, created_by=by)
    _put(schedule, parts)
    schedule.save()
    _wait(schedule)
    record("schedule.created", schedule, by=by, contact=schedule.contact.display_name)
    return _told("create", schedule)


@transaction.atomic
def update_schedule(schedule: Schedule, parts: Parts, *, by: User) -> Schedule:
    """Change what `fields` give; file and template are what is said. One that failed waits again, for a time that is still to come.
    Refused (409 `not_waiting`) once it is sent or called off."""
    schedule = _locked(schedule.pk)
    if schedule.status not in (Status.WAITING, Status.FAILED):
        raise _not_waiting()
    before = snapshot(schedule)
    _put(schedule, parts)
    schedule.status = Status.WAITING
    schedule.error_code = schedule.error_text = ""
    schedule.save()
    _wait(schedule)
    record("schedule.changed", schedule, by=by, changes=differences(schedule, before), contact=schedule.contact.display_name)
    return _told("update", schedule)


@transaction.atomic
def cancel_schedule(schedule: Schedule, *, by: User) -> Schedule:
    """What was sent stays sent; nothing more goes."""
    schedule = _locked(schedule.pk)
    if schedule.status != Status.WAITING:
        raise _not_waiting()
    end_schedule(schedule, Status.CANCELLED)
    record("schedule.cancelled", schedule, by=by, contact=schedule.contact.display_name)
    return _told("update", schedule)


@transaction.atomic
def delete_schedule(schedule: Schedule, *, by: User) -> None:
    seen_by, schedule_id = events.readers_of_schedule(schedule), schedule.pk
    record("schedule.deleted", schedule, by=by, contact=schedule.contact.display_name)
    cancel_timer(TIMER, schedule_id)
    schedule.delete()
    events.schedule_deleted(schedule_id, seen_by=seen_by)


def cancel_answered(contact_ids: Collection[int]) -> None:
    """These customers wrote: what was to go only if they did not, does not go. Part of the transaction that stores what they wrote."""
    waiting = Schedule.objects.filter(contact__in=contact_ids, status=Status.WAITING, cancels_on_reply=True)
    answered = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk").values_list("pk", flat=True))
    if not answered:
        return
    Schedule.objects.filter(pk__in=answered).update(status=Status.CANCELLED, due_at=None, **_answer())
    cancel_timers(TIMER, answered)
    for schedule in selectors.schedules_with_parts().filter(pk__in=answered):
        record("schedule.answered", schedule, by=None, contact=schedule.contact.display_name)
        events.schedule_changed("update", schedule)


def cancel_if_answered(schedule: Schedule) -> bool:
    """When it is due. A message that came while the schedule was being worked on could not call it off; it does now."""
    if not schedule.cancels_on_reply or not selectors.has_written(schedule.contact_id, since=schedule.written_at):
        return False
    for name, value in _answer().items():
        setattr(schedule, name, value)
    end_schedule(schedule, Status.CANCELLED)
    record("schedule.answered", schedule, by=None, contact=schedule.contact.display_name)
    events.schedule_changed("update", schedule)
    return True


def said_by(schedule: Schedule) -> Said | None:
    """What goes besides text."""
    if schedule.template is not None:
        return TemplateChoice(template_id=schedule.template.pk, variables=dict(schedule.variables), media=schedule.media)
    return Attachment(schedule.media) if schedule.media is not None else None


def following(schedule: Schedule, *, after: datetime.datetime) -> datetime.datetime | None:
    """Its next time; None when there is none."""
    if schedule.repeats == Schedule.Repeats.NEVER or (schedule.most is not None and schedule.count >= schedule.most):
        return None
    return selectors.next_time(schedule, selectors.recurrence_of(schedule), zone_here(), after=after)


def zone_here() -> ZoneInfo:
    return ZoneInfo(current_company().timezone)


def stand_in(schedule: Schedule) -> Ticket:
    """A conversation that does not exist, to ask what one could say in it."""
    last = selectors.last_inbound_of(schedule.contact.pk, schedule.connection.pk)
    return Ticket(contact=schedule.contact, connection=schedule.connection, last_inbound_at=last)


def end_schedule(schedule: Schedule, status: Schedule.Status) -> None:
    schedule.status, schedule.due_at, schedule.updated_at = status, None, now()
    schedule.save()
    cancel_timer(TIMER, schedule.pk)


def wait_until(schedule: Schedule, at: datetime.datetime) -> None:
    schedule.due_at, schedule.updated_at = at, now()
    schedule.save()
    set_timer(TIMER, schedule.pk, due_at=at)


def _answer() -> dict[str, str]:
    return {"error_code": "answered", "error_text": str(_("The customer wrote before."))}


def _put(schedule: Schedule, parts: Parts) -> None:
    for name in PLAIN_FIELDS:
        if name in parts.fields:
            setattr(schedule, name, parts.fields[name])
    schedule.media, schedule.template, schedule.updated_at, schedule.written_at = parts.media, parts.template, now(), now()
    schedule.first_at = schedule.first_at.replace(microsecond=0)
    compose(stand_in(schedule), body=schedule.body, said=said_by(schedule))
    schedule.due_at = _first_time(schedule, is_moved="first_at" in parts.fields or schedule.status == Status.FAILED)


def _first_time(schedule: Schedule, *, is_moved: bool) -> datetime.datetime:
    """When it goes next. Raises ApplicationError that names the field."""
    if is_moved and schedule.first_at < now() - GRACE:
        raise ApplicationError(_("This time is over. Choose one that is still to come."), code="in_past", field="first_at")
    if schedule.first_at > now() + FURTHEST:
        raise ApplicationError(_("That is more than two years away."), code="too_far", field="first_at")
    if schedule.most is not None and schedule.count >= schedule.most:
        raise ApplicationError(_("It was sent that many times already."), code="never_comes", field="most")
    if schedule.repeats == Schedule.Repeats.NEVER:
        return schedule.first_at
    start = schedule.first_at - datetime.timedelta(microseconds=1)
    first = following(schedule, after=start if is_moved else now())
    if first is None:
        raise ApplicationError(_("With this last day it would never be sent."), code="never_comes", field="ends_on")
    return first


def _wait(schedule: Schedule) -> None:
    assert schedule.due_at is not None
    set_timer(TIMER, schedule.pk, due_at=schedule.due_at)


def _locked(pk: int) -> Schedule:
    return selectors.schedules_with_parts().select_for_update(of=("self",), no_key=True).get(pk=pk)


def _not_waiting() -> ApplicationError:
    return ApplicationError(_("This message does not wait any more: it was sent or called off."), code="not_waiting", status=409)


def _told(action: str, schedule: Schedule) -> Schedule:
    fresh = selectors.schedules_with_parts().get(pk=schedule.pk)
    events.schedule_changed(action, fresh)
    return fresh
