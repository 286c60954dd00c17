"""Deeds of Meta itself, by name: what it decides about tokens, numbers, accounts and templates, and how it misbehaves."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from connectors.emulators.cloud import orders, templates
from connectors.emulators.cloud.callbacks import set_app_callback
from connectors.emulators.cloud.deeds_of_customers import number_of
from connectors.emulators.cloud.names import fresh_token
from connectors.emulators.cloud.numbers import tier_of
from connectors.emulators.cloud.seeds import add_token
from connectors.emulators.cloud.weather import NAMED, weather_from
from connectors.emulators.cloud.world import Account, App, Template

if TYPE_CHECKING:
    from connectors.emulators.cloud.asgi import Emulator

Json = dict[str, Any]
RESTRICTIONS = {
    "send": "RESTRICTED_BIZ_INITIATED_MESSAGING",
    "answer": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING",
    "add_numbers": "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
}
MOST_TIMES = 10_000


def _app(emulator: "Emulator", data: Json) -> App:
    apps = emulator.world.apps
    return apps[str(data["app"])] if data.get("app") else next(iter(apps.values()))


def _account(emulator: "Emulator", data: Json) -> Account:
    accounts = emulator.world.accounts
    return accounts[str(data["account"])] if data.get("account") else next(iter(accounts.values()))


def _template(account: Account, data: Json) -> Template:
    for template in account.templates.values():
        if template.id == str(data.get("id")) or (template.name == data.get("name") and data.get("language") in (None, template.language)):
            return template
    raise KeyError(f"template {data.get('name') or data.get('id')}")


async def webhook(emulator: "Emulator", data: Json) -> Json:
    """The app's callback, as typed into its dashboard; proved by the handshake. `url`, `verify_token`, `app`."""
    app = _app(emulator, data)
    await set_app_callback(app, str(data["url"]), str(data.get("verify_token", "")))
    return {"app": app.id, "url": app.callback_url}


async def weather(emulator: "Emulator", data: Json) -> Json:
    """How webhooks come: `name` (fine, at_once, nasty) or any of Weather's settings (read_after_ms, duplicate_rate, shuffles, …)."""
    based_on = NAMED[data.pop("name")] if "name" in data else emulator.courier.weather
    emulator.courier.weather = weather_from(data, based_on=based_on)
    emulator.courier.wake()
    return vars(emulator.courier.weather)


async def fail(emulator: "Emulator", data: Json) -> Json:
    """What the next `times` calls get: `how` is refuse (`code`, `status`, `details`), answer (`status`, `body`), garble (taken, then
    no JSON), cut (taken, then cut off), silence (taken, then nothing), slow (`seconds`). `path`: only calls that end so."""
    how, path, times = data["how"], str(data.get("path", "")), int(data.get("times", 1))
    if not 1 <= times <= MOST_TIMES:
        raise ValueError(f"times: 1 to {MOST_TIMES}")
    seconds = float(data.get("seconds", 5))
    match how:
        case "refuse":
            order = orders.refuse(int(data["code"]), status=int(data.get("status", 0)), details=str(data.get("details", "")), path=path)
        case "answer":
            body = data.get("body", "<html>Bad Gateway</html>")
            order = orders.answer_with(int(data["status"]), body.encode() if isinstance(body, str) else body, path=path)
        case "garble":
            order = orders.take_and_garble(int(data.get("status", 200)))
        case "cut":
            order = orders.take_and_cut()
        case "silence":
            order = orders.take_and_be_silent(float(data.get("seconds", 60)))
        case "slow":
            order = orders.be_slow(seconds)
        case _:
            raise ValueError("how: refuse, answer, garble, cut, silence or slow")
    emulator.orders.extend([order] * times)
    return {"waiting": len(emulator.orders.waiting)}


async def hold(emulator: "Emulator", data: Json) -> Json:
    """`is_on`: calls are carried out, and answered only when it is off again."""
    emulator.is_answering = not bool(data["is_on"])
    return {}


async def clock(emulator: "Emulator", data: Json) -> Json:
    """Moves Meta's clock forward. `seconds`."""
    if float(data["seconds"]) < 0:
        raise ValueError("seconds: time goes forward only")
    emulator.world.ahead_seconds += float(data["seconds"])
    return {"ahead_seconds": emulator.world.ahead_seconds}


async def windows(emulator: "Emulator", data: Json) -> Json:
    """`is_strict`: whether free-form messages outside the 24 hours fail with 131047."""
    emulator.world.is_strict_about_windows = bool(data["is_strict"])
    return {}


async def token(emulator: "Emulator", data: Json) -> Json:
    """`value`; `is_revoked`, `expires_at` (seconds since 1970), `scopes`, `accounts`. One that does not exist is made."""
    value = str(data.get("value") or fresh_token())
    found = emulator.world.tokens.get(value) or add_token(emulator.world, value, app_id=_app(emulator, data).id)
    found.is_revoked = bool(data.get("is_revoked", found.is_revoked))
    found.expires_at = float(data.get("expires_at", found.expires_at))
    if "scopes" in data:
        found.scopes = frozenset(data["scopes"])
    if "accounts" in data:
        found.accounts = frozenset(data["accounts"]) if data["accounts"] is not None else None
    return {"value": found.value}


