"""Recipients given with the campaign itself, as numbers."""

from collections.abc import Sequence

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Recipient
from campaigns.services.contents import required_variables, variants_of
from campaigns.statements.audience import ADD_GIVEN, FIND_OR_ADD_NUMBERS
from campaigns.types import BadRow, InlineRecipient
from contacts.types import CONTACT_VARIABLES, CUSTOM
from tenants.lib.addresses import canonical_phone
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company

MOST_GIVEN = 10_000


class BadRows(ApplicationError):
    """Some of the given recipients are wrong. `rows`: place in the list -> what is wrong. Nothing was written."""

    def __init__(self, rows: dict[int, BadRow]) -> None:
        first = min(rows)
        words = _("%(count)s of the recipients cannot be used. The first is number %(place)s: %(words)s")
        words %= {"count": len(rows), "place": first + 1, "words": rows[first].words}
        super().__init__(words, code="invalid_recipients", field="recipients")
        self.rows = rows


def replace_given(campaign: Campaign, recipients: Sequence[InlineRecipient]) -> int:
    """Make these the campaign's given recipients. A number that comes twice counts once, with its first values; returns how many.

    Numbers become contacts. Raises BadRows before anything is written.
    """
    if len(recipients) > MOST_GIVEN:
        words = _("Give %(limit)s recipients at most; put more into a list.") % {"limit": MOST_GIVEN}
        raise ApplicationError(words, code="too_many_recipients", field="recipients")
    given = _checked(campaign, recipients)
    Recipient.objects.filter(campaign=campaign).delete()
    if not given:
        return 0
    with connection.cursor() as cursor:
        numbers = [{"number": number, "name": recipient.name} for number, recipient in given.items()]
        cursor.execute(FIND_OR_ADD_NUMBERS, {"numbers": orjson.dumps(numbers).decode()})
        contacts = dict(cursor.fetchall())
        rows = [
            {"contact_id": contacts[number], "number": number, "variables": dict(recipient.variables)}
            for number, recipient in given.items()
        ]
        cursor.execute(ADD_GIVEN, {"campaign": campaign.pk, "recipients": orjson.dumps(rows).decode()})
    return Recipient.objects.filter(campaign=campaign).count()


def _checked(campaign: Campaign, recipients: Sequence[InlineRecipient]) -> dict[str, InlineRecipient]:
    """Canonical number -> its first row."""
    names = sorted({name for _variant, name in required_variables(campaign, variants_of(campaign))})
    wanted = [name for name in names if name not in CONTACT_VARIABLES and not name.startswith(CUSTOM)]
    given, wrong = read_given(recipients, wanted=wanted)
    if wrong:
        raise BadRows(wrong)
    return given


def read_given(
    recipients: Sequence[InlineRecipient], *, wanted: Sequence[str] = ()
) -> tuple[dict[str, InlineRecipient], dict[int, BadRow]]:
    """Canonical number -> its first row; and place -> what is wrong with it. `wanted`: the variables that each must bring."""
    given: dict[str, InlineRecipient] = {}
    wrong: dict[int, BadRow] = {}
    region = current_company().country
    for place, recipient in enumerate(recipients):
        try:
            number = canonical_phone(recipient.number, region=region)
        except ValueError as error:
            wrong[place] = BadRow("number", "invalid_phone", str(error))
            continue
        missing = [name for name in wanted if not str(recipient.variables.get(name, "")).strip()]
        if missing:
            words = _("There is no value for {{%(name)s}}.") % {"name": missing[0]}
            wrong[place] = BadRow("variables", "variable_without_value", words)
            continue
        given.setdefault(number, recipient)
    return given, wrong
