"""Twelve screens as people see them, into docs/images/screens: `python -m config.tests.gallery`.

Each at a desk and on a phone, in light and in dark, in English and in Portuguese: four pictures that mix them. In an installation of its
own with the demo's data, which is gone afterwards.
"""

from config.ground.stack import Stack
from config.ground.testing import ROOT, TestGround, prepare_environment

GROUND = prepare_environment()

import django  # noqa: E402

django.setup()

import io  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402

from PIL import Image  # noqa: E402
from playwright.sync_api import Page, ViewportSize, expect  # noqa: E402

from config.tests.bazaar import Bazaar, bazaar_in, build_spa, found_bazaar, play  # noqa: E402
from config.tests.chromium import open_browser  # noqa: E402
from config.tests.people import DESK, PHONE  # noqa: E402
from connectors.tests.meta import emulated_meta  # noqa: E402

SCREENS = ROOT / "docs" / "images" / "screens"
ADMIN = "admin@bazaar.test"
COLORS = 128  # enough for flat pages, and a quarter of the bytes


def nothing(page: Page) -> None:
    """As it opens."""


def open_import(page: Page) -> None:
    page.locator("input[type=file]").first.set_input_files(
        {"name": "customers.csv", "mimeType": "text/csv", "buffer": b"Nome;Telefone;Cidade\nAna;11 98765-4321;Recife\nRui;123;Natal\n"}
    )
    page.wait_for_url("**/contacts/imports/*")
    page.wait_for_load_state("networkidle")


@dataclass(frozen=True)
class Screen:
    name: str
    path: str
    prepare: Callable[[Page], None] = nothing


@dataclass(frozen=True)
class Look:
    name: str
    viewport: ViewportSize
    scheme: str
    locale: str


LOOKS = (
    Look("desk-light-en", DESK, "light", "en-US"),
    Look("desk-dark-pt", DESK, "dark", "pt-BR"),
    Look("phone-light-pt", PHONE, "light", "pt-BR"),
    Look("phone-dark-en", PHONE, "dark", "en-US"),
)
SCREENS_SHOWN = (
    Screen("inbox", "/inbox/{ticket}"),
    Screen("contacts", "/contacts"),
    Screen("import", "/contacts/imports", open_import),
    Screen("campaigns", "/campaigns"),
    Screen("wizard", "/campaigns/{campaign}/edit"),
    Screen("connections", "/connections"),
    Screen("templates", "/connections/{connection}/templates"),
    Screen("phone", "/phone/{phone}"),
    Screen("people", "/settings/people"),
    Screen("quick-replies", "/settings/quick-replies"),
    Screen("queues", "/settings/queues"),
    Screen("audit-log", "/settings/audit-log"),
)


def main() -> None:
    ground: TestGround = GROUND
    build_spa(ground)
    stack = Stack(ground)
    try:
        stack.up()
        with emulated_meta(stack.graph_port), open_browser(ground.home) as browser:
            bazaar = bazaar_in(stack, browser, found_bazaar(stack, zone="America/Sao_Paulo"))
            places = begin(bazaar)
            for look in LOOKS:
                take(bazaar, look, places)
    finally:
        stack.down()
        ground.close()


def begin(bazaar: Bazaar) -> dict[str, int]:
    """Somebody has written, so that there is something to see; where things are."""
    with bazaar.somebody() as alice:
        alice.log_in(ADMIN)
        phone = alice.open(f"/phone/{bazaar.phone}")
        play(phone, "Zoe Prado", "Hi! Do you ship to Recife?", number="+55 81 98888-0142")
    (ticket,) = [row["id"] for row in bazaar.rest(ADMIN, "tickets/") if row["contact"]["name"] == "Marina Duarte"][:1]
    connections = bazaar.rest(ADMIN, "connections/")
    return {
        "ticket": ticket,
        "campaign": bazaar.rest(ADMIN, "campaigns/")[0]["id"],
        "phone": bazaar.phone,
        "connection": next(row["id"] for row in connections if row["provider"] == "cloud_api"),
    }


def take(bazaar: Bazaar, look: Look, places: dict[str, int]) -> None:
    with bazaar.somebody(viewport=look.viewport, locale=look.locale, color_scheme=look.scheme) as alice:
        chosen = "pt-BR" if look.locale == "pt-BR" else "en"
        alice.context.add_init_script(f"try {{ localStorage.setItem('recado.locale', '{chosen}') }} catch {{}}")  # it outranks the profile
        page = alice.log_in(ADMIN)
        expect(page.get_by_role("navigation").first).to_be_visible()
        for screen in SCREENS_SHOWN:
            page.goto(f"{alice.url}/app{screen.path.format(**places)}")
            page.wait_for_load_state("networkidle")
            screen.prepare(page)
            page.wait_for_timeout(400)  # pictures and fonts
            keep(page.screenshot(animations="disabled", caret="hide"), SCREENS / f"{screen.name}-{look.name}.png")


def keep(content: bytes, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(content)).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main()
