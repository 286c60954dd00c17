"""Worlds to begin with."""

from typing import Any

from connectors.emulators.cloud.names import fresh_id
from connectors.emulators.cloud.world import SCOPES, UNLIMITED, Account, App, Number, Portfolio, Template, Token, World

Json = dict[str, Any]
APP_ID, APP_SECRET = "100200300400500", "emulated-app-secret"
ACCESS_TOKEN = "EAAGemulatedSystemUserToken"
ACCOUNT_ID, OTHER_ACCOUNT_ID = "102290129340398", "102290129340399"
NUMBER_ID, SECOND_NUMBER_ID, OTHER_NUMBER_ID = "106540352242922", "106540352242923", "106540352242924"
TEMPLATES: tuple[tuple[str, str, str, list[Json]], ...] = (
    ("hello_world", "en_US", "UTILITY", [{"type": "BODY", "text": "Welcome and congratulations! This message demonstrates a template."}]),
    (
        "order_update",
        "pt_BR",
        "UTILITY",
        [
            {"type": "HEADER", "format": "TEXT", "text": "Pedido {{1}}", "example": {"header_text": ["123"]}},
            {"type": "BODY", "text": "Olá {{1}}, o seu pedido sai em {{2}} dias.", "example": {"body_text": [["Ana", "2"]]}},
            {"type": "FOOTER", "text": "Loja do Emulador"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "URL", "text": "Acompanhar", "url": "https://example.com/p/{{1}}", "example": ["https://example.com/p/1"]},
                    {"type": "QUICK_REPLY", "text": "Falar com alguém"},
                ],
            },
        ],
    ),
    (
        "summer_offer",
        "en",
        "MARKETING",
        [
            {"type": "BODY", "text": "Hi {{1}}, this week everything costs {{2}} less.", "example": {"body_text": [["Ana", "10%"]]}},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop promotions"}]},
        ],
    ),
    ("login_code", "pt_BR", "AUTHENTICATION", [{"type": "BODY", "text": "{{1}} é o seu código de verificação."}]),
)


def empty_world() -> World:
    return World()


def add_app(world: World, app_id: str = APP_ID, secret: str = APP_SECRET) -> App:
    return world.apps.setdefault(app_id, App(app_id, secret))


def add_token(world: World, value: str = ACCESS_TOKEN, *, app_id: str = APP_ID, scopes: frozenset[str] = SCOPES) -> Token:
    token = world.tokens[value] = Token(value, app_id, scopes)
    return token


def add_account(world: World, account_id: str = ACCOUNT_ID, *, name: str = "Emulated Shop", daily_limit: int = UNLIMITED) -> Account:
    account = world.accounts[account_id] = Account(account_id, name, Portfolio(f"9{account_id}", daily_limit))
    return account


def add_number(world: World, account: Account, number_id: str, display: str, *, messages_per_second: int = 80, name: str = "") -> Number:
    number = world.numbers[number_id] = Number(number_id, account, display, name or account.name, messages_per_second=messages_per_second)
    return number


def add_template(
    world: World,
    account: Account,
    name: str,
    components: list[Json],
    *,
    language: str = "en",
    category: str = "UTILITY",
    status: str = "APPROVED",
    parameter_format: str = "POSITIONAL",
) -> Template:
    template = Template(fresh_id(), name, language, category, components, status, parameter_format, created_at=world.now())
    account.templates[template.id] = template
    return template


def shop_world() -> World:
    """One app with its token; a business with two accounts: two numbers and one, and a few approved templates."""
    world = World()
    add_app(world)
    add_token(world)
    shop = add_account(world, name="Emulated Shop", daily_limit=2000)
    add_number(world, shop, NUMBER_ID, "+55 11 5550-1000", name="Emulated Shop")
    add_number(world, shop, SECOND_NUMBER_ID, "+55 11 5550-2000", name="Emulated Shop, support")
    other = add_account(world, OTHER_ACCOUNT_ID, name="Emulated Clinic")
    other.portfolio = shop.portfolio
    add_number(world, other, OTHER_NUMBER_ID, "+1 555-078-3881", name="Emulated Clinic")
    for account in (shop, other):
        for name, language, category, components in TEMPLATES:
            add_template(world, account, name, components, language=language, category=category)
    for digits, person in (("5511987654321", "Ana Souza"), ("5521998765432", "Bruno Lima"), ("15550001111", "Chris Miller")):
        world.customer(digits).name = person
    return world
