"""The work in the background, looked at by an admin: a message that failed, its reason, and once more."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from config.demo import PASSWORD
from config.tests.bazaar import ADMIN, ANA, SUPERVISOR, Bazaar, answer, play
from config.tests.people import PHONE, bubble, english_left_in, picture, raw_keys_in, row, tab, words_on
from config.tests.visitors import Api

TEXT = "Your armchair is ready to be fetched."


@pytest.fixture
def admin(bazaar: Bazaar) -> Api:
    api = Api(bazaar.stack.url, f"{bazaar.slug}.localhost:{bazaar.stack.port}")
    api.log_in(ADMIN, PASSWORD)
    return api


def test_a_failed_message_is_found_with_its_reason_and_goes_once_when_it_is_tried_again(bazaar: Bazaar, admin: Api, pictures: Path) -> None:
    with bazaar.somebody() as ana, bazaar.somebody() as boss:
        inbox, phone = ana.log_in(ANA), ana.open(f"/phone/{bazaar.phone}")
        play(phone, "Rosa Refused", "Is it ready?", number="+55 31 98888-0444")
        tab(inbox, "Waiting").click()
        row(inbox, "Rosa Refused").click()
        inbox.get_by_role("button", name="Accept").first.click()
        expect(inbox.get_by_role("button", name="Transfer")).to_be_visible()
        admin.post(f"connections/{bazaar.phone}/simulator/failures/", json={"code": "not_on_whatsapp", "times": 1}).raise_for_status()
        answer(inbox, TEXT)
        expect(bubble(inbox, TEXT)).to_contain_text("not on WhatsApp")

        boss.log_in(ADMIN).wait_for_url("**/app/inbox")
        page = boss.visit("/settings/jobs")
        failed = page.get_by_role("list", name="Failed").get_by_role("listitem").filter(has_text="Rosa Refused")
        expect(failed).to_contain_text("Simulated: this number is not on WhatsApp.")
        expect(page.get_by_role("row", name="Sending")).to_contain_text("Messages")
        picture(page, pictures / "jobs.png")
        failed.get_by_role("button", name="Try again").click()
        expect(failed).to_have_count(0)
        expect(phone.get_by_role("log")).to_contain_text(TEXT)
        page.get_by_text("Done", exact=True).first.click()
        expect(page.get_by_role("list", name="Done").get_by_role("listitem").filter(has_text="Rosa Refused").first).to_be_visible()
        picture(page, pictures / "jobs-done.png")

        assert phone.get_by_role("log").inner_text().count(TEXT) == 1


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_page_in_portuguese_on_a_phone(bazaar: Bazaar, admin: Api, pictures: Path, look: Any) -> None:
    supervisor = Api(bazaar.stack.url, f"{bazaar.slug}.localhost:{bazaar.stack.port}")
    supervisor.log_in(SUPERVISOR, PASSWORD)
    supervisor.patch("auth/me/", json={"locale": "pt-br"}).raise_for_status()
    with bazaar.somebody(locale="pt-BR", color_scheme=look, viewport=PHONE, has_touch=True, is_mobile=True) as somebody:
        somebody.log_in(SUPERVISOR).wait_for_url("**/app/inbox")
        page = somebody.visit("/settings/jobs")
        expect(page.get_by_role("heading", name="Tarefas em segundo plano").first).to_be_visible()
        page.get_by_text("Concluídas", exact=True).first.click()
        expect(page.get_by_role("list", name="Concluídas")).to_be_visible()
        picture(page, pictures / f"jobs-phone-{look}.png")
        words = words_on(page)
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")

        assert (english_left_in(words), raw_keys_in(words), beyond) == (set(), [], 0)
