"""The company that real browsers visit: furnished as the demo is, beside acme and globex, so that no other test changes what they see."""

import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import psycopg
import requests
from playwright.sync_api import Browser, Page
from psycopg import sql

from config.demo import PASSWORD
from config.ground import frontend
from config.ground.stack import Stack
from config.ground.steps import FRONTEND, run_and_raise
from config.ground.testing import ROOT, TestGround
from config.tests.people import Person, person
from config.tests.showroom import APP_SECRET, PHONE_NUMBER_ID
from config.tests.visitors import Api
from connectors.providers.cloud_api.signing import HEADER, signature_of
from connectors.tests import calls

SLUG = "bazaar"
ANA, BOB, SUPERVISOR, ADMIN = (f"{name}@{SLUG}.test" for name in ("ana", "bob", "supervisor", "admin"))
_wamids = count(1)


@dataclass
class Bazaar:
    """`url` is its own host, `shared` everybody's; `somebody()` sits down at a browser. `webhook` is the address of its WhatsApp
    number, `phone` the connection that is a simulator."""

    stack: Stack
    somebody: Callable[..., AbstractContextManager[Person]]
    webhook: str
    phone: int
    slug: str = SLUG
    apis: dict[str, Api] = field(default_factory=dict)

    @property
    def shared(self) -> str:
        return f"http://localhost:{self.stack.port}"

    def rest(self, email: str, path: str) -> list[dict[str, Any]]:
        """A list, as the API gives it to this person."""
        if email not in self.apis:
            self.apis[email] = Api(self.stack.url, f"{self.slug}.localhost:{self.stack.port}")
            self.apis[email].log_in(email, PASSWORD)
        return self.apis[email].read(path)["results"]

    def whatsapp(self, name: str, number: str, text: str) -> None:
        """Meta's servers tell us, signed, what somebody wrote."""
        item = calls.message(id=f"wamid.BAZAAR{next(_wamids)}", text={"body": text}) | {"from": number, "timestamp": str(int(time.time()))}
        body = calls.messages(item, contacts=[{"profile": {"name": name}, "wa_id": number}], number=PHONE_NUMBER_ID)
        answer = requests.post(self.webhook, data=body, headers={HEADER: signature_of(body, APP_SECRET)}, timeout=10)
        assert answer.status_code == 200, answer.text


def found_bazaar(stack: Stack, slug: str = SLUG, *, zone: str = "UTC", phone_number_id: str = PHONE_NUMBER_ID) -> dict[str, Any]:
    """The company, and where its lines are reached. A Graph API must be there to answer for its WhatsApp number."""
    program = [sys.executable, "-m", "config.tests.showroom", slug, zone, phone_number_id]
    made = subprocess.run(program, cwd=ROOT, env=stack.env, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr[-4000:]
    return json.loads(made.stdout.splitlines()[-1])


def bazaar_in(stack: Stack, browser: Browser, facts: dict[str, Any], slug: str = SLUG) -> Bazaar:
    """With everybody speaking English again, whatever language an earlier story chose."""
    with psycopg.connect(stack.database_url) as database:
        database.execute(sql.SQL("UPDATE {} SET locale = 'en'").format(sql.Identifier(slug, "accounts_user")))
    return Bazaar(stack, partial(person, browser, f"http://{slug}.localhost:{stack.port}"), slug=slug, **facts)


def build_spa(ground: TestGround) -> bool:
    """The SPA is built from what lies in frontend/. Whether there was anything to do."""
    stamp = FRONTEND / "dist" / ".recado-stamp"
    with open(ground.home / "spa.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = stamp.read_text() if stamp.exists() else ""
        frontend.install_packages(run_and_raise, FRONTEND)
        frontend.build(run_and_raise, FRONTEND)
        return stamp.read_text() != before


def wizard_step(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Steps of the campaign").get_by_role("button", name=name).click()


def start_now(page: Page) -> None:
    """From any step of the wizard."""
    wizard_step(page, "Review")
    page.get_by_role("button", name="Start now").click()
    page.get_by_role("dialog").get_by_role("button", name="Start now").click()


def play(page: Page, name: str, text: str, *, number: str = "") -> None:
    """On the simulator's phone: a new customer writes for the first time."""
    page.get_by_role("button", name="Add a customer").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    if number:
        dialog.get_by_label("Phone number").fill(number)
    dialog.get_by_role("button", name="Add").click()
    say(page, text)


def say(page: Page, text: str) -> None:
    """As the customer whose phone is shown."""
    page.get_by_placeholder("Message").fill(text)
    page.get_by_role("button", name="Send").click()


def answer(page: Page, text: str) -> None:
    """As the agent whose conversation is open."""
    page.get_by_placeholder("Write a message").fill(text)
    page.get_by_placeholder("Write a message").press("Enter")


def make_note(page: Page, text: str) -> None:
    page.get_by_text("Internal note", exact=True).first.click()
    page.get_by_placeholder("Only your team sees this").fill(text)
    page.get_by_role("button", name="Add note").click()
