"""What people see: a real browser, the built SPA, and a whole installation behind it."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from config.demo import PASSWORD
from config.tests.bazaar import ANA, BOB, SUPERVISOR, Bazaar, answer, make_note, play, say, start_now, wizard_step
from config.tests.people import PHONE, Person, bubble, choose, english_left_in, picture, raw_keys_in, row, tab, words_on


def test_a_customer_writes_ana_answers_and_the_ticks_turn_to_read(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana:
        inbox = ana.log_in(ANA, url=bazaar.shared)
        tab(inbox, "Waiting").click()
        expect(row(inbox, "Rafael Nogueira")).to_be_visible()
        phone = ana.open(f"/phone/{bazaar.phone}", url=bazaar.shared)
        play(phone, "Zoe Prado", "Do you ship to Recife?")

        expect(row(inbox, "Zoe Prado")).to_contain_text("Do you ship to Recife?")
        row(inbox, "Zoe Prado").click()
        inbox.get_by_role("button", name="Accept").first.click()
        expect(inbox.get_by_role("button", name="Close", exact=True).first).to_be_visible()
        answer(inbox, "Yes, in five working days.")

        expect(phone.get_by_role("log")).to_contain_text("Yes, in five working days.")
        expect(bubble(inbox, "Yes, in five working days.").get_by_role("img", name="Read")).to_be_visible()
        say(phone, "Wonderful, thank you!")
        expect(bubble(inbox, "Wonderful, thank you!")).to_be_visible()
        picture(inbox, pictures / "conversation.png")
        picture(phone, pictures / "phone.png")


def test_a_campaign_from_its_form_to_the_last_receipt(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as sam:
        page = sam.log_in(SUPERVISOR)
        page.get_by_role("link", name="Campaigns").click()
        page.get_by_role("link", name="New campaign").first.click()
        page.get_by_role("textbox", name="Name", exact=True).fill("Summer chairs")
        choose(page, "Send from", "Main number")
        choose(page, "Contacts in these lists", "Newsletter")
        page.keyboard.press("Escape")
        expect(page.get_by_role("status").filter(has_text="contacts will get it")).to_contain_text("19")
        expect(page.get_by_text("Asked not to get campaigns")).to_be_visible()
        picture(page, pictures / "campaign-form.png")
        wizard_step(page, "Message")
        page.get_by_role("textbox", name="Text").fill("Hello {{first_name|there}}! The summer chairs are here.")

        start_now(page)

        expect(page.get_by_role("heading", name="Summer chairs")).to_be_visible()
        expect(page.locator("dd[data-count=read]")).to_contain_text("19")
        expect(page.get_by_text("Finished", exact=True).first).to_be_visible()
        # Of each recipient too: the words are left in the sum's own lines alone.
        expect(page.locator("dt, .mantine-Badge-label").get_by_text(re.compile("^(Sent|Delivered)$")).filter(visible=True)).to_have_count(2)
        picture(page, pictures / "campaign.png")
        report = bazaar.rest(SUPERVISOR, "campaigns/")[0]
        told = report["name"], report["status"], report["counts"]["read"], report["counts"]["excluded"]
        assert told == ("Summer chairs", "finished", 19, 1)


def test_a_signed_webhook_becomes_a_ticket_in_the_open_browser(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana:
        inbox = ana.log_in(ANA)
        tab(inbox, "Waiting").click()
        expect(row(inbox, "Rafael Nogueira")).to_be_visible()

        bazaar.whatsapp("Otto Brandt", "4915123456789", "Guten Tag")

        expect(row(inbox, "Otto Brandt")).to_contain_text("Guten Tag")
        row(inbox, "Otto Brandt").click()
        expect(bubble(inbox, "Guten Tag")).to_be_visible()


def test_on_a_phone_one_thing_at_a_time(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody(viewport=PHONE, has_touch=True, is_mobile=True) as ana:
        page = ana.log_in(ANA)
        expect(row(page, "Marina Duarte")).to_be_visible()
        picture(page, pictures / "small-inbox.png")
        row(page, "Marina Duarte").tap()
        expect(bubble(page, "Can you hold one for me")).to_be_visible()
        expect(row(page, "Marina Duarte")).to_be_hidden()
        expect(page.get_by_role("navigation")).to_be_hidden()
        page.get_by_placeholder("Write a message").fill("It is yours until four.")
        page.get_by_role("button", name="Send", exact=True).tap()
        expect(bubble(page, "It is yours until four.").get_by_role("img", name="Read")).to_be_visible()
        picture(page, pictures / "small-conversation.png")

        page.get_by_role("link", name="Back to the list").tap()

        expect(row(page, "Marina Duarte")).to_contain_text("It is yours until four.")
        assert widths_beyond_the_screen(ana, pictures) == {}


def widths_beyond_the_screen(ana: Person, pictures: Path) -> dict[str, int]:
    """Pages that a thumb would have to push sideways, and by how much."""
    beyond = {}
    for path in ("/inbox", "/contacts", "/campaigns", "/phone"):
        page = ana.visit(path)
        expect(page.get_by_role("heading").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        picture(page, pictures / f"small{path.replace('/', '-')}.png")
        extra = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if extra > 0:
            beyond[path] = extra
    return beyond


def test_portuguese_in_the_dark_and_no_raw_names_of_translations(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as sam:
        page = sam.log_in(SUPERVISOR)
        page.get_by_role("button", name="Account of Sam Supervisor").click()
        page.get_by_role("menuitem", name="Português (Brasil)").click()
        page.get_by_role("button", name="Conta de Sam Supervisor").click()
        page.get_by_role("menuitem", name="Modo escuro").click()
        page.keyboard.press("Escape")

        expect(page.get_by_role("heading", name="Conversas", level=1)).to_be_visible()
        expect(tab(page, "Aguardando")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "pt-BR")
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
        problems = {}
        for path in pages_of(bazaar):
            page = sam.visit(path)
            expect(page.get_by_role("main")).not_to_be_empty()
            page.wait_for_load_state("networkidle")
            words = words_on(page)
            if raw_keys_in(words) or english_left_in(words):
                problems[path] = raw_keys_in(words), english_left_in(words)
            picture(page, pictures / f"dark{re.sub('[^a-z0-9]+', '-', path)}.png")
        assert problems == {}


def pages_of(bazaar: Bazaar) -> list[str]:
    ticket, campaign = (bazaar.rest(SUPERVISOR, path)[0]["id"] for path in ("tickets/?status=open", "campaigns/"))
    paths = ["/inbox", f"/inbox/{ticket}", "/contacts", "/campaigns", "/campaigns/new", f"/campaigns/{campaign}"]
    return [*paths, "/connections", f"/phone/{bazaar.phone}", "/flights", "/nowhere"]


def test_a_browser_that_was_cut_off_shows_what_happened_meanwhile(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana:
        ana.forgives += ["ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "WebSocket connection"]
        inbox = ana.log_in(ANA)
        tab(inbox, "Waiting").click()
        expect(row(inbox, "Rafael Nogueira")).to_be_visible()
        row(inbox, "Theo Martins").click()
        expect(bubble(inbox, "catalogue of office chairs")).to_be_visible()
        inbox.wait_for_load_state("networkidle")  # a page that was only half there when it was cut off cannot go on
        ana.context.set_offline(True)
        bazaar.stack.restart("web")
        for place, name in enumerate(("Pia Koch", "Noah Weiss", "Pia Koch", "Lena Vogt", "Pia Koch")):
            bazaar.whatsapp(name, f"49151000000{name.index(' '):02d}", f"Line {place}")
        expect(inbox.get_by_role("status").filter(has_text="Connection lost")).to_be_visible()

        ana.context.set_offline(False)

        expect(row(inbox, "Pia Koch")).to_contain_text("Line 4")
        expect(inbox.get_by_role("status").filter(has_text="Connection lost")).to_be_hidden()
        by_rest = rows_by_rest(bazaar)
        assert {"Line 3", "Line 4"} <= {text for _, text, _ in by_rest}
        bazaar.stack.wait_until(lambda: rows_shown(inbox) == by_rest, what=f"the inbox {rows_shown(inbox)} like REST {by_rest}")


def rows_by_rest(bazaar: Bazaar) -> list[tuple[int, str, int]]:
    tickets = bazaar.rest(ANA, "tickets/?status=pending")
    return [(ticket["id"], ticket["last_message"]["body"], ticket["unread_count"]) for ticket in tickets]


def rows_shown(page: Page) -> list[tuple[int, str, int]]:
    shown = page.locator("section[aria-label=Inbox] a[href*='/inbox/']").evaluate_all(
        """rows => rows.map((row) => [
          Number(row.getAttribute("href").split("/").pop()),
          row.querySelector("[class*=preview]").textContent,
          Number(row.querySelector("[class*=unread] [aria-hidden]")?.textContent ?? 0),
        ])"""
    )
    return [tuple(line) for line in shown]


def test_a_conversation_changes_hands_is_closed_and_reopened(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana, bazaar.somebody() as bob:
        page, other = ana.log_in(ANA), bob.log_in(BOB)
        expect(row(other, "Sofia Andrade")).to_be_visible()
        page.get_by_role("button", name="New conversation").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("Number", exact=True).click()
        dialog.get_by_label("Phone number").fill("31 97777-6655")
        dialog.get_by_label("Name", exact=True).fill("Nina Sato")
        choose(page, "Send from", "Main number")
        choose(page, "Queue", "Sales")
        dialog.get_by_role("button", name="Start").click()
        answer(page, "Hello Nina, your sofa is ready.")
        expect(bubble(page, "your sofa is ready").get_by_role("img", name="Read")).to_be_visible()
        make_note(page, "She pays on delivery.")
        expect(bubble(page, "She pays on delivery.")).to_be_visible()

        page.get_by_role("button", name="Transfer").first.click()
        dialog.get_by_text("To a person").click()
        choose(page, "Person", "Bob Santos")
        dialog.get_by_label("Note").fill("Please call her before noon.")
        dialog.get_by_role("button", name="Transfer", exact=True).click()

        expect(page.get_by_text("Bob Santos has this conversation.")).to_be_visible()
        row(other, "Nina Sato").click()
        expect(bubble(other, "She pays on delivery.")).to_be_visible()
        expect(other.get_by_text("Please call her before noon.")).to_be_visible()
        other.get_by_role("button", name="Close", exact=True).click()
        expect(other.get_by_text("This conversation is closed.")).to_be_visible()
        other.get_by_role("button", name="Reopen").first.click()
        answer(other, "The driver arrives at ten.")
        expect(bubble(other, "The driver arrives at ten.").get_by_role("img", name="Read")).to_be_visible()
        picture(other, pictures / "handed-over.png")


def test_failures_are_told_in_words_and_can_be_mended(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana:
        ana.forgives += ["401 (Unauthorized) (", "status of 401"]
        page = ana.log_in(ANA, password="not her password")
        expect(page.get_by_role("alert")).to_contain_text("This e-mail and password do not match.")
        picture(page, pictures / "login.png")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(row(page, "Marina Duarte")).to_be_visible()
        phone = ana.open(f"/phone/{bazaar.phone}")
        play(phone, "Edu Farias", "Is the lamp back?")
        phone.get_by_role("button", name="Make one fail").click()
        phone.get_by_role("menuitem", name="is accepted, then cannot be delivered").click()
        expect(phone.get_by_text("will fail that way")).to_be_visible()
        tab(page, "Waiting").click()
        row(page, "Edu Farias").click()
        page.get_by_role("button", name="Accept").first.click()
        answer(page, "It came this morning.")

        failed = bubble(page, "It came this morning.")
        expect(failed.get_by_role("alert")).to_contain_text("could not be delivered")
        picture(page, pictures / "failed.png")
        failed.get_by_role("button", name="Try again").click()

        expect(bubble(page, "It came this morning.").get_by_role("img", name="Read")).to_be_visible()
        expect(phone.get_by_role("log")).to_contain_text("It came this morning.")
