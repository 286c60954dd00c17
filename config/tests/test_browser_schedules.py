"""A message for later: written in a conversation, seen in it and in the calendar, called off; and one whose time comes."""

import datetime
import json
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from psycopg import sql

from config.demo import PASSWORD
from config.ground.stack import Stack
from config.ground.testing import TestGround
from config.tests.bazaar import ANA, Bazaar, bazaar_in, play
from config.tests.chromium import open_browser
from config.tests.people import PHONE, choose, english_left_in, picture, raw_keys_in, row, tab, words_on
from config.tests.visitors import Api
from tenants.lib.clock import now

BAZAAR_ZONE = zoneinfo.ZoneInfo("America/Sao_Paulo")
FOLLOW_UP = "Do you still want the armchair?"


@pytest.fixture(scope="module")
def _browser(_facts: dict[str, Any], ground: TestGround) -> Iterator[Browser]:
    with open_browser(ground.home) as browser:
        yield browser


@pytest.fixture
def bazaar(_facts: dict[str, Any], _browser: Browser, stack: Stack) -> Bazaar:
    return bazaar_in(stack, _browser, _facts)


def conversation(bazaar: Bazaar, inbox: Page, phone: Page, name: str, number: str) -> int:
    """One that the agent has; its id."""
    play(phone, name, "I will think about it", number=number)
    tab(inbox, "Waiting").click()
    row(inbox, name).click()
    inbox.get_by_role("button", name="Accept").first.click()
    expect(inbox.get_by_role("button", name="Transfer")).to_be_visible()
    return next(ticket["id"] for ticket in bazaar.rest(ANA, "tickets/?status=open") if ticket["contact"]["name"] == name)


def turn_to(calendar: Page, at: datetime.datetime, after: str) -> None:
    """The calendar, open on this month, shows the month of `at`; `after` is what its button says."""
    here, there = (moment.astimezone(BAZAAR_ZONE).month for moment in (now(), at))
    if here != there:
        calendar.get_by_role("button", name=after).click()


def write_for_later(page: Page, text: str) -> None:
    page.get_by_placeholder("Write a message").fill(text)
    page.get_by_role("button", name="Send later").click()


