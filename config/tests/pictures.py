"""The pictures of the README: `python -m config.tests.pictures` takes them anew, into docs/images.

In an installation of its own with the demo's data, which is gone afterwards.
"""

from config.ground.stack import Stack
from config.ground.testing import ROOT, TestGround, prepare_environment

GROUND = prepare_environment()

import django  # noqa: E402

django.setup()

import re  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from pathlib import Path  # noqa: E402

from playwright.sync_api import Page, expect  # noqa: E402

from config.tests.bazaar import (  # noqa: E402
    ANA,
    SUPERVISOR,
    Bazaar,
    answer,
    bazaar_in,
    build_spa,
    found_bazaar,
    make_note,
    play,
    say,
    start_now,
    wizard_step,
)
from config.tests.chromium import open_browser  # noqa: E402
from config.tests.people import Person, bubble, choose, picture, row, tab  # noqa: E402
from connectors.tests.meta import emulated_meta  # noqa: E402

IMAGES = ROOT / "docs" / "images"


def main() -> None:
    ground: TestGround = GROUND
    build_spa(ground)
    stack = Stack(ground)
    try:
        stack.up()
        with emulated_meta(stack.graph_port), open_browser(ground.home) as browser:
            take_pictures(bazaar_in(stack, browser, found_bazaar(stack)), IMAGES)
    finally:
        stack.down()
        ground.close()


def take_pictures(bazaar: Bazaar, folder: Path) -> None:
    place = where_it_is_three_in_the_afternoon()
    with bazaar.somebody(timezone_id=place) as ana, bazaar.somebody(timezone_id=place) as sam:
        inbox = ana.log_in(ANA)
        phone = ana.open(f"/phone/{bazaar.phone}")
        talk_with_zoe(inbox, phone)
        picture(phone, folder / "phone.png")
        row(inbox, "Marina Duarte").click()
        make_note(inbox, "She bought the matching footstool in May.")
        inbox.get_by_text("Reply", exact=True).click()
        answer(inbox, "Of course! It is reserved in your name until tomorrow at 4 pm.")
        expect(bubble(inbox, "reserved in your name").get_by_role("img", name="Read")).to_be_visible()
        bazaar.whatsapp("Otto Brandt", "4915123456789", "Guten Tag! Do you also deliver to Germany?")
        expect(tab(inbox, "Waiting")).to_contain_text("4")
        inbox.get_by_placeholder("Write a message").blur()
        picture(inbox, folder / "inbox.png")
        inbox.get_by_role("button", name="Account of Ana Lima").click()
        inbox.get_by_role("menuitem", name="Dark mode").click()
        inbox.get_by_role("heading", name="Marina Duarte").first.click()
        expect(inbox.get_by_role("menu")).to_have_count(0)
        picture(inbox, folder / "dark.png")
        send_campaign(sam, phone)
        picture(sam.page, folder / "campaign.png")


def where_it_is_three_in_the_afternoon() -> str:
    """So that yesterday's and today's messages of the demo stand as people expect them, whenever the pictures are taken."""
    ahead = (15 - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}"  # these names count westwards


def talk_with_zoe(inbox: Page, phone: Page) -> None:
    play(phone, "Zoe Prado", "Hi! Do you ship to Recife?", number="+55 81 98888-0142")
    tab(inbox, "Waiting").click()
    row(inbox, "Zoe Prado").click()
    inbox.get_by_role("button", name="Accept").first.click()
    answer(inbox, "Hello Zoe! Yes, in five working days, and assembly is included.")
    expect(phone.get_by_role("log")).to_contain_text("assembly is included")
    say(phone, "Wonderful. And the blue one costs the same as the grey one?")
    answer(inbox, "The same: R$ 1,290, or ten instalments without interest.")
    expect(phone.get_by_role("log")).to_contain_text("ten instalments")
    say(phone, "Then I take the blue one, please.")
    expect(bubble(inbox, "Then I take the blue one")).to_be_visible()


def send_campaign(sam: Person, phone: Page) -> None:
    page = sam.log_in(SUPERVISOR)
    phone.get_by_role("button", name="Make one fail").click()
    phone.get_by_role("menuitem", name="is accepted, then cannot be delivered").click()
    page.get_by_role("link", name="Campaigns").click()
    page.get_by_role("link", name="New campaign").first.click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Spring collection")
    choose(page, "Send from", "Main number")
    choose(page, "Contacts in these lists", "Newsletter")
    page.keyboard.press("Escape")
    text = "Hello {{first_name|there}}! Our spring collection has arrived. Reply with CATALOGUE and we send it to you."
    wizard_step(page, "Message")
    page.get_by_role("textbox", name="Text").fill(text)
    start_now(page)
    expect(page.locator("dd[data-count=read]")).to_contain_text("18")
    expect(page.locator("dd[data-count=failed]")).to_contain_text("1")
    expect(page.get_by_text(re.compile("^(Sent|Delivered)$")).filter(visible=True)).to_have_count(2)


if __name__ == "__main__":
    main()
