"""What notices say, by their kind: a headline, a sentence, and what to do. Facts are named by `%(…)s`."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    title: str | Promise
    text: str | Promise
    action: str | Promise


NOTICES: dict[str, Words] = {
    "connection.dropped": Words(
        _("“%(connection)s” is off WhatsApp"),
        _("It neither sends nor receives: %(reason)s"),
        _("Open the connection"),
    ),
    "connection.unreachable": Words(
        _("“%(connection)s” does not answer"),
        _("Its gateway cannot be reached. Messages wait, and go out when it is back."),
        _("Open the connection"),
    ),
    "connection.resting": Words(
        _("“%(connection)s” rests"),
        _("Nothing is sent through it for a while: %(reason)s"),
        _("Open the connection"),
    ),
    "connection.quality": Words(
        _("The quality of “%(connection)s” is low"),
        _("Customers block or report it. Send less, and to people who expect it: WhatsApp may restrict the number."),
        _("Open the connection"),
    ),
    "connection.back": Words(_("“%(connection)s” works again"), _("It sends and receives."), _("Open the connection")),
    "schedule.failed": Words(
        _("Your message to %(contact)s was not sent"),
        _("It was scheduled, and could not go: %(reason)s"),
        _("Open the scheduled message"),
    ),
}


# Of a version that knew more, or knows less.
UNKNOWN = Words(_("Something happened"), "%(kind)s", _("Open Recado"))


def words_of(kind: str) -> Words:
    return NOTICES.get(kind, UNKNOWN)


def title_of(kind: str, facts: dict[str, Any]) -> str:
    return str(words_of(kind).title) % _named(kind, facts)


def text_of(kind: str, facts: dict[str, Any]) -> str:
    return str(words_of(kind).text) % _named(kind, facts)


def _named(kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    return defaultdict(lambda: "…", facts) | {"kind": kind}
