"""Consent as people see it: an admin writes the rules, a customer says stop and is answered, an agent reads how that came; and a campaign
is shared out between two numbers."""

from pathlib import Path

from playwright.sync_api import expect

from config.tests.bazaar import ADMIN, ANA, Bazaar
from config.tests.people import PHONE, bubble, choose, picture, row, tab

ANSWER = "You will get no more offers from us."


def test_a_customer_says_stop_and_everybody_sees_what_that_means(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as admin, bazaar.somebody() as ana:
        page = admin.log_in(ADMIN)
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        page = admin.visit("/settings/consent")
        page.get_by_role("textbox", name="Answer to it").first.fill(ANSWER)
        page.get_by_role("switch", name="Limit marketing messages to each person").check(force=True)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        picture(page, pictures / "consent-rules.png")

        inbox = ana.log_in(ANA)
        expect(tab(inbox, "Waiting")).to_be_visible()
        bazaar.whatsapp("Paulo Pare", "5511977770001", "PARAR!")
        tab(inbox, "Waiting").click()
        row(inbox, "Paulo Pare").click()
        expect(bubble(inbox, ANSWER)).to_be_visible()
        if not inbox.get_by_role("complementary", name="Contact details").is_visible():
            inbox.get_by_role("button", name="Contact details").click()
        history = inbox.get_by_role("list", name="History of consent")
        expect(history).to_contain_text("No more campaigns")
        expect(history).to_contain_text("the customer wrote or tapped it · “PARAR!”")
        picture(inbox, pictures / "consent-ledger.png")
        inbox.get_by_role("switch", name="Gets campaigns").click(force=True)
        expect(history).to_contain_text("Campaigns are welcome again")
        expect(history).to_contain_text("noted by Ana")
    with bazaar.somebody(viewport=PHONE, color_scheme="dark", locale="pt-BR") as admin:
        page = admin.log_in(ADMIN)
        expect(page.get_by_role("navigation")).to_be_visible()
        page = admin.visit("/settings/consent")
        expect(page.get_by_role("heading", name="Consentimento").or_(page.get_by_role("heading", name="Consent"))).to_be_visible()
        picture(page, pictures / "consent-phone.png")


def test_a_campaign_is_shared_out_between_two_numbers(bazaar: Bazaar, pictures: Path) -> None:
    def stored() -> list[int]:
        found = bazaar.rest(ADMIN, "campaigns/?search=Two+numbers")
        return sorted(line["weight"] for campaign in found for line in campaign["connections"])

    with bazaar.somebody() as admin:
        page = admin.log_in(ADMIN)
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        page = admin.visit("/campaigns/new")
        page.get_by_label("Name", exact=True).first.fill("Two numbers")
        choose(page, "Send from", "WhatsApp number")
        page.get_by_role("combobox", name="More numbers").click(force=True)
        page.get_by_role("option", name="Main number").click()
        page.keyboard.press("Escape")
        page.get_by_text("By weight").click()
        page.get_by_role("textbox", name="Main number").fill("3")
        expect(page.get_by_text("twice as many people", exact=False)).to_be_visible()
        picture(page, pictures / "campaign-lines.png")
        bazaar.stack.wait_until(lambda: stored() == [1, 3], seconds=20, what="the draft to be saved with its weights")
