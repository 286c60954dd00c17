"""Who wants to be written to, and how we know. Every change leaves an entry in the ledger; nothing else writes opt-outs but imports."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.auditing import differences, record, snapshot
from contacts import events, selectors
from contacts.models import ConsentEntry, ConsentRules, Contact, OptOut
from contacts.types import Rules, Spoken, Wish
from tenants.lib.errors import ApplicationError
from tenants.lib.words import plain_words

MARKETING = OptOut.Purpose.MARKETING
LONGEST_WORD = 60
Source = OptOut.Source
# What the customer says to us in person is believed above what they told another.
SAID_TO_US = (Source.KEYWORD, Source.AGENT, Source.IMPORT, Source.WHATSAPP, Source.PROVIDER)


@transaction.atomic
def stop(contact: Contact, *, purpose: str, source: str, by: User | None = None, message_id: int | None = None, words: str = "") -> bool:
    """No more messages of this purpose. False when the same source has said so before: twice is once."""
    _row, is_new = OptOut.objects.get_or_create(contact=contact, purpose=purpose, source=source, defaults={"by": by})
    if is_new:
        _enter(contact, ConsentEntry.Deed.STOP, purpose, source, by=by, message_id=message_id, words=words)
    return is_new


@transaction.atomic
def resume(
    contact: Contact,
    *,
    purpose: str,
    source: str,
    lifts: Iterable[str] = (),
    by: User | None = None,
    message_id: int | None = None,
    words: str = "",
) -> bool:
    """Messages of this purpose are welcome again. `lifts`: whose word it takes back; by default only that of the same source."""
    deleted, _kinds = OptOut.objects.filter(contact=contact, purpose=purpose, source__in=[*(lifts or [source])]).delete()
    if deleted:
        _enter(contact, ConsentEntry.Deed.RESUME, purpose, source, by=by, message_id=message_id, words=words)
    return bool(deleted)


@transaction.atomic
def stop_by_gateway(*, contact_ids: Collection[int], reason: str) -> None:
    """The gateway refused a message because these people do not want marketing. In the order of ids."""
    for contact in selectors.contacts_with_parts().filter(pk__in=contact_ids).order_by("pk"):
        if stop(contact, purpose=MARKETING, source=Source.PROVIDER, words=reason[:200]):
            events.contact_updated(selectors.contacts_with_parts().get(pk=contact.pk))


def heed_words(spoken: Sequence[tuple[Contact, Spoken]]) -> list[Wish]:
    """What customers asked for by a word or a button, alone in their message. Part of the transaction that stores the message, so a
    repeat of the message says nothing twice. Returns what changed, with the answer that the company gives to it."""
    short = [(contact, said) for contact, said in spoken if 0 < len(said.text) <= LONGEST_WORD]
    if not short:
        return []
    rules, wishes = rules_here(), []
    for contact, said in short:
        meaning = meaning_of(said.text, rules)
        if meaning is None:
            continue
        about: dict[str, Any] = {"purpose": MARKETING, "source": Source.KEYWORD, "message_id": said.message_id, "words": said.text[:200]}
        changed = stop(contact, **about) if meaning == "stop" else resume(contact, lifts=SAID_TO_US, **about)
        if changed:
            wishes.append(Wish(said.message_id, meaning, rules.stop_answer if meaning == "stop" else rules.resume_answer))
            events.contact_updated(selectors.contacts_with_parts().get(pk=contact.pk))
    return wishes


def meaning_of(text: str, rules: Rules) -> str | None:
    """`stop`, `resume` or neither: the whole message is the word, whatever its case, accents and punctuation."""
    if len(text) > LONGEST_WORD:
        return None
    said = plain_words(text)
    if not said:
        return None
    if said in {plain_words(word) for word in rules.stop_words}:
        return "stop"
    return "resume" if said in {plain_words(word) for word in rules.resume_words} else None


def rules_here() -> Rules:
    row = ConsentRules.objects.filter(pk=ConsentRules.ONLY).first()
    return Rules() if row is None else row_as_rules(row)


def row_as_rules(row: ConsentRules) -> Rules:
    names = ("stop_answer", "resume_answer", "most_messages", "per_days", "quiet_from", "quiet_until", "keeps_holidays")
    return Rules(
        stop_words=tuple(row.stop_words),
        resume_words=tuple(row.resume_words),
        quiet_weekdays=frozenset(row.quiet_weekdays),
        **{name: getattr(row, name) for name in names},
    )


@transaction.atomic
def save_rules(fields: Mapping[str, Any], *, by: User) -> Rules:
    """Change what is given. Words are compared without case, accents and punctuation; one that stands on both sides is refused."""
    row = ConsentRules.objects.select_for_update().filter(pk=ConsentRules.ONLY).first() or _unsaved()
    before = snapshot(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.stop_words, row.resume_words = _cleaned(row.stop_words), _cleaned(row.resume_words)
    both = {plain_words(word) for word in row.stop_words} & {plain_words(word) for word in row.resume_words}
    if both:
        words = _("“%(word)s” cannot mean both: to stop, and to go on.") % {"word": min(both)}
        raise ApplicationError(words, code="ambiguous_word", field="resume_words")
    if (row.quiet_from is None) != (row.quiet_until is None):
        missing = "quiet_until" if row.quiet_until is None else "quiet_from"
        raise ApplicationError(_("Say from when and until when."), code="required", field=missing)
    if len(set(row.quiet_weekdays)) == 7:
        raise ApplicationError(_("Leave at least one day of the week to send on."), code="never", field="quiet_weekdays")
    row.save()
    changes = differences(row, before)
    if changes:
        record("company.consent_changed", row, by=by, changes=changes)
    return row_as_rules(row)


def _unsaved() -> ConsentRules:
    usual = Rules()
    return ConsentRules(
        stop_words=list(usual.stop_words), resume_words=list(usual.resume_words), stop_answer=usual.stop_answer,
        resume_answer=usual.resume_answer,
    )  # fmt: skip


def _cleaned(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in words if word.strip()))


def _enter(contact: Contact, deed: str, purpose: str, source: str, **how: Any) -> None:
    ConsentEntry.objects.create(contact=contact, deed=deed, purpose=purpose, source=source, **how)
