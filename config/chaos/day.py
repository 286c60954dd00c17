"""What goes on at the company while something breaks: a campaign, customers who write, an agent who answers them.

Everything that people do goes over HTTP and is repeated until it is answered, as browsers and scripts do it.
"""

import itertools
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from accounts.models import User
from campaigns.models import Campaign
from connectors.emulators.cloud import customers, orders, seeds
from connectors.emulators.cloud.asgi import Emulator
from connectors.emulators.cloud.orders import Order
from connectors.emulators.cloud.weather import Weather
from connectors.emulators.cloud.world import Number, World
from connectors.models import Connection, Template
from connectors.services.connections import connect, create_connection
from connectors.services.links import webhook_url_of
from contacts.models import Address, Contact, ContactList

TOKEN, APP_ID, APP_SECRET = "chaos-token", "4001", "the app's secret"
NUMBER_ID, ACCOUNT_ID = "1055", "2055"
PARALLEL, RATE = 16, 150
RECIPIENTS, CUSTOMERS, SAID_EACH = 90, 6, 2
BUSY, THROTTLED = 131016, 130429
PATIENCE_SECONDS = 60.0
CALL_SECONDS = 10.0
AGAIN_SECONDS = 0.1
# Late, twice, shuffled, batched; and again soon, because the web process will be killed.
WEATHER = Weather(
    sent_after_ms=20, delivered_after_ms=60, read_after_ms=120, lateness_ms=300, duplicate_rate=0.3, shuffles=True, batch_most=20,
    retry_after_ms=100, longest_pause_ms=1000,
)  # fmt: skip

_numbers = itertools.count(1)


def meta_world() -> World:
    world = World()
    seeds.add_app(world, APP_ID, APP_SECRET)
    seeds.add_token(world, TOKEN, app_id=APP_ID)
    account = seeds.add_account(world, ACCOUNT_ID, name="Chaos")
    seeds.add_number(world, account, NUMBER_ID, "+1 555-0100", messages_per_second=10_000)
    seeds.add_template(world, account, "news", [{"type": "BODY", "text": "Hello {{1}}, here is {{2}}."}])
    return world


