"""Business phone numbers: what Meta says of one, registering and verifying it, its profile, its callback, whom it blocks.

https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers
"""

from typing import Any

from connectors.emulators.cloud.calls import Call
from connectors.emulators.cloud.checking import dialled
from connectors.emulators.cloud.refusals import Refusal, bad_value, invalid
from connectors.emulators.cloud.world import DAY, UNLIMITED, Number, World

Json = dict[str, Any]
DEFAULT_FIELDS = ("id", "display_phone_number", "verified_name", "quality_rating")
REGISTRATIONS_MOST = 10
REGISTRATIONS_SECONDS = 72 * 3600.0
PROFILE_FIELDS = ("about", "address", "description", "email", "profile_picture_url", "websites", "vertical")
TIERS = {250: "TIER_250", 1000: "TIER_1K", 2000: "TIER_2K", 10_000: "TIER_10K", 100_000: "TIER_100K", UNLIMITED: "TIER_UNLIMITED"}


def facts_of(number: Number) -> Json:
    rate = number.messages_per_second
    return {
        "id": number.id,
        "display_phone_number": number.display,
        "verified_name": number.verified_name,
        "quality_rating": number.quality,
        "status": number.status if number.is_registered else "DISCONNECTED",
        "platform_type": "CLOUD_API" if number.is_registered else "NOT_APPLICABLE",
        "throughput": {"level": "HIGH" if rate > 80 else "STANDARD"},
        "name_status": "APPROVED",
        "code_verification_status": "VERIFIED" if number.is_verified else "NOT_VERIFIED",
        "is_on_biz_app": number.is_on_biz_app,
        "is_official_business_account": False,
        "host_platform": "CLOUD_API",
        "country_dial_code": "55" if number.digits.startswith("55") else "1",
        "unified_cert_status": "APPROVED",
        "last_onboarded_time": "2026-01-01T00:00:00+0000",
        "search_visibility": "NON_VISIBLE",
        "account_mode": "SANDBOX" if number.test_recipients is not None else "LIVE",
        "is_pin_enabled": bool(number.pin),
        "messaging_limit_tier": tier_of(number),
        "whatsapp_business_manager_messaging_limit": tier_of(number),
        "health_status": _health_of(number),
        "webhook_configuration": {"phone_number": number.callback_url} if number.callback_url else {},
    }


def tier_of(number: Number) -> str:
    limit = number.account.portfolio.daily_limit
    return TIERS.get(limit, f"TIER_{limit}")


def _health_of(number: Number) -> Json:
    problem = number.problem or number.account.problem
    is_well = number.is_registered and not problem and number.status == "CONNECTED"
    entity: Json = {"entity_type": "PHONE_NUMBER", "id": number.id, "can_send_message": "AVAILABLE" if is_well else "BLOCKED"}
    if problem:
        refusal = Refusal(problem)
        entity["errors"] = [{"error_code": problem, "error_description": refusal.message, "possible_solution": ""}]
    return {"can_send_message": entity["can_send_message"], "entities": [entity]}


def read(number: Number, call: Call) -> Json:
    facts = facts_of(number)
    asked = [name for name in call.query.get("fields", "").split(",") if name] or list(DEFAULT_FIELDS)
    unknown = [name for name in asked if name not in facts]
    if unknown:
        raise invalid(f"Tried accessing nonexisting field ({unknown[0]}) on node type (WhatsAppBusinessPhoneNumber)")
    return {name: facts[name] for name in dict.fromkeys(("id", *asked)) if name != "webhook_configuration" or facts[name]}


def register(world: World, number: Number, call: Call) -> Json:
    _need_product(call)
    pin = str(call.required("pin"))
    if len(pin) != 6 or not pin.isdecimal():
        raise invalid("Invalid PIN format. PIN must be exactly 6 digits")
    now = world.now()
    while number.registrations and now - number.registrations[0] > REGISTRATIONS_SECONDS:
        number.registrations.popleft()
    if len(number.registrations) >= REGISTRATIONS_MOST:
        raise Refusal(133016, "Registration or deregistration failed because there were too many attempts for this phone number.")
    number.registrations.append(now)
    if not number.is_verified:
        raise Refusal(133006, "The phone number must be verified before it is registered.")
    if number.pin and pin != number.pin:
        raise Refusal(133005, "Two-step verification PIN incorrect.")
    number.pin, number.is_registered = pin, True
    return {"success": True}


def deregister(number: Number) -> Json:
    number.is_registered = False
    return {"success": True}


def request_code(world: World, number: Number, call: Call) -> Json:
    if call.parameters.get("code_method") not in ("SMS", "VOICE"):
        raise invalid("Invalid parameter: code_method must be SMS or VOICE")
    call.required("language")
    if number.is_verified:
        words = "Phone number is not eligible for verification at this time"
        raise Refusal(100, message=words, status=422, kind="GraphMethodException")
    number.code = f"{world.dice.randrange(10**6):06d}"
    return {"success": True}


def verify_code(number: Number, call: Call) -> Json:
    code = str(call.required("code")).replace("-", "")
    if not number.code or code != number.code:
        words = "The verification code is invalid or has expired"
        raise Refusal(
            100,
            message=words,
            status=422,
            kind="GraphMethodException",
            user_title="Verification Failed",
            user_message="The verification code you entered is invalid or has expired",
        )
    number.is_verified, number.code = True, ""
    return {"success": True}


def read_profile(number: Number) -> Json:
    return {"data": [{"messaging_product": "whatsapp", **number.profile}]}


def write_profile(number: Number, call: Call) -> Json:
    _need_product(call)
    given = {key: value for key, value in call.document.items() if key not in ("messaging_product", "profile_picture_handle")}
    for key in given:
        if key not in PROFILE_FIELDS:
            raise invalid(f'Unexpected key "{key}".')
    if "email" in given and "@" not in str(given["email"]):
        raise invalid("Invalid parameter: email must be a valid email address")
    number.profile |= given
    return {"success": True}


def blocked(number: Number) -> Json:
    people = sorted(number.blocked)
    return {"data": [{"messaging_product": "whatsapp", "wa_id": who} for who in people], "paging": {"cursors": {"before": "", "after": ""}}}


def block(world: World, number: Number, call: Call, *, is_blocked: bool) -> Json:
    """Only people who wrote in the last 24 hours can be blocked."""
    _need_product(call)
    people = call.document.get("block_users")
    if not isinstance(people, list) or not people:
        raise invalid("The parameter block_users is required.")
    done, failed = [], []
    for item in people:
        told = str(item.get("user") or "") if isinstance(item, dict) else ""
        customer = world.customer(dialled({"to": told}))
        if is_blocked and world.now() - customer.wrote_at.get(number.id, 0.0) > DAY:
            errors: list[Json] = [
                {"message": "Re-engagement required", "code": 131047, "error_data": {"details": "The person did not write in 24 hours."}}
            ]
            failed.append({"input": told, "wa_id": customer.wa_id, "errors": errors})
            continue
        (number.blocked.add if is_blocked else number.blocked.discard)(customer.wa_id)
        done.append({"input": told, "wa_id": customer.wa_id})
    if not done:
        raise bad_value("Failed to block/unblock users: " + "Re-engagement required")
    outcome: Json = {"added_users" if is_blocked else "removed_users": done}
    if failed:
        outcome["failed_users"] = failed
    return {"messaging_product": "whatsapp", "block_users": outcome}


def _need_product(call: Call) -> None:
    if call.parameters.get("messaging_product") != "whatsapp":
        raise invalid("The parameter messaging_product is required.")
