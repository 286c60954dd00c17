"""People at real browsers, and how one finds things on Recado's pages."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, ViewportSize, expect

from config.demo import PASSWORD
from config.ground.steps import FRONTEND

PATIENCE_MS = 20_000
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
FEATURES = (
    "accounts",
    "campaigns",
    "common",
    "connectors",
    "contacts",
    "linking",
    "notices",
    "reports",
    "security",
    "templates",
    "tickets",
)
RAW_KEY = re.compile(rf"(?<![\w@./])(?:{'|'.join(FEATURES)})\.[a-zA-Z_]+(?:\.\w+)*")
# Everything that a person could read or hear on a page.
WORDS = """() => {
  const words = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) words.push(walker.currentNode.textContent.trim());
  for (const name of ["aria-label", "placeholder", "title", "alt"])
    for (const element of document.body.querySelectorAll(`[${name}]`)) words.push(element.getAttribute(name));
  return words.filter(Boolean);
}"""
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Person:
    """One person's browser. What goes wrong in it is remembered; `forgives` are the pieces of text by which a trouble is expected."""

    context: BrowserContext
    url: str
    troubles: list[str] = field(default_factory=list)
    forgives: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def open(self, path: str, *, url: str = "") -> Page:
        """A new page of the same browser."""
        page = self.context.new_page()
        page.goto(f"{url or self.url}/app{path}")
        return page

    def visit(self, path: str) -> Page:
        """The first page, elsewhere."""
        page = self.page if self.context.pages else self.context.new_page()
        page.goto(f"{self.url}/app{path}")
        return page

    def log_in(self, email: str, *, url: str = "", password: str = PASSWORD) -> Page:
        page = self.context.new_page()
        page.goto(f"{url or self.url}/")
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(password)
        page.locator("button[type=submit]").click()
        return page

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"{message.text} ({message.location.get('url', '')})")

    def _note(self, trouble: str) -> None:
        # The first thing a browser does is to ask whether a session is left from before; a stranger's is not.
        if "401" in trouble and "/auth/refresh/" in trouble:
            return
        if not any(piece in trouble for piece in self.forgives):
            self.troubles.append(trouble)


@contextmanager
def person(
    browser: Browser,
    url: str,
    *,
    locale: str = "en-US",
    viewport: ViewportSize = DESK,
    timezone_id: str = "America/Sao_Paulo",
    **options: Any,
) -> Iterator[Person]:
    """Somebody at a browser of their own; leaving, it must have had no trouble: no page error, nothing red in the console."""
    context = browser.new_context(
        locale=locale, viewport=viewport, timezone_id=timezone_id, reduced_motion="reduce", base_url=url, **options
    )
    context.set_default_timeout(PATIENCE_MS)
    somebody = Person(context, url)
    context.on("console", somebody.hear)
    context.on("weberror", lambda error: somebody.troubles.append(str(error.error)))
    try:
        yield somebody
    except BaseException as error:
        for trouble in somebody.troubles:
            error.add_note(f"In the browser: {trouble}")
        raise
    finally:
        context.close()
    assert somebody.troubles == [], somebody.troubles


def row(page: Page, name: str) -> Locator:
    """The conversation with this customer in the inbox's list."""
    return page.get_by_role("link").filter(has_text=name)


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("radiogroup", name=re.compile("Which conversations|Quais conversas")).get_by_text(name)


def bubble(page: Page, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text)


def choose(page: Page, label: str, option: str) -> None:
    """In a select, by its label."""
    page.get_by_role("combobox", name=label).or_(page.get_by_role("textbox", name=label)).first.click()
    page.get_by_role("option").filter(has_text=option).first.click()


def words_on(page: Page) -> list[str]:
    return page.evaluate(WORDS)


def raw_keys_in(words: list[str]) -> list[str]:
    """Names of translations where their words should stand."""
    return [key for text in words for key in RAW_KEY.findall(text)]


def english_left_in(words: list[str]) -> set[str]:
    """Sentences of the English interface on a page that should be Portuguese."""
    english, portuguese = (_sentences(language) for language in ("en", "pt-BR"))
    return {text for text in words if text in english - portuguese}


def _sentences(language: str) -> set[str]:
    found: set[str] = set()

    def gather(part: Any) -> None:
        if isinstance(part, dict):
            for inner in part.values():
                gather(inner)
        elif " " in part:
            found.add(part)

    for file in (FRONTEND / "src" / "locales" / language).glob("*.json"):
        gather(json.loads(file.read_text()))
    return found


def picture(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, animations="disabled", caret="hide")