@dataclass
class Company:
    """Who is there all the time."""

    url: str
    host: str
    email: str
    password: str
    graph: Emulator
    line: Connection
    number: Number
    token: str = ""

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        """Repeated until somebody answers, with something else than a 5xx or "later"."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            headers = {"Host": self.host} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
            try:
                answer = requests.request(method, f"{self.url}/api/v1/{path}", json=body, headers=headers, timeout=CALL_SECONDS)
                if answer.status_code == 401 and self.token:
                    self.token = ""
                    self.log_in()
                    continue
                if answer.status_code < 500 and answer.status_code != 429:
                    return answer
            except requests.RequestException:
                pass
            assert time.monotonic() < end, f"nobody answered {path}"
            time.sleep(AGAIN_SECONDS)

    def log_in(self) -> None:
        answer = self.call("POST", "auth/login/", {"email": self.email, "password": self.password})
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access"]


@dataclass
class Day:
    """One round: what was asked for, to be held against what the gateway and the database say afterwards."""

    company: Company
    dice: random.Random
    campaign: Campaign
    recipients: list[str]
    customers: list[str]
    said: dict[str, str] = field(default_factory=dict)  # wamid → number
    answers: dict[int, str] = field(default_factory=dict)  # message → number
    troubles: list[str] = field(default_factory=list)
    given_up: set[str] = field(default_factory=set)  # settled as unknown while who had them stood still: not to be sent any more
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """All at the same time, in threads of their own."""
        for work in (self._start_campaign, self._let_customers_write, self._answer_customers):
            thread = threading.Thread(target=self._noting_trouble, args=(work,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def is_said(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _noting_trouble(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self.troubles.append(f"{work.__name__.strip('_')}: {error}"[:500])

    def _start_campaign(self) -> None:
        answer = self.company.call("POST", f"campaigns/{self.campaign.pk}/start/", {})
        # 409: started the first time, and the web process died before it could say so.
        assert answer.status_code in (200, 409), answer.text

    def _let_customers_write(self) -> None:
        graph = self.company.graph
        for turn in range(SAID_EACH):
            for number in self.customers:
                person = graph.world.customer(number.lstrip("+"))
                wamid = customers.says(graph.world, graph.courier, self.company.number, person, "text", {"body": f"Question {turn}"})
                self.said[wamid] = number
                time.sleep(self.dice.uniform(0, 0.08))

    def _answer_customers(self) -> None:
        for number in self.customers:
            ticket = self._ticket_of(number)
            body = {"body": f"An answer for {number}", "client_key": f"answer {number}"}
            answer = self.company.call("POST", f"tickets/{ticket}/messages/", body)
            assert answer.status_code in (200, 201), answer.text
            self.answers[answer.json()["id"]] = number

    def _ticket_of(self, number: str) -> int:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            answer = self.company.call("GET", f"tickets/?search={number.lstrip('+')}")
            assert answer.status_code == 200, answer.text
            if answer.json()["results"]:
                return int(answer.json()["results"][0]["id"])
            time.sleep(AGAIN_SECONDS)
        raise AssertionError(f"no ticket of {number}")


def settle_in(url: str, host: str, email: str, password: str, graph: Emulator) -> Company:
    """The company's number, linked to the emulated Meta. In the company that is entered."""
    boss = User.objects.get(email=email)
    credentials = {"phone_number_id": NUMBER_ID, "access_token": TOKEN, "app_secret": APP_SECRET, "verify_token": "vt"}
    pace = {"messages_per_second": RATE, "parallel_sends": PARALLEL}
    line = connect(create_connection(name="Chaos", provider="cloud_api", credentials=credentials, settings=pace, by=boss), by=boss)
    components = [{"type": "BODY", "text": "Hello {{1}}, here is {{2}}."}]
    Template.objects.create(connection=line, name="news", language="en", status="APPROVED", components=components)
    number = graph.world.numbers[NUMBER_ID]
    number.callback_url = webhook_url_of(line)
    number.account.subscriptions[APP_ID] = ("", "")
    graph.courier.weather = WEATHER
    company = Company(url, host, email, password, graph, line, number)
    company.log_in()
    return company


def plan_day(company: Company, dice: random.Random) -> Day:
    """A campaign to people who were never written to, and customers whom nobody knows. The gateway has a bad day as well."""
    recipients = [f"+55119{next(_numbers):08d}" for _ in range(RECIPIENTS)]
    contacts = Contact.objects.bulk_create([Contact(name=f"Person {number[-4:]}", phone=number) for number in recipients])
    Address.objects.bulk_create([Address(contact=contact, kind="phone", value=contact.phone) for contact in contacts])
    people = ContactList.objects.create(name=f"Round {contacts[0].pk}")
    people.contacts.set(contacts)
    campaign = Campaign.objects.create(
        name=people.name,
        connection=company.line,
        template=company.line.templates.get(),
        variables={"1": "{{first_name|there}}", "2": "news"},
    )
    campaign.lists.add(people)
    company.graph.orders.extend(storm(dice))
    return Day(company, dice, campaign, recipients, [f"+55219{next(_numbers):08d}" for _ in range(CUSTOMERS)])


def storm(dice: random.Random) -> list[Order]:
    """What a gateway does on a bad day. Only `BUSY` and the throttle are not carried out: both are tried again."""
    deeds = [orders.take_and_cut(), orders.take_and_garble(), orders.refuse(BUSY, path="messages"), *[orders.be_slow(0.2)] * 4]
    if dice.random() < 0.3:
        deeds.append(orders.refuse(THROTTLED, path="messages"))
    dice.shuffle(deeds)
    return deeds
