"""The emulated world as one JSON document, for its page and for curl."""

from itertools import islice
from typing import TYPE_CHECKING, Any

from connectors.emulators.cloud import numbers

if TYPE_CHECKING:
    from connectors.emulators.cloud.asgi import Emulator

Json = dict[str, Any]
MESSAGES_SHOWN = 60
DELIVERIES_SHOWN = 20


def state_of(emulator: "Emulator") -> Json:
    world = emulator.world
    newest = list(islice(reversed(world.messages.values()), MESSAGES_SHOWN))
    parcels = list(islice(reversed(emulator.courier.sent), DELIVERIES_SHOWN))
    return {
        "apps": [{"id": app.id, "secret": app.secret, "callback_url": app.callback_url} for app in world.apps.values()],
        "tokens": [{"value": token.value, "is_revoked": token.is_revoked} for token in world.tokens.values()],
        "accounts": [
            {
                "id": account.id,
                "name": account.name,
                "problem": account.problem,
                "daily_limit": account.portfolio.daily_limit,
                "is_subscribed": bool(account.subscriptions),
                "templates": [
                    {
                        "name": one.name,
                        "language": one.language,
                        "category": one.category,
                        "status": one.status,
                        "replies": _replies_of(one.components),
                    }
                    for one in account.templates.values()
                ],
            }
            for account in world.accounts.values()
        ],
        "numbers": [numbers.facts_of(number) | {"account": number.account.id} for number in world.numbers.values()],
        "customers": [
            {"wa_id": one.wa_id, "name": one.name, "is_reachable": one.is_reachable} for one in islice(world.customers.values(), 100)
        ],
        "messages": [
            {
                "id": record.wamid,
                "number": record.number_id,
                "who": record.who,
                "name": world.customers[record.who].name if record.who in world.customers else record.who,
                "is_ours": record.is_ours,
                "at": record.at,
                "document": record.document,
                "statuses": record.statuses,
            }
            for record in reversed(newest)
        ],
        "deliveries": [
            {"url": parcel.address.url, "attempts": parcel.attempts, "answer": parcel.answer, "changes": parcel.changes}
            for parcel in parcels
        ],
        "weather": vars(emulator.courier.weather),
        "waiting": emulator.courier.waiting,
    }


def _replies_of(components: list[Json]) -> list[str]:
    buttons = next((one.get("buttons", []) for one in components if one.get("type") == "BUTTONS"), [])
    return [button["text"] for button in buttons if button.get("type") == "QUICK_REPLY"]
