"""Where a phone number is at home: its country, Brazil's state, and the time zone there. What it does not say is the company's."""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import time_zones_for_geographical_number

# Area codes by state: Anatel, Plano Geral de Códigos Nacionais.
_STATES = {
    "SP": (11, 12, 13, 14, 15, 16, 17, 18, 19), "RJ": (21, 22, 24), "ES": (27, 28), "MG": (31, 32, 33, 34, 35, 37, 38),
    "PR": (41, 42, 43, 44, 45, 46), "SC": (47, 48, 49), "RS": (51, 53, 54, 55), "DF": (61,), "GO": (62, 64), "TO": (63,),
    "MT": (65, 66), "MS": (67,), "AC": (68,), "RO": (69,), "BA": (71, 73, 74, 75, 77), "SE": (79,), "PE": (81, 87), "AL": (82,),
    "PB": (83,), "RN": (84,), "CE": (85, 88), "PI": (86, 89), "PA": (91, 93, 94), "AM": (92, 97), "RR": (95,), "AP": (96,), "MA": (98, 99),
}  # fmt: skip
STATE_OF_AREA = {area: state for state, areas in _STATES.items() for area in areas}
_ZONES = {
    "AC": "America/Rio_Branco",
    "AM": "America/Manaus",
    "MS": "America/Campo_Grande",
    "MT": "America/Cuiaba",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
}
_ZONE_OF_THE_OTHERS = "America/Sao_Paulo"
BRAZIL = 55
PREFIX = 9  # of E.164 with its plus: what says where a number is


@dataclass(frozen=True, slots=True)
class Region:
    """`country`: ISO 3166 code, or empty. `state`: of Brazil, or empty. `zone`: None where the number does not say."""

    country: str = ""
    state: str = ""
    zone: ZoneInfo | None = None


def region_of(number: str) -> Region:
    """Of a number in E.164."""
    return _region_of(number[:PREFIX], len(number))


@lru_cache(maxsize=4096)
def _region_of(prefix: str, length: int) -> Region:
    try:
        # The digits behind the area do not matter; filled up, so that the number has its length.
        number = phonenumbers.parse(prefix.ljust(length, "0"))
    except phonenumbers.NumberParseException:
        return Region()
    if number.country_code == BRAZIL:
        state = STATE_OF_AREA.get(int(str(number.national_number)[:2]), "")
        return Region("BR", state, ZoneInfo(_ZONES.get(state, _ZONE_OF_THE_OTHERS)))
    country = phonenumbers.region_code_for_country_code(number.country_code or 0)
    zones = [name for name in time_zones_for_geographical_number(number) if "/" in name and not name.startswith("Etc/")]
    return Region("" if country in ("ZZ", "001") else country, "", ZoneInfo(zones[0]) if len(zones) == 1 else _usual(country))


# The zone of most people, of countries with several.
_USUAL = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "CA": "America/Toronto", "CL": "America/Santiago",
    "CD": "Africa/Kinshasa", "EC": "America/Guayaquil", "ES": "Europe/Madrid", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City", "MN": "Asia/Ulaanbaatar", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "RU": "Europe/Moscow",
    "US": "America/New_York",
}  # fmt: skip


def _usual(country: str) -> ZoneInfo | None:
    return ZoneInfo(_USUAL[country]) if country in _USUAL else None
