"""A campaign watched in a browser: who would get it, paused and resumed, replies, the table taken home; and a number that rests."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from config.demo import PASSWORD
from config.ground.stack import Stack
from config.ground.testing import wait_until
from config.tests.bazaar import Bazaar, bazaar_in, found_bazaar, start_now, wizard_step
from config.tests.people import PHONE, choose, english_left_in, picture, raw_keys_in, words_on
from config.tests.visitors import Api

SLUG = "reporters"
ADMIN, SUPERVISOR = f"admin@{SLUG}.test", f"supervisor@{SLUG}.test"
PEOPLE = 40
SLOW = {"messages_per_second": 3, "reply_rate": 0.5, "reply_after_ms": 300}


@pytest.fixture(scope="module")
def _facts(_spa: bool, _stack: Stack, _graph: object) -> dict[str, Any]:
    """A company of its own: those who answer a campaign wait in the inbox, where other stories look for theirs."""
    _stack.ensure_up()
    if _spa:
        _stack.ground.collect_static()
        _stack.restart("web")
    return found_bazaar(_stack, SLUG, phone_number_id="")


@pytest.fixture
def bazaar(_facts: dict[str, Any], _browser: Browser, stack: Stack) -> Bazaar:
    return bazaar_in(stack, _browser, _facts, SLUG)


@pytest.fixture
def slow_number(bazaar: Bazaar) -> Iterator[None]:
    """The simulated number sends a few a second, and every other customer answers."""
    boss = boss_of(bazaar)
    usual = boss.read(f"connections/{bazaar.phone}/")["settings"]
    assert boss.patch(f"connections/{bazaar.phone}/", json={"settings": usual | SLOW}).ok
    yield
    assert boss.patch(f"connections/{bazaar.phone}/", json={"settings": usual}).ok


def boss_of(bazaar: Bazaar) -> Api:
    boss = Api(bazaar.stack.url, f"{bazaar.slug}.localhost:{bazaar.stack.port}")
    boss.log_in(ADMIN, PASSWORD)
    return boss


def counted(page: Page, step: str) -> int:
    found = re.match(r"\d+", page.locator(f"dd[data-count={step}]").inner_text())
    assert found
    return int(found[0])


def look_at_people(page: Page, pictures: Path) -> None:
    """Who is left out and who is not, by name; and what one of them would read, on the phone beside."""
    page.get_by_role("button", name="See everybody: Asked not to get campaigns").click()
    drawer = page.get_by_role("dialog", name="Asked not to get campaigns")
    expect(drawer.get_by_role("list", name="People").get_by_role("listitem")).not_to_have_count(0)
    picture(page, pictures / "report-left-out.png")
    drawer.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="See everybody", exact=True).click()
    drawer = page.get_by_role("dialog", name="They would get it")
    people = drawer.get_by_role("list", name="People").get_by_role("listitem")
    expect(people.first).to_contain_text("are you coming?")
    name = people.last.locator("span").first.inner_text()
    drawer.get_by_label("Name or number").fill(name)
    expect(people).to_have_count(1)
    picture(page, pictures / "report-people.png")
    people.first.get_by_role("button").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("region", name="Preview on a phone")).to_contain_text(f"Hello {name.split()[0]}, are you coming?")
    picture(page, pictures / "report-one-person.png")


def test_a_campaign_is_watched_paused_resumed_and_taken_home(bazaar: Bazaar, slow_number: None, pictures: Path, tmp_path: Path) -> None:
    with bazaar.somebody() as sam:
        page = sam.log_in(SUPERVISOR)
        page.get_by_role("link", name="Campaigns").click()
        page.get_by_role("link", name="New campaign").first.click()
        page.get_by_role("textbox", name="Name", exact=True).fill("Watched")
        choose(page, "Send from", "Main number")
        choose(page, "Contacts in these lists", "Newsletter")
        page.keyboard.press("Escape")
        wizard_step(page, "Message")
        page.get_by_role("textbox", name="Text").fill("Hello {{first_name|there}}, are you coming?")
        wizard_step(page, "Review")
        expect(page.get_by_text("Asked not to get campaigns").first).to_be_visible()
        picture(page, pictures / "report-dry-run.png")
        look_at_people(page, pictures)
        start_now(page)

        expect(page.locator("dd[data-count=sent]")).not_to_have_text(re.compile(r"^0 "))
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("main").get_by_text("Paused", exact=True).first).to_be_visible()
        page.wait_for_timeout(1500)
        sent, waiting = counted(page, "sent"), counted(page, "queued")
        assert waiting > 0
        page.wait_for_timeout(2000)
        page.reload()
        expect(page.locator("dd[data-count=sent]")).to_have_text(re.compile(rf"^{sent} "))
        picture(page, pictures / "report-paused.png")
        page.get_by_role("button", name="Resume").click()

        expect(page.locator("dd[data-count=read]")).to_have_text(re.compile(rf"^{sent + waiting} "), timeout=30_000)
        expect(page.get_by_role("main").get_by_text("Finished", exact=True).first).to_be_visible()
        expect(page.locator("dd[data-count=replied]")).not_to_have_text(re.compile(r"^0 "))
        page.get_by_role("radiogroup", name="What to show").get_by_text("Replied").click()
        picture(page, pictures / "report-done.png")
        choose(page, "Filter by delivery", "Replied")
        replied = counted(page, "replied")
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name="CSV, comma").click()
        taken = tmp_path / "recipients.csv"
        download.value.save_as(taken)
        rows = list(csv.DictReader(taken.read_text(encoding="utf-8-sig").splitlines()))
        assert len(rows) == replied
        assert all(row["Replied at"] for row in rows)


def test_the_report_in_the_dark_on_a_phone_and_in_portuguese(bazaar: Bazaar, pictures: Path) -> None:
    (campaign,) = [one for one in bazaar.rest(SUPERVISOR, "campaigns/") if one["name"] == "Watched"]
    assert bazaar.apis[SUPERVISOR].patch("auth/me/", json={"locale": "pt-br"}).ok
    with bazaar.somebody(locale="pt-BR", color_scheme="dark", viewport=PHONE, has_touch=True, is_mobile=True) as sam:
        sam.log_in(SUPERVISOR).wait_for_url("**/app/inbox")
        page = sam.visit(f"/campaigns/{campaign['id']}")
        expect(page.get_by_role("heading", name="Minuto a minuto")).to_be_visible()
        picture(page, pictures / "report-small-dark.png")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        words = words_on(page)
    assert (raw_keys_in(words), english_left_in(words)) == ([], set())


# --- a number whose campaigns fail ------------------------------------------------------------------------------------------------


@pytest.fixture
def failing_number(bazaar: Bazaar) -> Iterator[int]:
    """Half of what it sends cannot be delivered."""
    boss = boss_of(bazaar)
    settings = {"fail_endings": dict.fromkeys("01234", "undeliverable"), "delivered_after_ms": 0, "read_after_ms": 0}
    number = boss.make("connections/", name="Bought list", provider="simulator", settings=settings)["id"]
    assert boss.post(f"connections/{number}/connect/").ok
    yield number


def campaign(boss: Api, name: str, number: int, first: int) -> int:
    people = [{"number": f"+55 11 97777-{first + place:04d}"} for place in range(PEOPLE)]
    made = boss.make("campaigns/", name=name, connection=number, body="Our offers of the week", recipients=people, start=True)
    return int(made["id"])


def test_it_rests_by_itself_and_is_let_go_on(bazaar: Bazaar, failing_number: int, pictures: Path) -> None:
    boss = boss_of(bazaar)
    first = campaign(boss, "First list", failing_number, 1000)
    wait_until(lambda: boss.read(f"campaigns/{first}/")["status"] == "finished", seconds=30, what="the first campaign's end")
    score = f"connections/{failing_number}/health/score/"
    wait_until(lambda: boss.read(score)["failed"] == PEOPLE // 2, seconds=30, what="the failures")
    second = campaign(boss, "Second list", failing_number, 2000)

    with bazaar.somebody() as someone:
        page = someone.log_in(ADMIN)
        page.wait_for_url("**/app/inbox")
        page = someone.visit(f"/campaigns/{second}")
        expect(page.get_by_role("status").filter(has_text="its health is low")).to_be_visible(timeout=30_000)
        picture(page, pictures / "health-campaign.png")
        page = someone.visit(f"/connections/{failing_number}")
        expect(page.get_by_text("its health is low")).to_be_visible()
        panel = page.get_by_role("region", name="Health of its campaigns")
        expect(panel).to_contain_text("messages failed")
        picture(page, pictures / "health-number.png")
        page.get_by_role("button", name="Let it write first again").click()
        expect(page.get_by_text("its health is low")).to_be_hidden()

    wait_until(lambda: boss.read(f"campaigns/{second}/")["status"] == "finished", seconds=30, what="the second campaign's end")


def test_the_number_s_page_in_portuguese_on_a_phone_in_the_dark(bazaar: Bazaar, pictures: Path) -> None:
    boss = boss_of(bazaar)
    number = next(each["id"] for each in boss.read("connections/")["results"] if each["name"] == "Bought list")
    assert boss.patch("auth/me/", json={"locale": "pt-br"}).ok
    with bazaar.somebody(locale="pt-BR", color_scheme="dark", viewport=PHONE, has_touch=True, is_mobile=True) as someone:
        someone.log_in(ADMIN).wait_for_url("**/app/inbox")
        page = someone.visit(f"/connections/{number}")
        expect(page.get_by_role("region", name="Saúde das campanhas")).to_be_visible()
        picture(page, pictures / "health-phone.png")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        words = words_on(page)
    assert (raw_keys_in(words), english_left_in(words)) == ([], set())
