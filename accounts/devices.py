"""A browser's own description in words: "Chrome" on "Windows". Only the common ones are known by name; names need no translation."""

import re
from dataclasses import dataclass

# The first that matches: most browsers also claim to be those further down.
BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|OPiOS/|Opera[ /]"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Vivaldi", r"Vivaldi/"),
    ("Yandex Browser", r"YaBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"(?:Headless)?Chrom(?:e|ium)/|CriOS/"),
    ("Safari", r"Version/[\d.]+ .*Safari/"),
    ("curl", r"^curl/"),
    ("Python", r"^python-(?:requests|httpx)/"),
    ("Postman", r"^PostmanRuntime/"),
)
SYSTEMS = (
    ("Windows", r"Windows NT"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("ChromeOS", r"CrOS"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)
PHONES = re.compile(r"iPhone|Android.*Mobile|Mobile.*Firefox")


@dataclass(frozen=True)
class Machine:
    """Empty names: not known."""

    browser: str
    system: str
    is_phone: bool


def machine_of(user_agent: str) -> Machine:
    return Machine(_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent), bool(PHONES.search(user_agent)))


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, user_agent)), "")
