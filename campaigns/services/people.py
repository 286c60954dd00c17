"""Those whom a campaign would reach and those whom it leaves out, one by one: page by page, however many there are, and for one contact."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from campaigns.services.audience import ask
from campaigns.services.survey import Drafted, newcomers_of, sample_lines, texts_of
from campaigns.statements.audience import JUDGE_ONE, NEXT_OF_AUDIENCE
from campaigns.types import Sample, SampleLine
from contacts.models import Contact

ROWS = 50
LOOKED_AT, LOOKS = 2_000, 10  # contacts in one question, and questions for one page
SHORTEST_NUMBER = 3


@dataclass(frozen=True, slots=True)
class People:
    """A page, in the order of contacts, and after them the numbers that nobody has yet. `after`: where the next one begins; None: this
    was the last. A page may be short, or empty, and not be the last: of many that were looked at few were meant."""

    people: tuple[SampleLine, ...]
    after: int | None


def people_of(draft: Drafted, *, reason: str | None = None, words: str = "", after: int = 0) -> People:
    """`reason`: those alone who are left out for it; empty: those who get it; None: all. `words`: of the name, or digits of the number."""
    found: list[Sample] = []
    if after >= 0:
        found, after = _contacts(draft, reason, words, after)
    if after >= 0:
        return People(_shown(draft, found), after)
    skipped, room = -1 - after, ROWS - len(found)
    newcomers = [one for one in newcomers_of(draft.audience) if reason in (None, one.reason) and _is_meant(one, words)]
    more = after - room if len(newcomers) > skipped + room else None
    return People(_shown(draft, found + newcomers[skipped : skipped + room]), more)


def _contacts(draft: Drafted, reason: str | None, words: str, after: int) -> tuple[list[Sample], int]:
    """Also where to go on: -1 when there are no more, where the numbers begin that nobody has yet."""
    found: list[Sample] = []
    for _look in range(LOOKS):
        rows = ask(
            NEXT_OF_AUDIENCE,
            draft.audience,
            draft.campaign_id,
            after=after,
            most=LOOKED_AT,
            rows=ROWS - len(found),
            reason=reason,
            **_search(words),
        )
        amount, last = rows[0][:2]
        page = list(_samples(row[2:] for row in rows))
        found += page
        if len(found) == ROWS:
            return found, page[-1].contact_id
        if amount < LOOKED_AT:
            return found, -1
        after = last
    return found, after


def _is_meant(newcomer: Sample, words: str) -> bool:
    asked, words = _search(words), words.strip().casefold()
    is_named = words in newcomer.variables.get("name", "").casefold()
    return is_named or (asked["digits"] is not None and asked["digits"].strip("%") in newcomer.address)


def one_of(draft: Drafted, contact: Contact) -> SampleLine:
    """What this contact would read, and what would keep it from them, whether it is meant or not."""
    rows = ask(JUDGE_ONE, draft.audience, draft.campaign_id, contact=contact.pk)
    return next(sample_lines(list(_samples(rows)), texts_of(draft.campaign, draft.variants), says_all=True))


def _samples(rows: Iterable[tuple[Any, ...]]) -> Iterator[Sample]:
    for contact_id, address, variant, reason, variables in rows:
        if contact_id is not None:
            yield Sample(contact_id, address, variant, reason, orjson.loads(variables) if isinstance(variables, str) else variables)


def _shown(draft: Drafted, samples: list[Sample]) -> tuple[SampleLine, ...]:
    return tuple(sample_lines(samples, texts_of(draft.campaign, draft.variants)))


def _search(words: str) -> dict[str, str | None]:
    words = words.strip()
    digits = "".join(character for character in words if character.isdigit())
    escaped = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return {"words": f"%{escaped}%" if words else None, "digits": f"%{digits}%" if len(digits) >= SHORTEST_NUMBER else None}
