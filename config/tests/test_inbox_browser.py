"""The inbox around its main job: who else is here, what was half written, what tells from afar, and the keyboard."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from config.tests.bazaar import ANA, BOB, SUPERVISOR, Bazaar
from config.tests.people import bubble, picture, row, tab


def open_conversation(page: Page, name: str) -> None:
    row(page, name).first.click()
    expect(page.get_by_role("heading", name=name, level=2).first).to_be_visible()


def box(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_placeholder("Write a message")


def presence_of(page: Page, name: str) -> str:
    """As the list of people to transfer to shows it."""
    option = page.get_by_role("option").filter(has_text=name)
    return option.get_by_role("img").get_attribute("aria-label") or ""


def look_up_people(page: Page) -> None:
    page.get_by_role("button", name="Transfer").first.click()
    page.get_by_role("dialog").get_by_text("To a person").click()
    page.get_by_role("dialog").get_by_role("combobox", name="Person").click()
    expect(page.get_by_role("option").first).to_be_visible()


def test_two_at_one_conversation_see_each_other_look_and_type_and_are_warned(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as sam, bazaar.somebody() as ana:
        boss, page = sam.log_in(SUPERVISOR), ana.log_in(ANA)
        open_conversation(page, "Marina Duarte")
        expect(page.get_by_role("img", name="Sam Supervisor")).to_be_hidden()
        open_conversation(boss, "Marina Duarte")
        expect(page.get_by_role("img", name="Sam Supervisor is looking at this conversation too")).to_be_visible()

        box(page).type("I am on it")
        expect(boss.get_by_role("status").filter(has_text="is typing")).to_be_visible()
        picture(boss, pictures / "viewers-typing.png")
        box(boss).fill("Me too")
        box(boss).press("Enter")
        expect(boss.get_by_role("alert").filter(has_text="is writing here as well")).to_be_visible()
        box(boss).press_sequentially("!")
        expect(page.get_by_role("status").filter(has_text="is typing")).to_be_visible()
        box(page).press("Enter")
        expect(page.get_by_role("alert").filter(has_text="Sam Supervisor is writing here as well")).to_be_visible()
        page.get_by_role("button", name="Send anyway").click()
        expect(bubble(boss, "I am on it")).to_be_visible()
        picture(boss, pictures / "collision.png")
        boss.get_by_role("button", name="Not yet").click()
        expect(bubble(boss, "Me too")).to_be_hidden()
        box(boss).fill("")

        boss.goto(f"{sam.url}/app/contacts")
        expect(page.get_by_role("img", name="Sam Supervisor is looking")).to_be_hidden()


def test_who_closes_the_last_tab_is_offline_and_who_keeps_one_is_not(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana:
        page = ana.log_in(ANA)
        open_conversation(page, "Marina Duarte")
        with bazaar.somebody() as bob:
            bob.log_in(BOB)
            second = bob.open("/inbox")
            expect(row(second, "Sofia Andrade")).to_be_visible()
            look_up_people(page)
            name = bobs_name(bazaar)
            expect(page.get_by_role("option").filter(has_text=name).get_by_role("img", name="Online")).to_be_visible()
            picture(page, pictures / "presence-transfer.png")
            bob.context.pages[0].close()
            page.wait_for_timeout(7_000)  # longer than somebody may need to reload a page
            assert presence_of(page, name) == "Online"
            second.get_by_role("button", name="Account of").click()
            second.get_by_role("menuitem", name="Set yourself as away").click()
            expect(page.get_by_role("option").filter(has_text=name).get_by_role("img", name="Away")).to_be_visible()
            second.get_by_role("button", name="Account of").click()
            second.get_by_role("menuitem", name="You are away").click()
            expect(page.get_by_role("option").filter(has_text=name).get_by_role("img", name="Online")).to_be_visible()
        expect(page.get_by_role("option").filter(has_text=name).get_by_role("img", name="Offline")).to_be_visible()


def bobs_name(bazaar: Bazaar) -> str:
    return next(person["name"] for person in bazaar.rest(ANA, "users/") if person["email"] == BOB)


def test_a_draft_survives_a_reload_as_what_it_was_and_is_gone_when_sent(bazaar: Bazaar, pictures: Path) -> None:
    open_tickets = bazaar.rest(ANA, "tickets/?status=open")
    other = next(ticket["contact"]["name"] for ticket in open_tickets if ticket["contact"]["name"] != "Marina Duarte")
    with bazaar.somebody() as ana:
        page = ana.log_in(ANA)
        open_conversation(page, "Marina Duarte")
        page.get_by_text("Internal note", exact=True).first.click()
        page.get_by_placeholder("Only your team sees this").fill("She prefers the blue one")
        page.reload()
        expect(page.get_by_placeholder("Only your team sees this")).to_have_value("She prefers the blue one")
        open_conversation(page, other)
        expect(row(page, "Marina Duarte")).to_contain_text("Draft: She prefers the blue one")
        picture(page, pictures / "draft.png")

        open_conversation(page, "Marina Duarte")
        page.get_by_placeholder("Only your team sees this").press("Enter")
        expect(bubble(page, "She prefers the blue one")).to_be_visible()
        page.reload()

        open_conversation(page, other)
        expect(row(page, "Marina Duarte")).not_to_contain_text("Draft:")


# --- told from afar ---------------------------------------------------------------------------------------------------------------

# The page is not looked at, and remembers what it told the desktop.
ELSEWHERE = """
Object.defineProperty(Document.prototype, "hidden", { get: () => true });
Document.prototype.hasFocus = () => false;
window.told = [];
// Without a screen there is no desktop, and Chromium shows nothing on it.
window.Notification = class {
  static permission = "granted";
  constructor(title, options) { window.told.push([title, options.body]); window.last = this; }
  close() {}
};
window.rung = 0;
HTMLMediaElement.prototype.play = function () { window.rung += 1; return Promise.resolve(); };
"""


def test_a_hidden_tab_tells_of_a_new_message_once_over_all_tabs(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody(permissions=["notifications"]) as ana:
        ana.context.add_init_script(ELSEWHERE)
        pages = [ana.log_in(ANA)]
        expect(row(pages[0], "Marina Duarte")).to_be_visible()
        pages.append(ana.open("/inbox"))
        expect(row(pages[1], "Marina Duarte")).to_be_visible()
        unread = int("".join(filter(str.isdigit, pages[0].title())) or 0)

        bazaar.whatsapp("Uma Stein", "4915155500011", "Is anybody there?")

        bazaar.stack.wait_until(lambda: sum(len(page.evaluate("window.told")) for page in pages) == 1, what="one notification")
        assert [told for page in pages for told in page.evaluate("window.told")] == [["Uma Stein", "Is anybody there?"]]
        assert sum(page.evaluate("window.rung") for page in pages) == 1
        for page in pages:
            bazaar.stack.wait_until(lambda page=page: page.title().startswith(f"({unread + 1}) "), what="the count in the title")
            expect(page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("icon-unread"))
        teller = next(page for page in pages if page.evaluate("window.told.length"))
        teller.evaluate("window.last.onclick()")
        expect(bubble(teller, "Is anybody there?")).to_be_visible()


def test_what_is_told_is_chosen_in_the_settings(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody(permissions=["notifications"]) as ana:
        ana.context.add_init_script(ELSEWHERE)
        page = ana.log_in(ANA)
        expect(row(page, "Marina Duarte")).to_be_visible()
        page = ana.visit("/settings/notifications")
        page.get_by_role("radio", name="My conversations").check()
        page.get_by_role("switch", name="Sound").uncheck(force=True)
        picture(page, pictures / "notification-settings.png")

        bazaar.whatsapp("Vera Blum", "4915155500012", "Nobody has me yet")
        bazaar.stack.wait_until(lambda: "Vera Blum" in waiting(bazaar), what="the ticket")
        page.wait_for_timeout(1_500)

        assert page.evaluate("[window.told, window.rung]") == [[], 0]


def waiting(bazaar: Bazaar) -> set[str]:
    return {ticket["contact"]["name"] for ticket in bazaar.rest(ANA, "tickets/?status=pending")}


# --- the keyboard -----------------------------------------------------------------------------------------------------------------


def go_by(page: Page, key: str, arrived: Callable[[str], bool]) -> None:
    """By a key, pressed again while the page is still busy with the conversation before."""
    for _ in range(20):
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(key)
        page.wait_for_timeout(1000)
        if arrived(page.url):
            return
    raise AssertionError(f"{key} leads nowhere from {page.url}.")


def test_the_keyboard_goes_through_conversations_and_never_acts_while_somebody_types(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana:
        page = ana.log_in(ANA)
        expect(row(page, "Marina Duarte")).to_be_visible()
        page.keyboard.press("j")
        page.wait_for_url("**/inbox/*")
        first = page.url
        expect(box(page)).to_be_visible()
        go_by(page, "j", lambda url: url != first)
        go_by(page, "k", lambda url: url == first)
        expect(box(page)).to_be_visible()
        page.keyboard.press("n")
        expect(page.get_by_placeholder("Only your team sees this")).to_be_focused()
        page.keyboard.type("jk and e are letters here?")
        expect(page.get_by_placeholder("Only your team sees this")).to_have_value("jk and e are letters here?")
        page.get_by_placeholder("Only your team sees this").fill("")
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+?")
        expect(page.get_by_role("dialog")).to_contain_text("Next conversation")
        picture(page, pictures / "shortcuts.png")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.keyboard.press("g")
        page.keyboard.press("c")
        page.wait_for_url("**/contacts")


def test_the_palette_finds_people_and_does_things(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana:
        page = ana.log_in(ANA)
        expect(row(page, "Marina Duarte")).to_be_visible()
        page.keyboard.press("Control+k")
        search = page.get_by_placeholder("Find a conversation")
        search.fill("marina")
        expect(page.get_by_role("dialog").get_by_role("button").filter(has_text="No. ").first).to_contain_text("Marina Duarte")
        picture(page, pictures / "palette.png")
        page.get_by_role("dialog").get_by_role("button").filter(has_text="No. ").first.click()
        expect(page.get_by_role("heading", name="Marina Duarte", level=2).first).to_be_visible()

        page.keyboard.press("Control+k")
        search.fill("portugues")
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", "pt-BR")
        page.keyboard.press("Control+k")
        page.get_by_placeholder("Encontre uma conversa").fill("Switch to English")
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", "en")


# --- long lists -------------------------------------------------------------------------------------------------------------------


# By SQL: Django refuses its own while the browser's event loop runs in this thread.
MESSAGES = """
    INSERT INTO bazaar.tickets_message (contact_id, connection_id, ticket_id, direction, origin, kind, body, external_id, occurred_at)
    SELECT contact_id, connection_id, id, 'in', 'contact', 'text',
           CASE number WHEN 2 THEN 'Do you know my parrot?' ELSE 'Line ' || number || repeat(' and so on', number %% 13) END,
           'long-' || number, created_at - interval '30 days' + number * interval '1 minute'
    FROM (SELECT * FROM bazaar.tickets_ticket WHERE id = %(ticket)s) ticket, generate_series(1, 5000) number
    ON CONFLICT DO NOTHING