async def signup(emulator: "Emulator", data: Json) -> Json:
    """Somebody finishes Embedded Signup: the code that the app exchanges for a token, once. `app`, `accounts`."""
    code, value = fresh_token(), fresh_token()
    app = _app(emulator, data)
    found = add_token(emulator.world, value, app_id=app.id)
    if data.get("accounts"):
        found.accounts = frozenset(data["accounts"])
    app.codes[code] = value
    return {"code": code}


async def number(emulator: "Emulator", data: Json) -> Json:
    """What is true of a number: `number`, and any of `quality` (GREEN YELLOW RED), `status` (CONNECTED FLAGGED RESTRICTED BANNED
    DELETED), `problem` (an error code for every send), `messages_per_second`, `is_registered`, `is_verified`, `is_on_biz_app`,
    `test_recipients`."""
    found = number_of(emulator, data)
    for key in ("quality", "status", "verified_name"):
        if key in data:
            setattr(found, key, str(data[key]))
    for key in ("problem", "messages_per_second"):
        if key in data:
            setattr(found, key, int(data[key]))
    for key in ("is_registered", "is_verified", "is_on_biz_app"):
        if key in data:
            setattr(found, key, bool(data[key]))
    if "test_recipients" in data:
        found.test_recipients = frozenset(data["test_recipients"]) if data["test_recipients"] is not None else None
    if "quality" in data:
        event = {"RED": "FLAGGED", "YELLOW": "FLAGGED"}.get(found.quality, "UNFLAGGED")
        value = {"display_phone_number": found.digits, "event": event, "current_limit": tier_of(found)}
        emulator.courier.tell(found.account, "phone_number_quality_update", value, number=found)
    return {"number": found.id}


async def account(emulator: "Emulator", data: Json) -> Json:
    """What is true of an account: `account`, and any of `problem` (131031 locked, 131042 payment, 131064, 0 none), `calls_per_hour`,
    `daily_limit` (of its business), `reviews_templates`, `takes_marketing`, `template_limit`; `restrict`: send, answer, add_numbers."""
    found = _account(emulator, data)
    for key in ("problem", "calls_per_hour", "template_limit"):
        if key in data:
            setattr(found, key, int(data[key]))
    for key in ("reviews_templates", "takes_marketing"):
        if key in data:
            setattr(found, key, bool(data[key]))
    if "daily_limit" in data:
        found.portfolio.daily_limit = int(data["daily_limit"])
        value = {"max_daily_conversations_per_business": found.portfolio.daily_limit, "max_phone_numbers_per_business": 20}
        emulator.courier.tell(found, "business_capability_update", value)
    if "restrict" in data:
        until = int(emulator.world.now() + float(data.get("seconds", 86_400)))
        info = [{"restriction_type": RESTRICTIONS[data["restrict"]], "expiration": until}]
        emulator.courier.tell(found, "account_update", {"event": "ACCOUNT_RESTRICTION", "restriction_info": info})
    return {"account": found.id}


async def template(emulator: "Emulator", data: Json) -> Json:
    """Meta's word about a template: `id`, or `name` and `language`; `status` (APPROVED REJECTED PAUSED DISABLED FLAGGED REINSTATED …)
    with `reason`, `quality` (GREEN YELLOW RED), `category`."""
    owner = _account(emulator, data)
    found = _template(owner, data)
    about = {"message_template_id": int(found.id), "message_template_name": found.name, "message_template_language": found.language}
    if "status" in data:
        templates.decide(emulator.courier, owner, found, str(data["status"]).upper(), reason=str(data.get("reason", "NONE")))
    if "quality" in data:
        value = {"previous_quality_score": found.quality, "new_quality_score": str(data["quality"])}
        found.quality = str(data["quality"])
        emulator.courier.tell(owner, "message_template_quality_update", about | value)
    if "category" in data:
        value = {"previous_category": found.category, "new_category": str(data["category"])}
        found.previous_category, found.category = found.category, str(data["category"])
        emulator.courier.tell(owner, "template_category_update", about | value)
    return {"id": found.id, "status": found.status}


async def tell(emulator: "Emulator", data: Json) -> Json:
    """Any change at all, as it is: `field`, `value`; `number` to name one in its metadata, else `account`."""
    value = dict(data["value"])
    if data.get("number"):
        line = number_of(emulator, data)
        emulator.courier.tell(line.account, str(data["field"]), emulator.courier.value_of(line) | value, number=line)
    else:
        emulator.courier.tell(_account(emulator, data), str(data["field"]), value)
    return {}


DEEDS: dict[str, Callable[["Emulator", Json], Awaitable[Json]]] = {
    "webhook": webhook,
    "weather": weather,
    "fail": fail,
    "hold": hold,
    "clock": clock,
    "windows": windows,
    "token": token,
    "signup": signup,
    "number": number,
    "account": account,
    "template": template,
    "tell": tell,
}
