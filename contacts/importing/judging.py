"""What comes of a row: a contact to make or to change, or the reason why not. Asks nothing of the database."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from contacts.importing.columns import CUSTOM
from contacts.models import ContactImport, ContactImportRow, ContactList, CustomField, OptOut, Tag
from tenants.lib.addresses import canonical_phone
from tenants.lib.words import plain_words

Outcome = ContactImportRow.Outcome
LONGEST_NAME, LONGEST_EMAIL = 160, 254
YES = {"yes", "y", "true", "1", "x", "sim", "s", "si", "verdadeiro"}
NO = {"no", "n", "false", "0", "nao", "falso"}


@dataclass(frozen=True)
class Candidate:
    """A row as a contact: canonical phone and what else it says; or `reason`, why it is none."""

    number: int
    phone: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    is_opted_out: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Known:
    """A contact that is there. Of its tags and lists those that the batch asks about."""

    id: int
    fields: Mapping[str, str]
    custom: Mapping[str, Any]
    tags: frozenset[int] = frozenset()
    lists: frozenset[int] = frozenset()
    is_opted_out: bool = False


@dataclass(frozen=True)
class Wanted:
    """Tags and lists that the whole file gets, and the ids of the names that its rows hold."""

    tags: tuple[int, ...] = ()
    lists: tuple[int, ...] = ()
    tag_of: Mapping[str, int] = field(default_factory=dict)
    list_of: Mapping[str, int] = field(default_factory=dict)

    def tags_for(self, candidate: Candidate) -> list[int]:
        return list(dict.fromkeys([*self.tags, *(self.tag_of[name] for name in candidate.tags)]))

    def lists_for(self, candidate: Candidate) -> list[int]:
        return list(dict.fromkeys([*self.lists, *(self.list_of[name] for name in candidate.lists)]))


@dataclass(frozen=True)
class Verdict:
    """`before` and `after` hold the fields that change, custom ones as `custom.<key>`; before, None means that there was none.

    `tags`, `lists` and `opts_out` are what the row adds.
    """

    candidate: Candidate
    outcome: Outcome
    reason: str = ""
    known: Known | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[int, ...] = ()
    lists: tuple[int, ...] = ()
    opts_out: bool = False

    @property
    def takes_the_number(self) -> bool:
        """Whether a later row with this number is its repeat."""
        return self.outcome in (Outcome.CREATED, Outcome.UPDATED) or self.known is not None


@dataclass
class Memory:
    """What earlier rows of the file took, and how many contacts the plan still has room for (None: any number)."""

    number_of_phone: dict[str, int]
    number_of_contact: dict[int, int]
    room: int | None


def candidate_of(number: int, cells: Sequence[str], job: ContactImport, custom: Mapping[str, CustomField]) -> Candidate:
    """The row read with the import's mapping. What is wrong is said in words."""
    said = {target: cell for target, cell in zip(job.mapping, cells, strict=False) if target and cell}
    if "phone" not in said:
        return Candidate(number, reason=_("There is no phone number."))
    try:
        phone = canonical_phone(said["phone"], region=job.region)
        email = _checked_email(said.get("email", ""))
        values = {target.removeprefix(CUSTOM): cell for target, cell in said.items() if target.startswith(CUSTOM)}
        extra = {key: custom_value(custom[key], cell) for key, cell in values.items() if key in custom}
        no_more = opts_out(said.get("opt_in", ""), said.get("opt_out", ""))
        tags, lists = (_names(said.get(target, ""), model) for target, model in (("tags", Tag), ("lists", ContactList)))
    except ValueError as error:
        return Candidate(number, reason=str(error)[:300])
    name = said.get("name") or " ".join(filter(None, [said.get("first_name"), said.get("last_name")]))
    fields = {"name": name[:LONGEST_NAME], "email": email, "notes": said.get("notes", "")}
    return Candidate(number, phone, {key: value for key, value in fields.items() if value}, extra, tags, lists, no_more)


def judge(candidate: Candidate, known: Known | None, memory: Memory, on_existing: str, wanted: Wanted) -> Verdict:
    """The verdict over one row, remembered for those that follow."""
    if candidate.reason:
        return Verdict(candidate, Outcome.INVALID, candidate.reason)
    earlier = memory.number_of_phone.get(candidate.phone)
    if earlier is None and known is not None:
        earlier = memory.number_of_contact.get(known.id)
    if earlier is not None:
        return Verdict(candidate, Outcome.SKIPPED, _("The same contact is in row #%(number)d already.") % {"number": earlier})
    verdict = _new(candidate, memory, wanted) if known is None else _existing(candidate, known, on_existing, wanted)
    if verdict.takes_the_number:
        memory.number_of_phone[candidate.phone] = candidate.number
    if known is not None:
        memory.number_of_contact[known.id] = candidate.number
    return verdict


