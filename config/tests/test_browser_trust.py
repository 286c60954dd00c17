"""An admin gives a program a key, the program uses it, and the audit log tells of both: real browser, real processes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from config.ground.stack import Stack
from config.ground.testing import TestGround
from config.tests.bazaar import build_spa
from config.tests.chromium import open_browser
from config.tests.people import PHONE, Person, english_left_in, person, picture, raw_keys_in, words_on
from config.tests.visitors import Api, Office, fresh_number, refusal_of

PAGES = ("company", "api-keys", "audit-log")


@pytest.fixture(scope="module")
def _pages(ground: TestGround, _stack: Stack) -> None:
    _stack.ensure_up()
    if build_spa(ground):
        _stack.ground.collect_static()
        _stack.restart("web")


@pytest.fixture(scope="module")
def _browser(_pages: None, ground: TestGround) -> Iterator[Browser]:
    with open_browser(ground.home) as browser:
        yield browser


@pytest.fixture
def pictures(ground: TestGround) -> Path:
    return ground.home / "pictures"


def sat_down(office: Office, someone: Person, path: str) -> Page:
    """Alice, logged in, at a page of the settings."""
    alice = office.person("alice")
    page = someone.log_in(alice["email"], password=alice["password"])
    page.wait_for_url(re.compile("/app/inbox"))
    return someone.visit(f"/settings/{path}")


def program(office: Office, key: str) -> Api:
    api = office.nobody()
    api.headers["Authorization"] = f"Api-Key {key}"
    return api


def test_a_key_is_made_used_revoked_and_told_of(office: Office, _browser: Browser, pictures: Path) -> None:
    with person(_browser, f"http://acme.localhost:{office.stack.port}") as alice:
        page = sat_down(office, alice, "api-keys")
        page.get_by_role("button", name="New key").first.click()
        form = page.get_by_role("dialog")
        form.get_by_label("Name").fill("Warehouse robot")
        form.get_by_label("Search what it may do").fill("contacts")
        form.get_by_label("Contacts: Read").check()
        form.get_by_label("Contacts: Write", exact=True).check()
        picture(page, pictures / "key-form.png")
        form.get_by_role("button", name="Create").click()
        shown = page.get_by_role("dialog", name="Your key “Warehouse robot”")
        key = shown.get_by_label("API key").input_value()
        picture(page, pictures / "key-shown.png")
        shown.get_by_role("button", name="I have kept it").click()
        row = page.get_by_role("article", name="Warehouse robot")
        expect(row).to_contain_text("Active")
        expect(page.get_by_text(key)).to_have_count(0)

        shop = program(office, key)
        made = shop.post("contacts/", json={"name": "Ana", "phone": fresh_number()})
        others = refusal_of(shop.get("tickets/"))
        deleted = refusal_of(shop.delete(f"contacts/{made.json()['id']}/"))
        abroad = program(office, key)
        abroad.headers["Host"] = office.host("mallory")
        wrong_company = refusal_of(abroad.get("contacts/"))
        page.reload()
        expect(row).to_contain_text("Last used")
        picture(page, pictures / "keys.png")
        row.get_by_role("button", name="Actions of Warehouse robot").click()
        page.get_by_role("menuitem", name="Revoke").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        expect(row).to_contain_text("Revoked")
        revoked = refusal_of(shop.get("contacts/"))

        alice.visit("/settings/audit-log")
        expect(page.get_by_text("revoked the API key “Warehouse robot”")).to_be_visible()
        page.get_by_text("created the API key “Warehouse robot”").click()
        expect(page.get_by_text("contact.read, contact.write")).to_be_visible()
        picture(page, pictures / "audit.png")
        page.get_by_role("combobox", name="What kind").or_(page.get_by_role("textbox", name="What kind")).first.click()
        page.get_by_role("option", name="Logins").click()
        expect(page.get_by_text("logged in").first).to_be_visible()
        expect(page.get_by_text("the API key “Warehouse robot”")).to_have_count(0)
        with page.expect_download() as download:
            page.get_by_role("button", name="Export CSV").click()
        assert download.value.suggested_filename == "audit-log.csv"

    assert made.status_code == 201, made.text
    assert (others, deleted) == ((403, "not_allowed", None), (403, "not_allowed", None))
    assert (wrong_company, revoked) == ((401, "wrong_company", None), (401, "key_revoked", None))


@pytest.mark.parametrize("is_phone", [False, True])
def test_the_pages_in_portuguese_in_the_dark_and_on_a_phone(office: Office, _browser: Browser, pictures: Path, is_phone: bool) -> None:
    size = {"viewport": PHONE} if is_phone else {}
    with person(_browser, f"http://acme.localhost:{office.stack.port}", locale="pt-BR", color_scheme="dark", **size) as alice:
        alice.context.add_init_script("if (location.protocol.startsWith('http')) localStorage.setItem('recado.locale', 'pt-BR')")
        page = sat_down(office, alice, "company")
        for name in PAGES:
            alice.visit(f"/settings/{name}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.get_by_role("status", name="Carregando")).to_have_count(0)
            picture(page, pictures / f"{name}-{'phone' if is_phone else 'dark'}.png")
            words = words_on(page)
            assert (raw_keys_in(words), english_left_in(words)) == ([], set())
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
