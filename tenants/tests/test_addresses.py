"""One person's number has one spelling, however it is typed and whatever WhatsApp makes of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenants.lib.addresses import canonical_phone, canonical_wa_id
from tenants.lib.countries import country_of_timezone

AREAS = st.from_regex(r"\A[1-9][1-9]\Z")
EIGHT = st.from_regex(r"\A[0-9]{7}\Z")
TYPED = st.text(alphabet="0123456789 +()-.", min_size=1, max_size=24)
REGIONS = st.sampled_from(["BR", "MX", "AR", "US", "PT", "DE", "IT"])


@pytest.mark.parametrize(
    ("text", "region", "phone"),
    [
        ("11 98765-4321", "BR", "+5511987654321"),
        ("011 98765-4321", "BR", "+5511987654321"),
        ("015 11 98765-4321", "BR", "+5511987654321"),
        ("0 21 11 98765-4321", "BR", "+5511987654321"),
        ("(011) 8765-4321", "BR", "+5511987654321"),
        ("+55 (0)11 98765-4321", "BR", "+5511987654321"),
        ("0055 11 98765-4321", "BR", "+5511987654321"),
        ("551187654321", "BR", "+5511987654321"),
        ("(11) 3333-4444", "BR", "+551133334444"),
        ("55 11 3333-4444", "BR", "+551133334444"),
        ("55 98765-4321", "BR", "+5555987654321"),
        ("0800 123 4567", "BR", "+558001234567"),
        ("1 415 555 2671", "BR", "+14155552671"),
        ("49 151 23456789", "BR", "+4915123456789"),
        ("+39 06 1234567", "BR", "+39061234567"),
        ("+52 1 55 1234 5678", "BR", "+525512345678"),
        ("5215512345678", "BR", "+525512345678"),
        ("044 55 1234 5678", "MX", "+525512345678"),
        ("55 1234 5678", "MX", "+525512345678"),
        ("+54 9 11 2345-6789", "BR", "+5491123456789"),
        ("+54 11 15 2345-6789", "BR", "+5491123456789"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("11 2345-6789", "AR", "+5491123456789"),
        ("(415) 555-2671", "US", "+14155552671"),
    ],
)
def test_numbers_as_people_type_them(text, region, phone):
    assert canonical_phone(text, region=region) == phone


@pytest.mark.parametrize(
    ("text", "region", "what_is_missing"),
    [
        ("98765-4321", "BR", "the area code is missing"),
        ("3333-4444", "BR", "the area code is missing"),
        ("15 2345-6789", "AR", "the area code is missing"),
        ("1234 5678", "MX", "the area code is missing"),
        ("555-2671", "US", "the area code is missing"),
        ("+55 98765-4321", "BR", "the area code is missing"),
        ("1234", "BR", "digits are missing"),
        ("11 98765-43210", "BR", "too many digits"),
        ("11 28765-4321", "BR", "begins with 9"),
        ("10 98765-4321", "BR", "no such area code"),
        ("eleven", "BR", "digits, spaces"),
        ("", "BR", "digits, spaces"),
    ],
)
def test_what_is_no_number_says_what_is_missing(text, region, what_is_missing):
    with pytest.raises(ValueError, match=what_is_missing):
        canonical_phone(text, region=region)


@given(TYPED, REGIONS)
def test_what_is_canonical_stays_as_it_is(text, region):
    try:
        once = canonical_phone(text, region=region)
    except ValueError:
        return

    assert canonical_phone(once, region="BR") == canonical_phone(once, region=region) == once


@given(st.from_regex(r"\A[1-9][0-9]{4,17}\Z"))
@example("310000000")  # no number: the plan of the Netherlands drops one zero after the other
@example("390612345678")  # Rome's numbers begin with one
def test_whatsapps_ids_keep_their_canonical_spelling(wa_id):
    once = canonical_wa_id(wa_id)

    assert canonical_wa_id(once) == once


@given(AREAS, st.sampled_from("6789"), EIGHT)
def test_brazils_ninth_digit_makes_no_second_person(area, first, rest):
    old, new = f"{area}{first}{rest}", f"{area}9{first}{rest}"
    said = [f"55{old}", f"55{new}"]
    typed = [old, new, f"0{old}", f"0{new}", f"015{new}", f"+55 {new}", f"55{old}"]

    assert {canonical_wa_id(wa_id) for wa_id in said} | {canonical_phone(text) for text in typed} == {f"+55{new}"}


@given(AREAS, st.sampled_from("2345"), EIGHT)
def test_brazils_landlines_gain_nothing(area, first, rest):
    number = f"{area}{first}{rest}"

    assert {canonical_wa_id(f"55{number}"), canonical_phone(f"+55{number}"), canonical_phone(f"0{number}")} == {f"+55{number}"}


@given(st.from_regex(r"\A(?:55|33|81)[1-9][0-9]{7}\Z"))
def test_mexicos_one_makes_no_second_person(number):
    said = {canonical_wa_id(f"52{number}"), canonical_wa_id(f"521{number}"), canonical_phone(number, region="MX")}

    assert said == {f"+52{number}"}


@given(st.from_regex(r"\A11[2-7][0-9]{7}\Z"))
def test_argentinas_nine_makes_no_second_person(number):
    said = {canonical_wa_id(f"54{number}"), canonical_wa_id(f"549{number}"), canonical_phone(f"+54 11 15 {number[2:]}")}

    assert said == {f"+549{number}"}


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("America/Sao_Paulo", "BR"),
        ("America/Mexico_City", "MX"),
        ("America/Argentina/Cordoba", "AR"),
        ("Europe/Lisbon", "PT"),
        ("UTC", "BR"),
    ],
)
def test_a_company_dials_as_people_do_where_its_clock_hangs(zone, country):
    assert country_of_timezone(zone) == country
