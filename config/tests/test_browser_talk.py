"""A talk with everything that is said without words: both see the other type, quote, and react; and take a reaction back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from config.ground.stack import Stack
from config.ground.testing import TestGround
from config.tests.bazaar import ANA, Bazaar, answer, bazaar_in, play, say
from config.tests.chromium import open_browser
from config.tests.people import picture, row, tab

CUSTOMER, QUESTION, OFFER = "Lia Talks", "Do you have it in blue?", "Yes, and in green too."


@pytest.fixture(scope="module")
def _browser(_facts: dict[str, Any], ground: TestGround) -> Iterator[Browser]:
    with open_browser(ground.home) as browser:
        yield browser


@pytest.fixture
def bazaar(_facts: dict[str, Any], _browser: Browser, stack: Stack) -> Bazaar:
    return bazaar_in(stack, _browser, _facts)


def bubble(page: Page, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text).last


def entry(phone: Page, text: str) -> Locator:
    return phone.get_by_role("log").locator("[data-side]").filter(has_text=text).last


def choose(page: Page, of: Locator, name: str, *, role: str = "button") -> None:
    """In the menu of one message: an emoji (a button at the agent's desk, an item on the phone), or a deed."""
    of.hover()
    of.get_by_role("button", name="What to do with this message").click()
    page.get_by_role(role, name=name).last.click()  # type: ignore[arg-type]


def test_both_see_the_other_type_quote_and_react(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana:
        inbox = ana.log_in(ANA)
        phone = ana.open(f"/phone/{bazaar.phone}")
        play(phone, CUSTOMER, QUESTION, number="+55 31 98888-0555")
        tab(inbox, "Waiting").click()
        row(inbox, CUSTOMER).click()
        inbox.get_by_role("button", name="Accept").first.click()

        choose(inbox, bubble(inbox, QUESTION), "👍")
        expect(entry(phone, QUESTION)).to_contain_text("👍")
        choose(inbox, bubble(inbox, QUESTION), "Reply", role="menuitem")
        answer(inbox, OFFER)
        expect(entry(phone, OFFER)).to_contain_text(QUESTION)

        choose(phone, entry(phone, OFFER), "❤️", role="menuitem")
        expect(bubble(inbox, OFFER)).to_contain_text("❤️")
        phone.get_by_placeholder("Message").press_sequentially("Gre")
        expect(inbox.get_by_role("status").filter(has_text=f"{CUSTOMER} is")).to_be_visible()
        picture(inbox, pictures / "talk-typing.png")
        choose(phone, entry(phone, OFFER), "Reply", role="menuitem")
        say(phone, "Green, please.")
        expect(bubble(inbox, "Green, please.")).to_contain_text(OFFER)
        expect(inbox.get_by_role("status").filter(has_text=f"{CUSTOMER} is")).to_be_hidden()
        picture(inbox, pictures / "talk-desk.png")
        picture(phone, pictures / "talk-phone.png")

        choose(inbox, bubble(inbox, QUESTION), "👍")
        choose(phone, entry(phone, OFFER), "❤️", role="menuitem")
        expect(bubble(inbox, OFFER)).not_to_contain_text("❤️")
        expect(entry(phone, QUESTION)).not_to_contain_text("👍")
