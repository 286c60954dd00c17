"""WhatsApp Business Accounts: their numbers and who hears of them; apps, tokens and Embedded Signup's code.

https://developers.facebook.com/docs/whatsapp/embedded-signup
"""

from typing import Any

from connectors.emulators.cloud import numbers
from connectors.emulators.cloud.calls import Call
from connectors.emulators.cloud.names import fresh_id
from connectors.emulators.cloud.refusals import Refusal, invalid
from connectors.emulators.cloud.world import Account, App, Number, Token, World

Json = dict[str, Any]
MOST_NUMBERS = 20
NUMBER_FIELDS = ("verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type", "throughput", "id")


def read(account: Account, call: Call) -> Json:
    facts = {
        "id": account.id,
        "name": account.name,
        "currency": "USD",
        "timezone_id": "1",
        "message_template_namespace": f"ns_{account.id}",
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "country": "BR",
        "ownership_type": "SELF",
    }
    asked = [name for name in call.query.get("fields", "id,name,currency,timezone_id,message_template_namespace").split(",") if name]
    unknown = [name for name in asked if name not in facts]
    if unknown:
        raise invalid(f"Tried accessing nonexisting field ({unknown[0]}) on node type (WhatsAppBusinessAccount)")
    return {name: facts[name] for name in dict.fromkeys(("id", *asked))}


def page_of(items: list[Json], call: Call, path: str) -> Json:
    """By cursor. `next` carries the token in its address, as Graph's does: a client that logs it has leaked it."""
    limit = call.query.get("limit", "25")
    after, before = call.query.get("after", ""), call.query.get("before", "")
    if not limit.isdecimal() or not int(limit):
        raise invalid("Param limit must be a positive integer.")
    if after and not after.isdecimal():
        raise invalid("Invalid cursor")
    start = int(after) if after else max(int(before or 0) - int(limit), 0)
    some = items[start : start + int(limit)]
    answer: Json = {"data": some}
    if some:
        end = start + len(some)
        answer["paging"] = {"cursors": {"before": str(start), "after": str(end)}}
        secret = call.token.value if call.token else ""
        kept = "".join(f"&{key}={value}" for key, value in call.query.items() if key in ("fields", "limit", "name", "status"))
        if end < len(items):
            answer["paging"]["next"] = f"{call.base_url}/v23.0/{path}?access_token={secret}{kept}&after={end}"
    return answer


def list_numbers(world: World, account: Account, call: Call) -> Json:
    asked = [name for name in call.query.get("fields", ",".join(NUMBER_FIELDS)).split(",") if name]
    items = []
    for number in world.numbers.values():
        if number.account is account:
            facts = numbers.facts_of(number)
            unknown = [name for name in asked if name not in facts]
            if unknown:
                raise invalid(f"Tried accessing nonexisting field ({unknown[0]}) on node type (WhatsAppBusinessPhoneNumber)")
            items.append({name: facts[name] for name in dict.fromkeys((*asked, "id"))})
    return page_of(items, call, f"{account.id}/phone_numbers")


def add_number(world: World, account: Account, call: Call) -> Json:
    code, rest, name = str(call.required("cc")), str(call.required("phone_number")), str(call.required("verified_name"))
    digits = code + rest.removeprefix("+").removeprefix(code)
    if not digits.isdecimal() or not 7 <= len(digits) <= 15:
        raise invalid("Invalid parameter: phone_number must be in E.164 format")
    if any(number.digits == digits for number in world.numbers.values()):
        words = "Phone number is already registered with WhatsApp Business"
        raise Refusal(100, message=words, status=409, kind="GraphMethodException")
    if sum(number.account is account for number in world.numbers.values()) >= MOST_NUMBERS:
        raise Refusal(200, message="Phone number limit exceeded for this WhatsApp Business Account", subcode=1349175)
    number = Number(fresh_id(), account, f"+{digits}", name, is_registered=False, is_verified=False, pin="", quality="UNKNOWN")
    world.numbers[number.id] = number
    return {"id": number.id}


def subscribe(account: Account, app: App, override: str, verify_token: str) -> Json:
    account.subscriptions[app.id] = (override, verify_token)
    answer: Json = {"success": True}
    if override:
        answer["data"] = [_subscription(app, override)]
    return answer


def list_subscriptions(world: World, account: Account) -> Json:
    return {"data": [_subscription(world.apps[app_id], override) for app_id, (override, _) in account.subscriptions.items()]}


def unsubscribe(account: Account, app: App) -> Json:
    if app.id not in account.subscriptions:
        words = "WhatsApp Business Account not found or not subscribed"
        raise Refusal(803, message=words, status=404, kind="GraphMethodException")
    del account.subscriptions[app.id]
    return {"success": True}


def _subscription(app: App, override: str) -> Json:
    link = f"https://www.facebook.com/games/?app_id={app.id}"
    item: Json = {"whatsapp_business_api_data": {"id": app.id, "name": app.name, "link": link}}
    return item | {"override_callback_uri": override} if override else item


# --- tokens ---------------------------------------------------------------------------------------------------------------------------


def exchange_code(world: World, call: Call) -> Json:
    """Embedded Signup's code, once; or `client_credentials`, for the app's own token."""
    app = world.apps.get(str(call.required("client_id")))
    if app is None or call.required("client_secret") != app.secret:
        raise Refusal(1, message="Error validating client secret.", status=400)
    if call.parameters.get("grant_type") == "client_credentials":
        return {"access_token": f"{app.id}|{app.secret}", "token_type": "bearer"}
    value = app.codes.pop(str(call.required("code")), None)
    if value is None:
        raise Refusal(100, message="This authorization code has been used or has expired.", subcode=36009)
    return {"access_token": value, "token_type": "bearer"}


def debug_token(world: World, call: Call) -> Json:
    value = str(call.required("input_token"))
    token = world.tokens.get(value)
    if token is None:
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    is_valid = is_good(world, token)
    data: Json = {
        "app_id": token.app_id,
        "type": "SYSTEM_USER",
        "application": world.apps[token.app_id].name,
        "expires_at": int(token.expires_at),
        "is_valid": is_valid,
        "scopes": sorted(token.scopes),
        "granular_scopes": [{"scope": scope, "target_ids": sorted(token.accounts or world.accounts)} for scope in sorted(token.scopes)],
    }
    if not is_valid:
        data["error"] = {"code": 190, "message": "The session is invalid because the user logged out.", "subcode": 467}
    return {"data": data}


def is_good(world: World, token: Token) -> bool:
    return not token.is_revoked and not (token.expires_at and world.now() >= token.expires_at)
