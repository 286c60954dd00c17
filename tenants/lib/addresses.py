"""Ways to reach a person on WhatsApp, and phone numbers in one canonical form."""

from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumberFormat


class AddressKind(StrEnum):
    """E.164 phone, LID (the app's privacy id), BSUID (WhatsApp's business-scoped user id)."""

    PHONE = "phone"
    LID = "lid"
    BSUID = "bsuid"


@dataclass(frozen=True, slots=True)
class Address:
    kind: AddressKind
    value: str


BRAZIL, MEXICO, ARGENTINA = 55, 52, 54
BRAZIL_LOCAL_MOBILE_DIGITS = 8
FIRST_DIGITS_OF_BRAZILIAN_MOBILES = "6789"


def canonical_phone(text: str, *, region: str = "BR") -> str:
    """The one spelling of a phone number that we store: E.164 with a plus.

    WhatsApp drops Brazil's ninth digit, and adds Mexico's `1` and Argentina's `9`, depending on who says the number;
    one customer must stay one contact. Raises ValueError with a sentence for people.
    """
    digits = "".join(character for character in text if character.isdigit())
    if any(character.isalpha() for character in text) or not digits:
        raise ValueError(_("“%(text)s” is not a phone number: it may hold digits, spaces, + ( ) and - only.") % {"text": text})
    is_international = text.strip().startswith(("+", "00")) or len(digits) > 11
    try:
        number = phonenumbers.parse("+" + digits.removeprefix("00") if is_international else digits, None if is_international else region)
    except NumberParseException as error:
        words = _("“%(text)s” is not a phone number. Write the number with country and area code, like +55 11 98765-4321.")
        raise ValueError(words % {"text": text}) from error
    return _with_local_rules(number, text)


def canonical_wa_id(wa_id: str) -> str:
    """The canonical phone of a WhatsApp id (digits with country code). Ids that no plan knows are kept as they are, with a plus."""
    try:
        return canonical_phone("+" + wa_id.lstrip("+"))
    except ValueError:
        return "+" + wa_id.lstrip("+")


def _with_local_rules(number: phonenumbers.PhoneNumber, text: str) -> str:
    national = str(number.national_number)
    if number.country_code == BRAZIL:
        area, local = national[:2], national[2:]
        if len(local) == BRAZIL_LOCAL_MOBILE_DIGITS and local[0] in FIRST_DIGITS_OF_BRAZILIAN_MOBILES:
            return f"+55{area}9{local}"
    if number.country_code == MEXICO and len(national) == 11 and national.startswith("1"):
        return f"+52{national[1:]}"
    if number.country_code == ARGENTINA and len(national) == 10:
        return f"+549{national}"
    if not phonenumbers.is_possible_number(number):
        words = _("“%(text)s” is too short or too long. Write the number with country and area code, like +55 11 98765-4321.")
        raise ValueError(words % {"text": text})
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
