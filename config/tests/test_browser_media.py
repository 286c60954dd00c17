"""Media both ways, as people see them: the customer's phone on one page, the agent's desk on another, and a whole installation between."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from config.ground.stack import Stack
from config.ground.testing import TestGround
from config.tests.bazaar import ANA, Bazaar, bazaar_in, play
from config.tests.chromium import open_browser
from config.tests.people import picture, row, tab
from connectors.tests.samples import PDF, recording
from connectors.tests.samples import picture as picture_file

# A camera that shows a green clock, a microphone that beeps, and a person who always says yes.
FAKE_MEDIA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
PHOTO = FilePayload(name="armchair.jpg", mimeType="image/jpeg", buffer=picture_file("JPEG", size=(640, 480)))
STICKER = FilePayload(name="yes.webp", mimeType="image/webp", buffer=picture_file("WEBP", size=(512, 512), color="orange"))
SONG = FilePayload(name="jingle.ogg", mimeType="audio/ogg", buffer=recording("ogg", seconds=1.5))
INVOICE = FilePayload(name="invoice.pdf", mimeType="application/pdf", buffer=PDF)


@pytest.fixture(scope="module")
def _browser_with_camera(_facts: dict[str, Any], ground: TestGround) -> Iterator[Browser]:
    with open_browser(ground.home, *FAKE_MEDIA) as browser:
        yield browser


@pytest.fixture
def bazaar(_facts: dict[str, Any], _browser_with_camera: Browser, stack: Stack) -> Bazaar:
    return bazaar_in(stack, _browser_with_camera, _facts)


def test_everything_that_is_not_text_goes_both_ways(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody(permissions=["camera", "microphone"]) as ana:
        inbox = ana.log_in(ANA)
        phone = ana.open(f"/phone/{bazaar.phone}")
        play(phone, "Olivia Media", "Look at all this", number="+55 31 98888-0777")
        tab(inbox, "Waiting").click()
        row(inbox, "Olivia Media").click()
        inbox.get_by_role("button", name="Accept").first.click()

        customer_sends_everything(phone)
        agent_sees_everything(inbox)
        picture(inbox, pictures / "media-in.png")
        agent_sends_everything(inbox)
        customer_sees_everything(phone)
        picture(inbox, pictures / "media-out.png")
        picture(phone, pictures / "media-phone.png")


def customer_sends_everything(phone: Page) -> None:
    for item, file in (("File", PHOTO), ("File", SONG), ("File", INVOICE), ("Sticker", STICKER)):
        customer_attaches(phone, item, file)
    phone.get_by_role("button", name="Attach").click()
    phone.get_by_role("menuitem", name="Location").click()
    phone.get_by_role("dialog").get_by_label("Name").fill("My house")
    phone.get_by_role("dialog").get_by_role("button", name="Send").click()
    phone.get_by_role("button", name="Attach").click()
    phone.get_by_role("menuitem", name="Contact card").click()
    phone.get_by_role("dialog").get_by_label("Name").fill("Aunt Rosa")
    phone.get_by_role("dialog").get_by_label("Phone number").fill("+5531977776666")
    phone.get_by_role("dialog").get_by_role("button", name="Send").click()


def customer_attaches(phone: Page, item: str, file: FilePayload) -> None:
    before = phone.get_by_role("log").locator("time").count()
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("button", name="Attach").click()
        phone.get_by_role("menuitem", name=item).click()
    chooser.value.set_files(file)
    expect(phone.get_by_role("log").locator("time")).to_have_count(before + 1)


def agent_sees_everything(inbox: Page) -> None:
    expect(inbox.get_by_role("button", name="Open armchair.jpg").locator("img")).to_be_visible()
    expect(inbox.get_by_role("button", name="Play Audio")).to_be_visible()
    expect(inbox.get_by_role("button", name="Download invoice.pdf")).to_be_visible()
    expect(inbox.get_by_role("img", name="Sticker")).to_be_visible()
    expect(inbox.get_by_role("link").filter(has_text="My house")).to_have_attribute("href", re.compile("mlat=-23.5614"))
    expect(said(inbox, "Aunt Rosa")).to_contain_text("+55 31 97777-6666")


def agent_sends_everything(inbox: Page) -> None:
    attach(inbox, "Photo or video", PHOTO)
    inbox.get_by_placeholder("Add a caption").fill("Like this one?")
    send(inbox)
    attach(inbox, "Document", INVOICE)
    send(inbox)
    attach(inbox, "Sticker", STICKER)
    send(inbox)
    inbox.get_by_role("button", name="Record a voice message").click()
    inbox.get_by_role("button", name="Stop and listen").click()
    expect(inbox.get_by_role("button", name="Play your recording")).to_be_visible()
    send(inbox)
    choose_to_attach(inbox, "Take a photo")
    inbox.get_by_role("button", name="Take the photo").click()
    inbox.get_by_role("button", name="Use this photo").click()
    send(inbox)
    choose_to_attach(inbox, "Location")
    inbox.get_by_label("Coordinates").fill("https://www.google.com/maps/@-19.92,-43.94,17z")
    inbox.get_by_label("Name of the place").fill("Our shop")
    inbox.get_by_role("dialog").get_by_role("button", name="Send").click()
    choose_to_attach(inbox, "Contact card")
    inbox.get_by_role("dialog").get_by_label("Contacts").first.fill("Rafael")
    inbox.get_by_role("option").filter(has_text="Rafael Nogueira").click()
    inbox.get_by_role("dialog").get_by_text("Send contact cards").click()
    inbox.get_by_role("dialog").get_by_role("button", name="Send").click()
    inbox.get_by_placeholder("Write a message").press_sequentially("/hou")
    expect(inbox.get_by_role("option")).to_have_count(1)
    inbox.keyboard.press("Enter")
    expect(inbox.get_by_placeholder("Add a caption")).to_have_value("These are our opening hours, Olivia:")
    send(inbox)


def customer_sees_everything(phone: Page) -> None:
    log = phone.get_by_role("log")
    expect(log.get_by_role("img", name="opening-hours.png")).to_be_visible()
    expect(log.get_by_text("Like this one?")).to_be_visible()
    expect(log.get_by_text("These are our opening hours, Olivia:")).to_be_visible()
    expect(log.get_by_role("img", name="armchair.jpg")).to_have_count(2)
    expect(log.get_by_role("img", name=re.compile(r"^photo-\d{8}-\d{6}\.jpg$"))).to_be_visible()
    expect(log.get_by_role("link", name="invoice.pdf")).to_have_count(2)
    expect(log.locator("[data-kind=sticker] img")).to_have_count(2)
    expect(log.locator("[data-kind=audio] audio")).to_have_count(2)
    expect(log.get_by_role("link").filter(has_text="Our shop")).to_be_visible()
    expect(log.locator("[data-kind=contacts]").filter(has_text="Rafael Nogueira")).to_be_visible()
    phone.wait_for_function("() => [...document.querySelectorAll('[role=log] img')].every((image) => image.naturalWidth > 0)")


def said(page: Page, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text)


def choose_to_attach(inbox: Page, item: str) -> None:
    inbox.get_by_role("button", name="Attach", exact=True).click()
    inbox.get_by_role("menuitem", name=item).click()


def attach(inbox: Page, item: str, file: FilePayload) -> None:
    with inbox.expect_file_chooser() as chooser:
        choose_to_attach(inbox, item)
    chooser.value.set_files(file)


def send(inbox: Page) -> None:
    """The Send button waits until the file is up."""
    button = inbox.get_by_role("button", name="Send", exact=True)
    expect(button).to_be_enabled()
    button.click()
    expect(inbox.get_by_role("list", name="Files to send")).to_have_count(0)