"""
TICKETS = """
    INSERT INTO bazaar.tickets_ticket
        (contact_id, connection_id, queue_id, status, protocol, last_message_id, last_message_at, created_at, closed_at)
    SELECT contact_id, connection_id, queue_id, 'closed', 'LONG-' || number, last_message_id,
           created_at - number * interval '1 minute', created_at - interval '40 days', created_at - number * interval '1 minute'
    FROM (SELECT * FROM bazaar.tickets_ticket WHERE id = %(ticket)s) ticket, generate_series(1, 10000) number
"""


def write(bazaar: Bazaar, statement: str) -> None:
    """Many rows beside Marina's open conversation."""
    ticket = next(ticket for ticket in bazaar.rest(ANA, "tickets/?status=open") if ticket["contact"]["name"] == "Marina Duarte")
    with psycopg.connect(bazaar.stack.database_url, autocommit=True) as database:
        database.execute(statement, {"ticket": ticket["id"]})


@pytest.fixture
def long_talk(bazaar: Bazaar) -> None:
    """A conversation of five thousand messages, the second of which is about a parrot."""
    write(bazaar, MESSAGES)


@pytest.fixture
def ten_thousand(bazaar: Bazaar) -> Iterator[None]:
    """Closed conversations."""
    write(bazaar, TICKETS)
    yield
    with psycopg.connect(bazaar.stack.database_url, autocommit=True) as database:
        database.execute("DELETE FROM bazaar.tickets_ticket WHERE protocol LIKE 'LONG-%'")


