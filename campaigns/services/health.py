"""How a number stands with those it writes to first: a score from what fails and what nobody answers, and a rest when it is low."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaigns.statements.counting import HEALTH
from connectors.models import Connection
from connectors.services.pacing import pacing_of
from connectors.services.resting import rest_by_health

DAYS = 7
SAMPLE = 500  # of each campaign
LEAST = 30  # fewer say nothing yet
ANSWER_HOURS = 2  # people are given so long before they count as silent
REST_SECONDS = 24 * 3600

# Points of 100. What fails costs most: numbers that are not on WhatsApp are what networks look at first. That few answer is usual.
FAILURES_COST, FAILURES_ALL = 80, 0.20
SILENCE_COST, SILENCE_FROM = 40, 0.70


@dataclass(frozen=True, slots=True)
class NumberHealth:
    """`attempted` newest campaign messages of 7 days, of which `failed`; of those `answerable` (older than two hours) `unanswered` had no
    reply. `failure_points` and `silence_points` are what these cost. `score`: 0 to 100; None: too few messages yet."""

    attempted: int
    failed: int
    answerable: int
    unanswered: int
    failure_points: int
    silence_points: int
    score: int | None
    rests_below: int
    rests_until: datetime | None
    rest_reason: str
    counted_since: datetime | None

    @property
    def is_unwell(self) -> bool:
        return self.score is not None and self.score < self.rests_below


def health_of(number: Connection) -> NumberHealth:
    values = {"connection": number.pk, "days": DAYS, "most": SAMPLE, "hours": ANSWER_HOURS, "since": number.counted_since}
    with connection.cursor() as cursor:
        cursor.execute(HEALTH, values)
        attempted, failed, answerable, unanswered = cursor.fetchone()
    failures = failure_points(failed, attempted)
    silence = silence_points(unanswered, answerable)
    return NumberHealth(
        attempted,
        failed,
        answerable,
        unanswered,
        failures,
        silence,
        max(0, 100 - failures - silence) if attempted >= LEAST else None,
        pacing_of(number).rests_below,
        number.health_rest_until if number.rests_from_writing_first else None,
        number.health_rest_reason if number.rests_from_writing_first else "",
        number.counted_since,
    )


def failure_points(failed: int, attempted: int) -> int:
    """None for no failure, all of them from a fifth on."""
    return round(FAILURES_COST * min(1.0, failed / attempted / FAILURES_ALL)) if attempted >= LEAST else 0


def silence_points(unanswered: int, answerable: int) -> int:
    """None while three of ten answer, all of them when nobody does."""
    if answerable < LEAST:
        return 0
    return round(SILENCE_COST * max(0.0, unanswered / answerable - SILENCE_FROM) / (1 - SILENCE_FROM))


def rest_if_unwell(number: Connection) -> bool:
    """A number whose score is too low writes nobody first for a day, and its admins read why. A person may end it."""
    if not pacing_of(number).rests_below:
        return False
    health = health_of(number)
    if not health.is_unwell:
        return False
    rest_by_health(number, reason=_reason(health), seconds=REST_SECONDS)
    number.refresh_from_db(fields=["health_rest_until", "health_rest_reason", "health_since"])
    return True


def _reason(health: NumberHealth) -> str:
    words = [_("Of its last %(attempted)s messages %(failed)s failed.") % _shown(attempted=health.attempted, failed=health.failed)]
    if health.silence_points:
        words.append(
            _("Of %(answerable)s people %(unanswered)s did not answer.")
            % _shown(answerable=health.answerable, unanswered=health.unanswered)
        )
    words.append(
        _("Its health is %(score)s of 100; below %(least)s it rests from writing first.")
        % _shown(score=health.score or 0, least=health.rests_below)
    )
    return " ".join(words)


def _shown(**counts: int) -> dict[str, str]:
    return {name: number_format(count, use_l10n=True, force_grouping=True) for name, count in counts.items()}
