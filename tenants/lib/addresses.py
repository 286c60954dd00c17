"""Ways to reach a person on WhatsApp, and phone numbers in one canonical form."""

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult


class AddressKind(StrEnum):
    """E.164 phone, LID (the app's privacy id), BSUID (WhatsApp's business-scoped user id)."""

    PHONE = "phone"
    LID = "lid"
    BSUID = "bsuid"


@dataclass(frozen=True, slots=True)
class Address:
    kind: AddressKind
    value: str


BRAZIL, ARGENTINA = 55, 54
# What Mexico dialled before mobiles until 2019, and WhatsApp's ids still say.
OLD_MEXICAN_PREFIX = re.compile(r"^(?:1|01|044|045)(?=\d{10}$)")
OLD_MEXICAN_PREFIX_ABROAD = re.compile(r"^52(?:1|01|044|045)(?=\d{10}$)")
FIRST_DIGITS_OF_BRAZILIAN_MOBILES = "6789"
FIRST_DIGITS_OF_ARGENTINE_AREAS = "123"
# Shorter ones are never written with their country and without a plus.
FEWEST_DIGITS_WITH_COUNTRY = 11


def canonical_phone(text: str, *, region: str = "BR") -> str:
    """The one spelling of a phone number that we store: E.164 with a plus. `region` is meant when the text names no country.

    WhatsApp drops Brazil's ninth digit, and adds Mexico's `1` and Argentina's `9`, depending on who says the number;
    one customer must stay one contact. Raises ValueError with a sentence for people that says what is missing.
    """
    digits = "".join(character for character in text if character.isdecimal())
    if any(character.isalpha() for character in text) or not digits:
        raise ValueError(_("“%(text)s” is not a phone number: it may hold digits, spaces, + ( ) and - only.") % {"text": text})
    number, is_with_country = _number_of(text, digits, region)
    if number is None or not _keeps_its_zeros(number):
        words = _("“%(text)s” is not a phone number. Write the number with country and area code, like +55 11 98765-4321.")
        raise ValueError(words % {"text": text})
    trouble = _trouble_with(number, is_with_country)
    if trouble:
        raise ValueError(trouble % {"text": text})
    return _spelled(number)


def canonical_wa_id(wa_id: str) -> str:
    """The canonical phone of a WhatsApp id (digits with country code). Ids that no plan knows are kept as they are, with a plus."""
    try:
        return canonical_phone("+" + wa_id.lstrip("+"))
    except ValueError:
        return "+" + wa_id.lstrip("+")


def _number_of(text: str, digits: str, region: str) -> tuple[PhoneNumber | None, bool]:
    """The number, and whether the text names its country. Trunk and carrier prefixes (0, 0 15) fall away."""
    if text.strip().startswith(("+", "00")):
        return _abroad(digits if "+" in text else digits[2:]), True
    at_home = _parsed(OLD_MEXICAN_PREFIX.sub("", digits) if region == "MX" else digits, region)
    if at_home is not None and not _trouble_with(at_home, False):
        return at_home, False
    if len(digits) >= FEWEST_DIGITS_WITH_COUNTRY and not digits.startswith("0"):
        abroad = _abroad(digits)
        # A number with a wrong digit must not become a stranger's: without a plus only what a country's plan knows is believed.
        if abroad is not None and phonenumbers.is_valid_number(abroad):
            return abroad, True
    return at_home, False


def _abroad(digits: str) -> PhoneNumber | None:
    return _parsed("+" + OLD_MEXICAN_PREFIX_ABROAD.sub("52", digits))


def _parsed(text: str, region: str | None = None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _trouble_with(number: PhoneNumber, is_with_country: bool) -> str:
    """Why this is no number that one can reach, or ""."""
    national = _national_of(number)
    if number.country_code == BRAZIL and not phonenumbers.is_valid_number(number):
        return _trouble_in_brazil(national)
    if number.country_code == ARGENTINA and national.startswith("15") and len(national) in (8, 9, 10):
        return _without_area()
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return _without_area()
    if possible == ValidationResult.IS_POSSIBLE:
        return ""
    if possible == ValidationResult.TOO_LONG:
        return _("“%(text)s” is not a phone number: it has too many digits.")
    if possible == ValidationResult.TOO_SHORT or not is_with_country:
        return _("“%(text)s” is not a phone number: digits are missing. Write it with area code, like +55 11 98765-4321.")
    return _("“%(text)s” is not a phone number: it has too few or too many digits for its country.")


def _trouble_in_brazil(national: str) -> str:
    """Its plan is simple, and libphonenumber's is too patient: two digits of area, none of them 0; eight or nine of the number."""
    if len(national) in (8, 9):
        return _without_area()
    if len(national) < 8:
        return _("“%(text)s” is not a phone number: digits are missing. Write it with area code, like +55 11 98765-4321.")
    if len(national) > 11:
        return _("“%(text)s” is not a phone number: it has too many digits.")
    if "0" in national[:2]:
        return _("“%(text)s” is not a phone number: Brazil has no such area code.")
    if len(national) == 11 and national[2] != "9":
        return _("“%(text)s” is not a phone number: a Brazilian mobile has nine digits after the area code and begins with 9.")
    return ""


def _keeps_its_zeros(number: PhoneNumber) -> bool:
    """Of a row of zeros one more is taken for a trunk prefix each time that it is read."""
    if not number.italian_leading_zero:
        return True
    again = _abroad(_spelled(number)[1:])
    return again is not None and _spelled(again) == _spelled(number)


def _without_area() -> str:
    return _("“%(text)s”: the area code is missing. Write it like 11 98765-4321.")


def _national_of(number: PhoneNumber) -> str:
    return "0" * (number.number_of_leading_zeros or 1) * bool(number.italian_leading_zero) + str(number.national_number)


def _spelled(number: PhoneNumber) -> str:
    national = _national_of(number)
    if (
        number.country_code == BRAZIL
        and len(national) == 10
        and national[2] in FIRST_DIGITS_OF_BRAZILIAN_MOBILES
        and "0" not in national[:2]
    ):
        return f"+55{national[:2]}9{national[2:]}"
    if number.country_code == ARGENTINA and len(national) == 10 and national[0] in FIRST_DIGITS_OF_ARGENTINE_AREAS:
        return f"+549{national}"
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
