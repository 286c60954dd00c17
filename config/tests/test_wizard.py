"""The campaign wizard in a real browser: from the audience to the report, with two variants, a picture, a test on one's own phone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from config.ground.stack import Stack
from config.ground.testing import TestGround
from config.tests.bazaar import Bazaar, bazaar_in, build_spa, found_bazaar, start_now, wizard_step
from config.tests.chromium import open_browser
from config.tests.people import PHONE, choose, picture
from connectors.tests.samples import picture as drawn

SLUG = "wizards"
SAM = f"supervisor@{SLUG}.test"
ZONE = "America/New_York"  # nobody's browser is there


@pytest.fixture(scope="module")
def _facts(ground: TestGround, _stack: Stack, _graph: object) -> dict[str, Any]:
    built = build_spa(ground)
    _stack.ensure_up()
    if built:
        _stack.ground.collect_static()
        _stack.restart("web")
    return found_bazaar(_stack, SLUG, zone=ZONE, phone_number_id="")


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


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="Draft saved")).to_be_visible()


def begin(page: Page, name: str) -> None:
    page.get_by_role("link", name="Campaigns").click()
    page.get_by_role("link", name="New campaign").first.click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    choose(page, "Send from", "Main number")
    choose(page, "Contacts in these lists", "Newsletter")
    page.keyboard.press("Escape")


def attach(page: Page, place: int) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add a file").nth(place).click()
    chooser.value.set_files({"name": "chair.png", "mimeType": "image/png", "buffer": drawn("PNG", size=(320, 200))})
    expect(page.get_by_text("chair.png").first).to_be_visible()


def test_two_variants_one_with_a_picture_scheduled_then_started(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as sam:
        sam.forgives += ["status of 400"]  # a draft with a wrong number cannot be saved, and says so
        page = sam.log_in(SAM)
        begin(page, "Summer chairs")
        expect(page.get_by_role("status").filter(has_text="contacts will get it")).to_contain_text("19")
        expect(page.get_by_text("Asked not to get campaigns")).to_be_visible()
        expect(page.get_by_text(re.compile("For instance .*Iris Fontes"))).to_be_visible()
        page.get_by_role("textbox", name="Numbers").fill("+55 11 97777-0001; Zoe Prado\nnot a number")
        expect(page.get_by_role("alert").filter(has_text="Row 2")).to_be_visible()
        page.get_by_role("textbox", name="Numbers").fill("+55 11 97777-0001; Zoe Prado")
        expect(page.get_by_role("status").filter(has_text="contacts will get it")).to_contain_text("20")
        picture(page, pictures / "wizard-audience.png")

        wizard_step(page, "Message")
        page.get_by_role("textbox", name="Text").fill("Hello {{first_name|there}}! The summer chairs are here.")
        expect(page.get_by_role("figure", name="Message")).to_contain_text(re.compile(r"Hello [^{!]+! The summer chairs"))
        page.get_by_role("button", name="Add a variant").click()
        attach(page, 1)
        page.get_by_role("textbox", name="Text of variant B").fill("A chair for {{name|you}}")
        expect(page.get_by_role("figure", name="Message").get_by_role("img", name="chair.png")).to_be_visible()
        picture(page, pictures / "wizard-message.png")

        page.get_by_label("Send to this number").fill("+55 11 97777-0099")
        page.get_by_role("button", name="Send test").click()
        expect(page.get_by_text("A test, not counted in the campaign.")).to_be_visible()
        phone = sam.open(f"/phone/{bazaar.phone}")
        phone.get_by_role("button", name=re.compile("97777-0099")).click()
        expect(phone.get_by_role("log")).to_contain_text("A chair for")
        phone.close()

        wizard_step(page, "When")
        page.get_by_text("At a time", exact=True).click()
        page.get_by_label("Starts at").fill("2020-01-01T09:00")
        expect(page.get_by_text("This time has passed").first).to_be_visible()
        tomorrow = datetime.now(ZoneInfo(ZONE)).replace(hour=9, minute=30, second=0, microsecond=0) + timedelta(days=1)
        page.get_by_label("Starts at").fill(f"{tomorrow:%Y-%m-%d}T09:30")
        expect(page.get_by_text("your company's time zone")).to_be_visible()
        saved(page)
        page.go_back()
        expect(page.get_by_role("textbox", name="Text of variant B")).to_have_value("A chair for {{name|you}}")
        wizard_step(page, "Review")
        expect(page.get_by_text("2 variants")).to_be_visible()
        picture(page, pictures / "wizard-review.png")
        page.get_by_role("button", name="Schedule").click()
        page.get_by_role("dialog").get_by_role("button", name="Schedule").click()

        expect(page.get_by_role("main").get_by_text("Scheduled", exact=True).first).to_be_visible()
        campaign = next(each for each in bazaar.rest(SAM, "campaigns/") if each["name"] == "Summer chairs")
        bodies = ["Hello {{first_name|there}}! The summer chairs are here.", "A chair for {{name|you}}"]
        told = campaign["status"], campaign["starts_at"], [variant["body"] for variant in campaign["variants"]]
        assert told == ("scheduled", f"{tomorrow.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", bodies)

        page.get_by_role("link", name="Edit").click()
        wizard_step(page, "When")
        page.get_by_text("Now", exact=True).click()
        wizard_step(page, "Review")
        page.get_by_role("button", name="Save changes").click()
        page.get_by_role("dialog").get_by_role("button", name="Save changes").click()
        page.get_by_role("link", name="Start").click()
        start_now(page)

        expect(page.locator("dd[data-count=read]")).to_contain_text("20")
        expect(page.get_by_role("heading", name="By variant")).to_be_visible()
        choose(page, "Filter by variant", "Variant B")
        expect(page.get_by_text(re.compile("· A$"))).to_have_count(0)
        picture(page, pictures / "wizard-report.png")


def test_a_template_with_a_picture_and_bound_variables(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as sam:
        page = sam.log_in(SAM)
        begin(page, "Catalogue")
        wizard_step(page, "Message")
        page.get_by_text("Template", exact=True).click()
        page.get_by_role("button", name=re.compile("catalogue.*en")).click()
        expect(page.get_by_text("The template's variable header.image has no value.")).to_be_visible()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Choose a file (picture)").click()
        chooser.value.set_files({"name": "cover.png", "mimeType": "image/png", "buffer": drawn("PNG", size=(320, 200))})
        choose(page, "{{1}} is", "First name")
        choose(page, "{{2}} is", "City")
        page.get_by_label("If there is none").nth(1).fill("your city")
        page.get_by_label("Text", exact=True).last.fill("summer")

        mock = page.get_by_role("figure", name="Message")
        expect(mock).to_contain_text(re.compile(r"Hello [^{!]+! Our new catalogue is here, with shops in (Campinas|São Paulo)"))
        expect(mock.get_by_role("img", name="cover.png")).to_be_visible()
        saved(page)
        picture(page, pictures / "wizard-template.png")
        start_now(page)

        expect(page.locator("dd[data-count=read]")).to_contain_text("19")


def test_the_steps_on_a_small_screen(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody(viewport=PHONE, has_touch=True, is_mobile=True) as sam:
        sam.log_in(SAM).wait_for_url("**/app/inbox")
        beyond = {}
        for name in ("audience", "message", "when", "review"):
            page = sam.visit(f"/campaigns/new?step={name}")
            expect(page.get_by_role("navigation", name="Steps of the campaign")).to_be_visible()
            page.wait_for_load_state("networkidle")
            picture(page, pictures / f"small-wizard-{name}.png")
            extra = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if extra > 0:
                beyond[name] = extra
        assert beyond == {}
