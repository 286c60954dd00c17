"""A file of contacts in a real browser: mapped, checked, imported, its result read, taken back; and contacts as a file."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from config.ground.stack import Stack
from config.ground.testing import TestGround
from config.tests.bazaar import Bazaar, bazaar_in, build_spa, found_bazaar
from config.tests.chromium import open_browser
from config.tests.people import PHONE, choose, english_left_in, picture, raw_keys_in, words_on

SLUG = "importers"
SAM, ADMIN = f"supervisor@{SLUG}.test", f"admin@{SLUG}.test"
MARINA = "Marina Duarte"
NEWEST = ("Júlia Campos", "Tomás Leite")  # at the top of the list; rows far below are not drawn


@pytest.fixture(scope="module")
def _facts(ground: TestGround, _stack: Stack, _graph: object) -> dict[str, Any]:
    built = build_spa(ground)
    _stack.ensure_up()
    if built:
        _stack.ground.collect_static()
        _stack.restart("web")
    return found_bazaar(_stack, SLUG, phone_number_id="")


@pytest.fixture(scope="module")
def _browser(_facts: dict[str, Any], ground: TestGround) -> Iterator[Browser]:
    with open_browser(ground.home) as browser:
        yield browser


@pytest.fixture
def bazaar(_facts: dict[str, Any], _browser: Browser, stack: Stack) -> Bazaar:
    return bazaar_in(stack, _browser, _facts, SLUG)


@pytest.fixture
def pictures(ground: TestGround) -> Path:
    return ground.home / "pictures"


def contact(bazaar: Bazaar, name: str) -> dict[str, Any]:
    return next(found for found in bazaar.rest(SAM, f"contacts/?search={name}") if found["name"] == name)


def clients_file(marinas_phone: str) -> bytes:
    """Rows 2 and 3 are right, the others are not; the last column's name means nothing to anybody."""
    lines = [
        "Nome;Celular;E-mail;Etiquetas;Apelido",
        "Zilda Couto;(11) 95555-7001;zilda@example.test;VIP, Feira;Zi",
        f"{MARINA};{marinas_phone};marina.nova@example.test;Feira;Mari",
        "Ninguém;letras;;;",
        "Zilda outra vez;+55 11 95555-7001;;;",
        "Sem arroba;(11) 95555-7002;isto não é um e-mail;;",
    ]
    return "\n".join(lines).encode("cp1252")


def upload(page: Page, content: bytes, name: str = "clientes.csv", *, button: str = "Choose a file") -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files({"name": name, "mimeType": "text/csv", "buffer": content})


def count(page: Page, outcome: str) -> Locator:
    return page.locator(f"dd[data-count={outcome}]")


def expect_counts(page: Page, **counts: int) -> None:
    for outcome, number in counts.items():
        expect(count(page, outcome)).to_have_text(str(number))