def test_one_is_scheduled_seen_in_the_calendar_and_called_off(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana:
        inbox = ana.log_in(ANA)
        conversation(bazaar, inbox, ana.open(f"/phone/{bazaar.phone}"), "Otto Later", "+55 31 98888-0333")
        write_for_later(inbox, FOLLOW_UP)
        dialog = inbox.get_by_role("dialog")
        dialog.get_by_role("button", name="In a week").click()
        dialog.get_by_role("textbox", name="Repeats").or_(dialog.get_by_role("combobox", name="Repeats")).click()
        inbox.get_by_role("option", name="Every week").click()
        dialog.get_by_label("Not if the customer writes before").check()
        picture(inbox, pictures / "later-dialog.png")
        dialog.get_by_role("button", name="Schedule").click()

        waiting = inbox.get_by_role("list", name="Waiting to be sent")
        expect(waiting).to_contain_text(FOLLOW_UP)
        expect(waiting).to_contain_text("Every week")
        expect(inbox.get_by_placeholder("Write a message")).to_have_value("")
        picture(inbox, pictures / "later-waiting.png")
        waiting.get_by_role("link").click()
        drawer = inbox.get_by_role("dialog")
        expect(drawer).to_contain_text("Otto Later")
        picture(inbox, pictures / "later-drawer.png")
        drawer.get_by_role("button", name="Close").click()
        turn_to(inbox, now() + datetime.timedelta(days=7), "The month after")
        expect(inbox.get_by_role("button", name="Otto Later").first).to_be_visible()
        picture(inbox, pictures / "later-calendar.png")

        inbox.get_by_role("button", name="Otto Later").first.click()
        inbox.get_by_role("dialog").get_by_role("button", name="Call it off").click()
        expect(inbox.get_by_role("dialog")).to_contain_text("Called off")
        inbox.get_by_role("dialog").get_by_role("button", name="Close").click()
        expect(inbox.get_by_role("button", name="Otto Later")).to_have_count(0)


def test_one_is_made_in_the_calendar_changed_there_and_called_off(bazaar: Bazaar, pictures: Path) -> None:
    with bazaar.somebody() as ana:
        ana.log_in(ANA).wait_for_url("**/app/inbox")
        page = ana.visit("/schedules")
        page.get_by_role("button", name="New", exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_placeholder("Search name or number").fill("Helena")
        page.get_by_role("option").filter(has_text="Helena").first.click()
        line = next(one["name"] for one in bazaar.rest(ANA, "connections/") if one["provider"] == "simulator")
        choose(page, "Send from", line)
        dialog.get_by_label("Message").fill("Your curtains are ready.")
        dialog.get_by_role("button", name="Tomorrow 9:00").click()
        later = (now() + datetime.timedelta(days=40)).astimezone(BAZAAR_ZONE).date()
        dialog.get_by_label("When", exact=True).fill(f"{later}T09:00")
        picture(page, pictures / "later-new.png")
        dialog.get_by_role("button", name="Schedule", exact=True).click()
        chip = page.get_by_role("button", name="Helena")
        expect(page.get_by_role("heading", name=f"{later:%B %Y}")).to_be_visible()
        expect(chip.first).to_contain_text("09:00")

        chip.first.click()
        drawer = page.get_by_role("dialog", name="Scheduled message", exact=True)
        drawer.get_by_role("button", name="Edit").click()
        form = page.get_by_role("dialog", name="Change the scheduled message")
        form.get_by_label("Message").fill("Your curtains are ready, Helena.")
        at = form.get_by_label("When", exact=True)
        at.fill(at.input_value()[:11] + "10:30")
        choose(page, "Repeats", "Every week")
        form.get_by_label("Not if the customer writes before").check()
        picture(page, pictures / "later-edit.png")
        form.get_by_role("button", name="Save").click()
        expect(form).to_be_hidden()
        for words in ("Your curtains are ready, Helena.", "Every week", "Not if the customer writes before", "10:30"):
            expect(drawer).to_contain_text(words)
        picture(page, pictures / "later-edited.png")
        schedule = bazaar.rest(ANA, "schedules/?status=waiting")[0]
        assert (schedule["body"], schedule["repeats"], schedule["cancels_on_reply"]) == ("Your curtains are ready, Helena.", "week", True)

        drawer.get_by_role("button", name="Call it off").click()
        expect(drawer).to_contain_text("Called off")
        drawer.get_by_role("button", name="Close").click()
        expect(page.get_by_role("button", name="Helena")).to_have_count(0)


def test_where_the_window_is_shut_a_template_is_scheduled_with_its_values_and_changed(bazaar: Bazaar, pictures: Path) -> None:
    ana_api = bazaar.apis.setdefault(ANA, Api(bazaar.stack.url, f"{bazaar.slug}.localhost:{bazaar.stack.port}"))
    ana_api.log_in(ANA, PASSWORD)
    line = next(one["id"] for one in bazaar.rest(ANA, "connections/") if one["provider"] == "cloud_api")
    give_template(bazaar, line)
    ticket = ana_api.make("tickets/", connection=line, number="+55 31 98888-0335", name="Tania Template")
    with bazaar.somebody() as ana:
        ana.log_in(ANA).wait_for_url("**/app/inbox")
        page = ana.visit(f"/inbox/{ticket['id']}")
        expect(page.get_by_text("WhatsApp only takes a template now", exact=False)).to_be_visible()
        page.get_by_role("button", name="Send later").click()
        dialog = page.get_by_role("dialog")
        choose(page, "Template", "visit_soon")
        expect(dialog.get_by_role("button", name="Schedule", exact=True)).to_be_disabled()
        dialog.get_by_label("Value of {{1}}").fill("Monday")
        picture(page, pictures / "later-template.png")
        dialog.get_by_role("button", name="Schedule", exact=True).click()
        waiting = page.get_by_role("list", name="Waiting to be sent")
        expect(waiting).to_contain_text("visit_soon")

        waiting.get_by_role("link").click()
        drawer = page.get_by_role("dialog", name="Scheduled message", exact=True)
        expect(drawer).to_contain_text("Your visit is on Monday.")
        drawer.get_by_role("button", name="Edit").click()
        form = page.get_by_role("dialog", name="Change the scheduled message")
        form.get_by_label("Value of {{1}}").fill("Friday")
        form.get_by_role("button", name="Save").click()
        expect(drawer).to_contain_text("Your visit is on Friday.")
        drawer.get_by_role("button", name="Edit").click()
        form.get_by_text("Text", exact=True).click()
        form.get_by_label("Message").fill("Nobody will get this.")
        picture(page, pictures / "later-template-to-text.png")
        form.get_by_role("button", name="Cancel").click()

        schedule = ana_api.read(f"schedules/?status=waiting&ticket={ticket['id']}")["results"][0]
        assert (schedule["template"]["name"], schedule["variables"], schedule["body"]) == ("visit_soon", {"1": "Friday"}, "")


GIVE_TEMPLATE = """
INSERT INTO {} (connection_id, external_id, name, language, status, category, quality, reason, components, synced_at)
VALUES (%s, '', 'visit_soon', 'en', 'APPROVED', 'UTILITY', '', '', %s, now()) ON CONFLICT DO NOTHING
"""


def give_template(bazaar: Bazaar, line: int) -> None:
    """An approved template of the number, as a sync would have brought it."""
    components = json.dumps([{"type": "BODY", "text": "Your visit is on {{1}}."}])
    with psycopg.connect(bazaar.stack.database_url) as database:
        database.execute(sql.SQL(GIVE_TEMPLATE).format(sql.Identifier(bazaar.slug, "connectors_template")), [line, components])


def test_one_goes_when_its_time_has_come(bazaar: Bazaar) -> None:
    with bazaar.somebody() as ana:
        inbox = ana.log_in(ANA)
        phone = ana.open(f"/phone/{bazaar.phone}")
        ticket = conversation(bazaar, inbox, phone, "Petra Soon", "+55 31 98888-0334")
        soon = (now() + datetime.timedelta(seconds=3)).isoformat()
        made = bazaar.apis[ANA].post("schedules/", json={"ticket": ticket, "body": "Hello {{first_name}}, as promised.", "first_at": soon})
        assert made.status_code == 201, made.text
        expect(inbox.get_by_role("list", name="Waiting to be sent")).to_contain_text("as promised")

        expect(inbox.get_by_role("article").filter(has_text="Hello Petra, as promised.")).to_be_visible(timeout=60_000)
        expect(phone.get_by_role("log")).to_contain_text("Hello Petra, as promised.")
        expect(inbox.get_by_role("list", name="Waiting to be sent")).to_be_hidden()


def test_the_calendar_in_portuguese_on_a_phone_in_the_dark(bazaar: Bazaar, pictures: Path) -> None:
    contact = bazaar.rest(ANA, "contacts/?search=Marina")[0]["id"]
    line = next(one["id"] for one in bazaar.rest(ANA, "connections/") if one["provider"] == "simulator")
    for hours in (2, 30):
        at = (now() + datetime.timedelta(hours=hours)).isoformat()
        body = {"contact": contact, "connection": line, "body": "Até logo", "first_at": at, "repeats": "week"}
        assert bazaar.apis[ANA].post("schedules/", json=body).status_code == 201
    bazaar.apis[ANA].patch("auth/me/", json={"locale": "pt-br"})
    with bazaar.somebody(locale="pt-BR", color_scheme="dark", viewport=PHONE, has_touch=True, is_mobile=True) as ana:
        ana.log_in(ANA).wait_for_url("**/app/inbox")
        page = ana.visit("/schedules")
        turn_to(page, now() + datetime.timedelta(hours=2), "Próximo mês")
        expect(page.get_by_role("button", name="Marina").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        picture(page, pictures / "later-phone.png")
        words = words_on(page)
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        page.get_by_role("button", name="Marina").first.click()
        expect(page.get_by_role("dialog")).to_contain_text("Até logo")
        picture(page, pictures / "later-phone-one.png")
        page.get_by_role("button", name="Editar").click()
        expect(page.get_by_role("dialog", name="Alterar a mensagem agendada").get_by_label("Mensagem")).to_have_value("Até logo")
        picture(page, pictures / "later-phone-edit.png")
        words += words_on(page)

        assert (english_left_in(words), raw_keys_in(words), beyond) == (set(), [], 0)
