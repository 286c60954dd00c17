"""An admin brings WhatsApp numbers to Recado in a browser: by the own app's credentials, by a code and a PIN, by Meta's sign-up; writes a
template, sees Meta approve it, and sends it where only a template may go."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from django.conf import settings
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from config.ground.stack import Stack
from config.ground.testing import TestGround
from config.tests.bazaar import ADMIN, Bazaar, bazaar_in
from config.tests.chromium import open_browser
from config.tests.people import PHONE, Person, bubble, choose, picture
from connectors.emulators.cloud import seeds
from connectors.emulators.cloud.asgi import Emulator
from connectors.emulators.cloud.world import Account
from connectors.tests.samples import picture as picture_file

APP, SECRET, TOKEN = "4900", "the shop's own secret", "EAAGshopToken"
ACCOUNT, NUMBER, NEW_NUMBER, LENT_ACCOUNT, LENT_NUMBER = (
    "29000000000001",
    "29100000000001",
    "29100000000002",
    "29000000000002",
    "29100000000003",
)
PIN = "314159"
NEWCOMER = "+55 11 98888-4100"
REFUSED = "status of 400"
PHOTO = FilePayload(name="armchair.jpg", mimeType="image/jpeg", buffer=picture_file("JPEG", size=(640, 480)))


@pytest.fixture(scope="module")
def shop(_graph: Emulator) -> Account:
    """Meta's side: an account with a number that works and one that nobody has proved yet, and one that is lent by sign-up."""
    world = _graph.world
    seeds.add_app(world, APP, SECRET)
    seeds.add_token(world, TOKEN, app_id=APP).accounts = frozenset({ACCOUNT})
    account = seeds.add_account(world, ACCOUNT, name="Corner Shop")
    account.reviews_templates = True
    seeds.add_number(world, account, NUMBER, "+55 11 5550-4100", name="Corner Shop")
    fresh = seeds.add_number(world, account, NEW_NUMBER, "+55 11 5550-4200", name="Corner Shop, new")
    fresh.is_registered = fresh.is_verified = False
    fresh.pin = ""
    seeds.add_app(world, settings.META_APP_ID, settings.META_APP_SECRET)
    lent = seeds.add_account(world, LENT_ACCOUNT, name="Lent Shop")
    seeds.add_number(world, lent, LENT_NUMBER, "+55 11 5550-4300", name="Lent Shop")
    return account


@pytest.fixture(scope="module")
def _browser(_facts: dict[str, Any], ground: TestGround) -> Iterator[Browser]:
    with open_browser(ground.home) as browser:
        yield browser


@pytest.fixture
def bazaar(_facts: dict[str, Any], _browser: Browser, stack: Stack) -> Bazaar:
    return bazaar_in(stack, _browser, _facts)


def deed(graph: Emulator, name: str, /, **data: Any) -> dict[str, Any]:
    answer = requests.post(f"{graph.url}/emulator/{name}", json=data, timeout=20)
    assert answer.ok, answer.text
    return answer.json()


def enter(page: Page, **values: str) -> None:
    labels = {
        "name": "What you call it",
        "account": "WhatsApp Business account ID",
        "token": "Access token",
        "number": "Phone number ID",
        "secret": "App secret",
    }
    for field, value in values.items():
        page.get_by_label(labels[field], exact=True).fill(value)


def at_work(admin: Person) -> Page:
    page = admin.log_in(ADMIN)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    return page


def own_app(page: Page) -> None:
    way = page.get_by_role("button", name="Use my own Meta app")
    expect(way).to_be_visible()
    way.click()


def connect_number(page: Page, number: str, *, name: str) -> None:
    """From the list of connections to the last step of linking."""
    page.goto("/app/connections/new")
    own_app(page)
    enter(page, name=name, account=ACCOUNT, token=TOKEN, number=number, secret=SECRET)
    page.get_by_role("button", name="Save and connect").click()


