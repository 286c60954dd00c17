"""People come, forget their passwords and look after their logins: in real browsers, with a real mail server."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from accounts.tests.mail_server import MailServer, mail_server, text_of
from config.ground.stack import Stack
from config.tests.bazaar import SLUG, Bazaar
from config.tests.people import choose

ADMIN = f"admin@{SLUG}.test"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
FRESH, FRESHER = "fresh-horse-11", "fresher-horse-12"


@pytest.fixture
def post(stack: Stack) -> Iterator[MailServer]:
    with mail_server(stack.mail_port) as server:
        yield server


def link_to(bazaar: Bazaar, post: MailServer, address: str, *, nth: int = 1) -> str:
    """The link in the nth letter to this address, once it has come."""
    bazaar.stack.wait_until(lambda: len(post.to(address)) >= nth, seconds=60, what=f"letter {nth} to {address}")
    found = re.search(r"http\S+", text_of(post.to(address)[nth - 1]))
    assert found is not None
    return found[0]


def log_in(page: Page, email: str, password: str) -> None:
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_somebody_is_invited_joins_forgets_the_password_and_logs_in_again(bazaar: Bazaar, post: MailServer) -> None:
    with bazaar.somebody() as admin, bazaar.somebody() as dana:
        page = admin.log_in(ADMIN)
        expect(page.get_by_role("button", name="Account of Alice Admin")).to_be_visible()
        page = admin.visit("/settings/people")
        page.get_by_role("button", name="Invite").click()
        page.get_by_role("dialog").get_by_label("E-mail", exact=True).fill("dana@new.test")
        choose(page, "Queues", "Sales")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Send invitation").click()
        expect(page.get_by_text("good until")).to_be_visible()

        joining = dana.context.new_page()
        joining.goto(link_to(bazaar, post, "dana@new.test"))
        expect(joining.get_by_role("heading", name="Welcome to Bazaar")).to_be_visible()
        joining.get_by_label("Your name").fill("Dana Reis")
        joining.locator("input[name=new-password]").fill(FRESH)
        joining.get_by_role("button", name="Join").click()

        expect(joining.get_by_role("button", name="Account of Dana Reis")).to_be_visible()
        expect(page.get_by_role("button", name="Dana Reis")).to_contain_text("Sales")
        expect(page.get_by_text("open invitation")).to_be_hidden()

    with bazaar.somebody() as dana:
        page = dana.visit("/login")
        page.get_by_role("link", name="Forgot your password?").click()
        expect(page.get_by_role("heading", name="Forgot your password?")).to_be_visible()
        page.locator("input[name=email]").fill("dana@new.test")
        page.get_by_role("button", name="Send the link").click()
        expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
        page.goto(link_to(bazaar, post, "dana@new.test", nth=2))
        page.locator("input[name=new-password]").fill(FRESHER)
        page.get_by_role("button", name="Save the password").click()

        expect(page.get_by_role("status")).to_contain_text("Your new password is saved.")
        page.locator("input[name=password]").fill(FRESHER)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("button", name="Account of Dana Reis")).to_be_visible()


def test_a_link_that_was_used_says_so(bazaar: Bazaar, post: MailServer) -> None:
    with bazaar.somebody() as admin, bazaar.somebody() as eve:
        eve.forgives += ["status of 410", "status of 404"]
        page = admin.log_in(ADMIN)
        expect(page.get_by_role("button", name="Account of Alice Admin")).to_be_visible()
        page = admin.visit("/settings/people")
        page.get_by_role("button", name="Invite").click()
        page.get_by_role("dialog").get_by_label("E-mail", exact=True).fill("eve@new.test")
        page.get_by_role("button", name="Send invitation").click()
        link = link_to(bazaar, post, "eve@new.test")
        page.get_by_role("button", name="Withdraw").click()
        page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
        expect(page.get_by_text("eve@new.test", exact=True)).to_be_hidden()

        late = eve.context.new_page()
        late.goto(link)

        expect(late.get_by_role("heading", name="This invitation does not open")).to_be_visible()
        expect(late.get_by_text("This invitation was withdrawn.")).to_be_visible()


def test_a_login_elsewhere_is_ended_from_here(bazaar: Bazaar) -> None:
    bob = f"bob@{SLUG}.test"
    with bazaar.somebody() as here, bazaar.somebody(user_agent=CHROME) as elsewhere:
        elsewhere.forgives += ["status of 401", "WebSocket connection"]
        other = elsewhere.log_in(bob)
        expect(other.get_by_role("button", name="Account of Bob Santos")).to_be_visible()
        page = here.log_in(bob)
        expect(page.get_by_role("button", name="Account of Bob Santos")).to_be_visible()
        page = here.visit("/settings/security")
        expect(page.get_by_text("This device")).to_be_visible()

        page.get_by_role("button", name="Log out Chrome on Windows").first.click()

        expect(page.get_by_role("button", name="Log out Chrome on Windows")).to_be_hidden()
        elsewhere.visit("/inbox")
        expect(other.get_by_role("button", name="Log in")).to_be_visible()
