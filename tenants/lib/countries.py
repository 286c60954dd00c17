"""Which country a time zone lies in, by the table that comes with the zones."""

from functools import cache
from importlib import resources

HOME = "BR"


def country_of_timezone(name: str) -> str:
    """Two letters: "America/Sao_Paulo" → "BR". A zone of no country (UTC) is taken for where most of our companies are."""
    return _countries().get(name, HOME)


@cache
def _countries() -> dict[str, str]:
    lines = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {zone: country for country, _place, zone, *_notes in rows}