def test_a_number_is_linked_and_a_template_goes_from_the_first_word_to_a_customer(
    bazaar: Bazaar, shop: Account, _graph: Emulator, pictures: Path
) -> None:
    with bazaar.somebody() as admin:
        admin.forgives.append(REFUSED)  # the wrong token's, and Meta's rules while the template is typed
        page = at_work(admin)
        link_with_a_wrong_token_first(page, pictures)
        tell_meta_the_webhook(page, _graph)
        page.get_by_role("link", name="To the connection").click()
        expect(page.get_by_text("All is well")).to_be_visible()
        picture(page, pictures / "cloud-connection.png")
        page.goto(page.url + "/templates")
        write_template(page, pictures)
        see_meta_approve(page, _graph, pictures)
        send_it_to_somebody_new(admin, _graph, pictures)
        change_and_delete(page, _graph)


def link_with_a_wrong_token_first(page: Page, pictures: Path) -> None:
    page.goto("/app/connections/new")
    own_app(page)
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_text("Fill this in first.").first).to_be_visible()
    enter(page, name="Corner shop", account=ACCOUNT, token="EAAGwrong", number=NUMBER, secret=SECRET)
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_text("Meta no longer accepts the access token", exact=False)).to_be_visible()
    picture(page, pictures / "cloud-wrong-token.png")
    enter(page, token=TOKEN)
    page.get_by_role("button", name="List my numbers").click()
    page.get_by_role("group", name="Your numbers").get_by_role("button").filter(has_text="5550-4100").click()
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_text("Meta takes the token, the account and the number.")).to_be_visible()
    picture(page, pictures / "cloud-good-token.png")
    page.get_by_role("button", name="Save and connect").click()
    expect(page.get_by_role("heading", name="Connected", exact=True)).to_be_visible()


def tell_meta_the_webhook(page: Page, graph: Emulator) -> None:
    """As the admin pastes both into Meta's dashboard, which tries them at once."""
    said = {name: page.get_by_label(name, exact=True).input_value() for name in ("Callback URL", "Verify token")}
    deed(graph, "webhook", app=APP, url=said["Callback URL"], verify_token=said["Verify token"])


def write_template(page: Page, pictures: Path) -> None:
    page.get_by_role("link", name="New template").first.click()
    page.get_by_label("Name", exact=True).fill("Order Ready")
    choose(page, "Language", "English")
    choose(page, "Header", "Image")
    give_sample(page)
    page.get_by_label("Text", exact=True).fill("{{1}}, your order is ready.")
    page.get_by_label("Example for {{1}}").fill("Ana")
    expect(page.get_by_text("may not begin or end", exact=False).nth(1)).to_be_visible()  # a rule of Meta's, told before it is handed in
    picture(page, pictures / "cloud-template-rule.png")
    page.get_by_label("Text", exact=True).fill("Hello {{1}}, your order is ready.")
    expect(page.get_by_text("Nothing to object by Meta's written rules.")).to_be_visible()
    expect(page.get_by_text("Hello Ana, your order is ready.")).to_be_visible()
    picture(page, pictures / "cloud-template-good.png")
    page.get_by_role("button", name="Hand in for review").click()
    line = page.get_by_role("listitem").filter(has_text="order_ready")
    expect(line).to_contain_text("Under review")


def give_sample(page: Page) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload a sample").click()
    chooser.value.set_files(PHOTO)
    expect(page.get_by_role("button", name="Another sample")).to_be_visible()


def see_meta_approve(page: Page, graph: Emulator, pictures: Path) -> None:
    deed(graph, "template", account=ACCOUNT, name="order_ready", status="APPROVED")
    line = page.get_by_role("listitem").filter(has_text="order_ready")
    expect(line).to_contain_text("Approved")
    picture(page, pictures / "cloud-templates.png")


