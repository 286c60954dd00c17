"""The emulated Meta that tests talk to: one app, three accounts, the numbers that connections of tests have."""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.emulators.cloud import seeds
from connectors.emulators.cloud.asgi import Emulator
from connectors.emulators.cloud.serving import serving
from connectors.emulators.cloud.weather import AT_ONCE
from connectors.emulators.cloud.world import World
from connectors.tests.calls import ACCOUNT_ID, NUMBER_ID

TOKEN = "graph-test-token"
APP_ID, APP_SECRET = "4001", "the app's secret"
NUMBERS = (("1055", "2055", "+1 555-0100"), (NUMBER_ID, ACCOUNT_ID, "+1 555-078-3881"), ("20660000000000", "2066", "+1 555-0200"))
MORE_NUMBERS = (("30990000000000", "2099", "+1 555-0300"),)
QUICK = 100_000


def meta_world() -> World:
    """Nothing is too fast, and every template of the tests exists."""
    world = World()
    seeds.add_app(world, APP_ID, APP_SECRET)
    seeds.add_token(world, TOKEN, app_id=APP_ID)
    for number_id, account_id, display in (*NUMBERS, *MORE_NUMBERS):
        account = seeds.add_account(world, account_id, name="Acme")
        seeds.add_number(world, account, number_id, display, messages_per_second=QUICK)
        two = [{"type": "BODY", "text": "Hello {{1}}, here is {{2}}."}]
        for name in ("news", "welcome", "promo2"):
            seeds.add_template(world, account, name, two)
        seeds.add_template(world, account, "promo", [{"type": "BODY", "text": "Olá {{1}}"}], language="pt_BR", category="MARKETING")
    return world


@contextmanager
def emulated_meta(port: int = 0) -> Iterator[Emulator]:
    with serving(meta_world(), port=port) as emulator:
        emulator.courier.weather = AT_ONCE
        yield emulator