# At each frame: is there a row in the middle of the list, and how far down does it stand?
WATCH = """() => {
  const list = document.querySelector("[data-testid=virtuoso-scroller]");
  const box = list.getBoundingClientRect();
  const seen = window.seen = { frames: 0, blank: 0, furthest: 0, gaps: [] };
  let before = performance.now();
  const look = (now) => {
    const row = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.closest("[data-index]");
    seen.frames += 1;
    seen.gaps.push(now - before);
    before = now;
    if (row) seen.furthest = Math.max(seen.furthest, Number(row.dataset.index));
    else seen.blank += 1;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def test_ten_thousand_conversations_scroll_without_a_blank(bazaar: Bazaar, pictures: Path, ten_thousand: None) -> None:
    with bazaar.somebody() as sam:
        page = sam.log_in(SUPERVISOR)
        expect(row(page, "Marina Duarte").first).to_be_visible()
        tab(page, "Closed").click()
        expect(page.locator("[data-index='5']")).to_contain_text("Marina Duarte")
        page.evaluate(WATCH)
        page.mouse.move(200, 600)
        for _turn in range(200):
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(16)
            if page.evaluate("window.seen.furthest") > 300:
                break
        picture(page, pictures / "many-conversations.png")

        seen = page.evaluate("window.seen")
        assert seen["furthest"] > 300
        assert seen["blank"] == 0, seen


def test_a_message_from_long_ago_is_found_and_shown(bazaar: Bazaar, pictures: Path, long_talk: None) -> None:
    with bazaar.somebody() as ana:
        page = ana.log_in(ANA)
        open_conversation(page, "Marina Duarte")
        page.keyboard.press("f")
        page.get_by_role("search").get_by_role("searchbox").fill("parrot")
        expect(page.get_by_role("search").get_by_role("status")).to_have_text("1 of 1")
        expect(bubble(page, "Do you know my parrot?").locator("mark")).to_have_text("parrot", timeout=60_000)
        expect(bubble(page, "Do you know my parrot?")).to_be_in_viewport()
        picture(page, pictures / "found-message.png")

        page.get_by_role("button", name="Go to the latest message").click()
        expect(bubble(page, "Line 5000").or_(bubble(page, "Can you hold one")).first).to_be_visible()