def custom_value(wanted: CustomField, cell: str) -> Any:
    """The cell as the field's kind stores it. Raises ValueError in words."""
    words = {"value": cell, "label": wanted.label}
    if wanted.kind == CustomField.Kind.NUMBER:
        return _number(cell, words)
    if wanted.kind == CustomField.Kind.DATE:
        return _date(cell, words)
    if wanted.kind == CustomField.Kind.BOOLEAN:
        if plain_words(cell) in YES | NO:
            return plain_words(cell) in YES
        raise ValueError(_("“%(value)s” is neither yes nor no (%(label)s).") % words)
    if wanted.kind == CustomField.Kind.CHOICE and cell not in wanted.choices:
        raise ValueError(_("“%(value)s” is not one of the choices of %(label)s.") % words)
    return cell


def opts_out(opt_in: str, opt_out: str) -> bool:
    """Whether the cells say that the person wants no campaigns. Raises ValueError in words."""
    if opt_in and not _is_yes(opt_in):
        return True
    # Our own exports name what was said no to.
    purposes = {plain_words(str(purpose.label)) for purpose in OptOut.Purpose}
    words = [plain_words(word) for word in re.split(r"[,;|]", opt_out) if plain_words(word)]
    return bool(words) and (purposes.issuperset(words) or _is_yes(opt_out))


def _is_yes(cell: str) -> bool:
    if plain_words(cell) in YES | NO:
        return plain_words(cell) in YES
    raise ValueError(_("“%(value)s” is neither yes nor no.") % {"value": cell[:80]})


def _names(cell: str, model: type[Tag] | type[ContactList]) -> tuple[str, ...]:
    """“VIP, Recife; News” → three names, each once whatever its case. Raises ValueError in words."""
    longest = model._meta.get_field("name").max_length
    names = {name.casefold(): name for name in reversed([name.strip() for name in re.split(r"[,;|\n]", cell)]) if name}
    too_long = next((name for name in names.values() if len(name) > longest), "")
    if too_long:
        raise ValueError(_("“%(name)s” is too long for the name of a tag or list.") % {"name": too_long[:80]})
    return tuple(reversed(names.values()))


def _new(candidate: Candidate, memory: Memory, wanted: Wanted) -> Verdict:
    if memory.room is not None and memory.room <= 0:
        return Verdict(candidate, Outcome.SKIPPED, _("Your plan has no room for more contacts."))
    if memory.room is not None:
        memory.room -= 1
    tags, lists = tuple(wanted.tags_for(candidate)), tuple(wanted.lists_for(candidate))
    return Verdict(candidate, Outcome.CREATED, tags=tags, lists=lists, opts_out=candidate.is_opted_out)


def _existing(candidate: Candidate, known: Known, on_existing: str, wanted: Wanted) -> Verdict:
    """An empty cell erases nothing."""
    if on_existing == ContactImport.OnExisting.SKIP:
        return Verdict(candidate, Outcome.SKIPPED, _("There is a contact with this number already."), known)
    fills = on_existing == ContactImport.OnExisting.FILL
    after = {
        key: value for key, value in candidate.fields.items() if value != known.fields[key] and (not fills or _is_empty(known.fields[key]))
    }
    old = known.custom
    after |= {
        CUSTOM + key: value for key, value in candidate.custom.items() if old.get(key) != value and (not fills or _is_empty(old.get(key)))
    }
    tags = tuple(tag for tag in wanted.tags_for(candidate) if tag not in known.tags)
    lists = tuple(each for each in wanted.lists_for(candidate) if each not in known.lists)
    no_more = candidate.is_opted_out and not known.is_opted_out
    if not after and not tags and not lists and not no_more:
        return Verdict(candidate, Outcome.SKIPPED, _("The contact is the same already."), known)
    before = {key: known.custom.get(key.removeprefix(CUSTOM)) if key.startswith(CUSTOM) else known.fields[key] for key in after}
    return Verdict(candidate, Outcome.UPDATED, "", known, before, after, tags, lists, no_more)


def _is_empty(value: object) -> bool:
    return value in ("", None)


def _checked_email(text: str) -> str:
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValueError(_("“%(text)s” is not an e-mail address.") % {"text": text[:80]}) from error
    if len(text) > LONGEST_EMAIL:
        raise ValueError(_("“%(text)s” is not an e-mail address.") % {"text": text[:80]})
    return text


def _number(cell: str, words: Mapping[str, str]) -> int | float:
    """1234.5, 1,234.5, 1.234,5 and 1234,5."""
    text = cell.replace(" ", "")
    if text.rfind(",") > text.rfind("."):
        text = text.replace(".", "").replace(",", ".")
    text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text):
        raise ValueError(_("“%(value)s” is not a number (%(label)s).") % words)
    return float(text) if "." in text else int(text)


def _date(cell: str, words: Mapping[str, str]) -> str:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"):
        try:
            return datetime.datetime.strptime(cell, form).date().isoformat()
        except ValueError:
            continue
    raise ValueError(_("“%(value)s” is not a date like 2026-12-31 or 31/12/2026 (%(label)s).") % words)