def downloaded(page: Page, click: Locator) -> tuple[str, bytes]:
    with page.expect_download() as download:
        click.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def table(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def test_a_file_with_faults_is_mapped_checked_imported_read_back_and_undone(bazaar: Bazaar, pictures: Path) -> None:
    before = contact(bazaar, MARINA)
    with bazaar.somebody() as sam:
        page = sam.log_in(SAM)
        page.get_by_role("link", name="Contacts").click()
        page.get_by_role("link", name="Import", exact=True).click()
        upload(page, clients_file(before["phone"]))

        expect(page.get_by_role("heading", name="clientes.csv")).to_be_visible()
        expect(page.get_by_role("textbox", name="Celular becomes").or_(page.get_by_role("combobox", name="Celular becomes"))).to_have_value(
            "Phone"
        )
        choose(page, "Apelido becomes", "Notes")
        first_rows = page.get_by_role("table").filter(has_text="+55 11 95555-7001")
        expect(first_rows.get_by_role("columnheader", name="Notes")).to_be_visible()
        expect(first_rows.get_by_role("row").filter(has_text="letras")).to_contain_text(re.compile("“letras” is not a"))
        picture(page, pictures / "import-mapping.png")

        page.get_by_role("button", name="Check first").click()
        expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
        expect_counts(page, created=1, updated=1, skipped=1, invalid=2)
        picture(page, pictures / "import-checked.png")
        assert (bazaar.rest(SAM, "contacts/?search=Zilda"), contact(bazaar, MARINA)["email"]) == ([], before["email"])

        page.get_by_role("button", name="Import 5 rows").click()
        expect(page.get_by_role("heading", name="Imported", exact=True)).to_be_visible()
        expect_counts(page, created=1, updated=1, skipped=1, invalid=2)
        expect(page.get_by_role("list", name="Why rows were skipped or refused")).to_contain_text("Row 5")
        picture(page, pictures / "import-result.png")
        zilda, marina = contact(bazaar, "Zilda Couto"), contact(bazaar, MARINA)
        assert (zilda["phone"], zilda["notes"], sorted(tag["name"] for tag in zilda["tags"])) == ("+5511955557001", "Zi", ["Feira", "VIP"])
        assert (marina["id"], marina["email"], marina["notes"]) == (before["id"], "marina.nova@example.test", "Mari")

        name, content = downloaded(page, page.get_by_role("button", name="Result of every row (CSV)"))
        header, *rows = table(content)
        assert (name, header) == ("clientes.result.csv", ["Row", "Outcome", "Reason", "Phone", "Contact"])
        assert [row[:2] for row in rows] == [["2", "Created"], ["3", "Updated"], ["4", "Invalid"], ["5", "Skipped"], ["6", "Invalid"]]
        assert [row[3:] for row in rows[:2]] == [["+5511955557001", str(zilda["id"])], [before["phone"], str(before["id"])]]
        assert ("letras" in rows[2][2], "row #2" in rows[3][2], "isto não é um e-mail" in rows[4][2]) == (True, True, True)

        page.get_by_role("button", name="Undo", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Undo").click()
        expect(page.get_by_role("heading", name="The import was undone")).to_be_visible()
        expect_counts(page, removed=1, restored=1, kept=0)
        picture(page, pictures / "import-undone.png")
        marina = contact(bazaar, MARINA)
        told = marina["email"], marina["notes"], sorted(tag["name"] for tag in marina["tags"])
        assert told == (before["email"], before["notes"], sorted(tag["name"] for tag in before["tags"]))
        assert bazaar.rest(SAM, "contacts/?search=Zilda") == []

        page.get_by_role("link", name="Back").click()
        expect(page.get_by_role("link").filter(has_text="clientes.csv")).to_contain_text("Undone")


def in_portuguese(page: Page) -> list[str]:
    """What is wrong with the words of the page, and whether something sticks out of the screen."""
    words = words_on(page)
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*english_left_in(words), *raw_keys_in(words), *([f"{beyond} px beyond the screen"] if beyond > 0 else [])]


@pytest.mark.parametrize(
    ("look", "options"),
    [("dark", {"color_scheme": "dark"}), ("small", {"viewport": PHONE, "has_touch": True, "is_mobile": True})],
    ids=["dark", "small"],
)
def test_every_step_in_portuguese(bazaar: Bazaar, pictures: Path, look: str, options: dict[str, Any]) -> None:
    bazaar.rest(ADMIN, "contacts/")
    bazaar.apis[ADMIN].patch("auth/me/", json={"locale": "pt-br"})
    faults: dict[str, list[str]] = {}

    def see(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        picture(page, pictures / f"{look}-{name}.png")
        if found := in_portuguese(page):
            faults[name] = found

    with bazaar.somebody(locale="pt-BR", **options) as alice:
        alice.log_in(ADMIN).wait_for_url("**/app/inbox")
        page = alice.visit("/inbox")
        page.get_by_role("button", name="Exportar estas conversas").click()
        see(page, "export-conversations")

        page = alice.visit("/contacts/imports")
        upload(page, clients_file(contact(bazaar, MARINA)["phone"]), button="Escolher arquivo")
        expect(page.get_by_role("table").first).to_be_visible()
        see(page, "import-mapping")
        page.get_by_role("button", name="Conferir antes").click()
        expect(count(page, "invalid")).to_have_text("2")
        see(page, "import-checked")
        page.get_by_role("button", name="Importar 5 linhas").click()
        expect(page.get_by_role("button", name="Desfazer", exact=True)).to_be_visible()
        see(page, "import-result")
        page.get_by_role("button", name="Desfazer", exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        see(page, "import-undo")
        page.get_by_role("dialog").get_by_role("button", name="Desfazer").click()
        expect_counts(page, removed=1, restored=1)
        see(page, "import-undone")
        see(alice.visit("/contacts/imports"), "imports")

        page = alice.visit("/contacts")
        page.get_by_role("button", name="Exportar estes contatos").click()
        see(page, "export-contacts")
        page.keyboard.press("Escape")
        for name in NEWEST:
            page.get_by_role("checkbox", name=f"Selecionar {name}").check()
        for button, shown in (("Etiquetas", "many-tags"), ("Listas", "many-lists"), ("Excluir", "many-delete")):
            page.get_by_role("toolbar").get_by_role("button", name=button).click()
            expect(page.get_by_role("dialog")).to_be_visible()
            see(page, shown)
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_have_count(0)
        page = alice.visit(f"/contacts?contact={contact(bazaar, MARINA)['id']}")
        page.get_by_role("button", name="Unir a outro contato").click()
        choose(page, "O outro contato", "Rafael")
        see(page, "merge")
    assert faults == {}
