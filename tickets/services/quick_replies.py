"""Texts kept ready: written by those they belong to, filled for the conversation in which somebody wants one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import require
from accounts.services.auditing import Change, differences, kind_of, record, snapshot
from connectors.models import Media
from contacts.types import ContactWords
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.patterns import pattern_of
from tenants.lib.tenancy import current_company
from tenants.models import Company
from tickets import events, selectors
from tickets.models import Queue, QuickReply, Ticket
from tickets.types import FilledReply

PLAIN_FIELDS = ("shortcut", "title", "body")
Scope = QuickReply.Scope
MORNING, AFTERNOON, EVENING = 5, 12, 18  # the hours at which each begins


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quick reply belongs; `queue` goes with the scope `queue` alone."""

    scope: str
    queue: Queue | None = None


@transaction.atomic
def create_quick_reply(*, fields: Mapping[str, Any], place: Place, media: Media | None = None, by: User) -> QuickReply:
    """A new one. Agents write their own only (NotAllowed). Refused: `required`, `taken` (a shortcut is there once in each place)."""
    reply = QuickReply(media=media, **{name: fields[name] for name in PLAIN_FIELDS if name in fields})
    _put(reply, place, by=by)
    _save(reply)
    _record("word.created", reply, by=by)
    fresh = selectors.quick_reply_for(by, reply.pk)
    events.quick_reply_created(fresh)
    return fresh


@transaction.atomic
def update_quick_reply(reply: QuickReply, *, fields: Mapping[str, Any], place: Place, media: Media | None, by: User) -> QuickReply:
    """Change what `fields` give; place and file are what is said. One that others use is managers' to change, wherever it goes."""
    before, was = events.readers_of(reply), snapshot(reply)
    _require_hand(reply.scope, by=by)
    for name in PLAIN_FIELDS:
        if name in fields:
            setattr(reply, name, fields[name])
    reply.media = media
    _put(reply, place, by=by)
    _save(reply)
    _record("word.changed", reply, by=by, changes=differences(reply, was))
    fresh = selectors.quick_reply_for(by, reply.pk)
    events.quick_reply_updated(fresh, before=before)
    return fresh


@transaction.atomic
def delete_quick_reply(reply: QuickReply, *, by: User) -> None:
    """What was sent with it stays as it is."""
    _require_hand(reply.scope, by=by)
    seen_by, reply_id = events.readers_of(reply), reply.pk
    _record("word.deleted", reply, by=by)
    reply.delete()
    events.quick_reply_deleted(reply_id, seen_by=seen_by)


def use_quick_reply(reply: QuickReply, ticket: Ticket, *, by: User) -> FilledReply[Media]:
    """The text and file for this conversation, for the person to look at and send. Counts the use."""
    QuickReply.objects.filter(pk=reply.pk).update(usage_count=F("usage_count") + 1, last_used_at=now())
    words = words_of(ticket, by=by)
    draft = pattern_of(reply.body).drafted(lambda variable: words.get(variable) or _contact_words(ticket).value_of(variable))
    return FilledReply(draft.text, draft.missing, reply.media)


def words_of(ticket: Ticket, *, by: User) -> dict[str, str]:
    """The variables of a conversation, beside those of its contact."""
    company = current_company()
    return {
        "agent": by.name,
        "agent_first_name": by.name.strip().split(" ", 1)[0],
        "protocol": ticket.protocol,
        "queue": ticket.queue.name if ticket.queue else "",
        "company": company.name,
        "greeting": _greeting(company, ticket.contact.locale),
    }


def _record(action: str, reply: QuickReply, *, by: User, changes: Sequence[Change] = ()) -> None:
    """A person's own texts are nobody else's business."""
    if reply.scope != Scope.PERSONAL and (changes or action != "word.changed"):
        record(action, reply, by=by, changes=changes, kind=kind_of(reply))


def _contact_words(ticket: Ticket) -> ContactWords:
    contact = ticket.contact
    return ContactWords(contact.name, contact.phone, contact.email, contact.custom)


def _greeting(company: Company, locale: str) -> str:
    """By the company's clock, in the customer's language if we speak it, else the company's."""
    hour = now().astimezone(ZoneInfo(company.timezone)).hour
    language = translation.to_locale(locale).replace("_", "-").lower()
    spoken = next((code for code, _name in settings.LANGUAGES if language and code.split("-")[0] == language.split("-")[0]), company.locale)
    with translation.override(spoken):
        if MORNING <= hour < AFTERNOON:
            return str(_("Good morning"))
        return str(_("Good afternoon")) if AFTERNOON <= hour < EVENING else str(_("Good evening"))


def _require_hand(scope: str, *, by: User) -> None:
    require(by, "quick_reply.write" if scope == Scope.PERSONAL else "quick_reply.manage")


def _put(reply: QuickReply, place: Place, *, by: User) -> None:
    _require_hand(place.scope, by=by)
    if place.scope == Scope.QUEUE and place.queue is None:
        raise ApplicationError(_("Choose the queue."), code="required", field="queue")
    if not reply.body.strip() and reply.media is None:
        raise ApplicationError(_("Write a text or attach a file."), code="required", field="body")
    reply.scope = place.scope
    reply.queue = place.queue if place.scope == Scope.QUEUE else None
    reply.owner = by if place.scope == Scope.PERSONAL else None
    reply.updated_at = now()


def _save(reply: QuickReply) -> None:
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError as error:
        raise ApplicationError(_("There is a quick reply with this shortcut already."), code="taken", field="shortcut") from error