def send_it_to_somebody_new(admin: Person, graph: Emulator, pictures: Path) -> None:
    """Who has never written gets nothing but a template; with a picture of its own."""
    page = admin.open("/inbox")
    page.get_by_role("button", name="New conversation").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Number", exact=True).click()
    dialog.get_by_label("Phone number").fill(NEWCOMER)
    dialog.get_by_label("Name", exact=True).fill("Nina New")
    choose(page, "Send from", "Corner shop")
    dialog.get_by_role("button", name="Start").click()
    expect(page.get_by_text("WhatsApp only takes a template now", exact=False)).to_be_visible()
    expect(page.get_by_placeholder("Write a message")).to_have_count(0)
    page.get_by_role("button", name="Send a template").click()
    dialog = page.get_by_role("dialog")
    choose(page, "Template", "order_ready")
    expect(dialog.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(PHOTO)
    dialog.get_by_label("Value of {{1}}").fill("Nina")
    picture(page, pictures / "cloud-template-send.png")
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(bubble(page, "Hello Nina, your order is ready.").get_by_label("Read")).to_be_visible()
    picture(page, pictures / "cloud-template-sent.png")
    (shown,) = [record.document for record in graph.world.messages.values() if record.is_ours and record.who == digits(NEWCOMER)]
    header, body = shown["template"]["components"]
    assert (shown["type"], shown["template"]["name"], body["parameters"]) == ("template", "order_ready", [{"type": "text", "text": "Nina"}])
    assert graph.world.files[header["parameters"][0]["image"]["id"]].content == PHOTO["buffer"]
    page.close()


def digits(number: str) -> str:
    return "".join(filter(str.isdecimal, number))


def change_and_delete(page: Page, graph: Emulator) -> None:
    page.get_by_role("listitem").filter(has_text="order_ready").get_by_role("button").first.click()
    page.get_by_label("Footer", exact=True).fill("Corner Shop")
    give_sample(page)
    page.get_by_role("button", name="Hand in again").click()
    line = page.get_by_role("listitem").filter(has_text="order_ready")
    expect(line).to_contain_text("Under review")
    deed(graph, "template", account=ACCOUNT, name="order_ready", status="REJECTED", reason="PROMOTIONAL")
    expect(line).to_contain_text("Rejected")
    line.get_by_role("button", name="Actions for order_ready").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(line).to_have_count(0)
    assert "order_ready" not in {template.name for template in graph.world.accounts[ACCOUNT].templates.values()}


def test_a_number_that_nobody_has_proved_is_verified_by_a_code_and_registered_with_a_pin(
    bazaar: Bazaar, shop: Account, _graph: Emulator, pictures: Path
) -> None:
    with bazaar.somebody(viewport=PHONE) as admin:
        admin.forgives.append(REFUSED)  # the wrong code's
        page = at_work(admin)
        connect_number(page, NEW_NUMBER, name="New number")
        expect(page.get_by_role("heading", name="Not connected yet")).to_be_visible()
        page.get_by_role("button", name="Send the code").click()
        page.get_by_label("Code", exact=True).fill("000000")
        page.get_by_role("button", name="Verify").click()
        expect(page.get_by_text("invalid or has expired", exact=False)).to_be_visible()
        picture(page, pictures / "cloud-phone-code.png")
        page.get_by_label("Code", exact=True).fill(_graph.world.numbers[NEW_NUMBER].code)
        page.get_by_role("button", name="Verify").click()
        page.get_by_label("PIN of six digits").fill(PIN)
        page.get_by_role("button", name="Register and connect").click()
        expect(page.get_by_role("heading", name="Connected", exact=True)).to_be_visible()
        picture(page, pictures / "cloud-phone-registered.png")

    number = _graph.world.numbers[NEW_NUMBER]
    assert (number.is_registered, number.pin) == (True, PIN)


def test_meta_s_sign_up_brings_the_numbers_that_were_shared(bazaar: Bazaar, shop: Account, _graph: Emulator, pictures: Path) -> None:
    def as_meta_does(route: Route) -> None:
        """The dialog, which only a real account can see: the person agrees, and is sent back with a code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(route.request.url).query).items()}
        code = deed(_graph, "signup", app=settings.META_APP_ID, accounts=[LENT_ACCOUNT])["code"]
        route.fulfill(status=302, headers={"Location": f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"})

    with bazaar.somebody() as admin:
        page = at_work(admin)
        admin.context.route("https://www.facebook.com/**", as_meta_does)
        page.goto("/app/connections/new")
        picture(page, pictures / "cloud-gateways.png")
        page.get_by_role("button", name="Continue with Meta").click()
        expect(page.get_by_text("1 number is linked")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text="Lent Shop")).to_contain_text("Connected")
        picture(page, pictures / "cloud-signup.png")
        page.goto("/app/connections/signup?error=access_denied")
        expect(page.get_by_text("Nothing was linked.", exact=False)).to_be_visible()
