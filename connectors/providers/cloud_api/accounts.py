"""Changes that are about the number, the account or its templates, by their `field`. Each reader returns the events it found.

https://developers.facebook.com/docs/graph-api/webhooks/reference/whatsapp-business-account/
"""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from connectors.providers.cloud_api.people import moment
from connectors.types import ConnectionState, Event, Json, LinkState, OtherEvent, TemplateState

Value = dict[str, Any]
STANDARD_RATE, HIGH_RATE, SHARED_WITH_PHONE_RATE = 80.0, 1000.0, 20.0
FOR_EVER = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
NO_CAMPAIGNS, NO_ANSWERS = "RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
ENDING_EVENTS = frozenset({"ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED", "PARTNER_REMOVED"})


def _template(value: Value, *, status: str = "", category: str = "", quality: str = "", reason: str = "") -> list[Event]:
    return [
        TemplateState(
            external_id=str(value.get("message_template_id") or ""),
            name=str(value.get("message_template_name") or ""),
            language=str(value.get("message_template_language") or ""),
            status=status,
            category=category,
            quality=quality,
            reason=reason,
        )
    ]


def read_template_status(value: Value) -> list[Event]:
    event = str(value["event"])
    return _template(
        value,
        status="APPROVED" if event == "REINSTATED" else event,
        category=str(value.get("message_template_category") or ""),
        reason=_template_reason(value),
    )


def _template_reason(value: Value) -> str:
    parts = [] if value.get("reason") in (None, "NONE") else [str(value["reason"])]
    for key in ("other_info", "rejection_info", "disable_info"):
        info = value.get(key)
        if isinstance(info, dict):
            parts += [str(info[name]) for name in ("description", "reason", "recommendation", "disable_date") if info.get(name)]
    return " ".join(parts)


def read_template_quality(value: Value) -> list[Event]:
    return _template(value, quality=str(value["new_quality_score"]))


def read_template_category(value: Value) -> list[Event]:
    """Without `new_category` it is an announcement: on the first of the month the category becomes `correct_category`."""
    if value.get("new_category"):
        return _template(value, category=str(value["new_category"]))
    return _template(value, reason=_("The category will change to %(category)s.") % {"category": value["correct_category"]})


def read_template_components(value: Value) -> list[Event]:
    name = str(value.get("message_template_name") or "")
    return [OtherEvent("message_template_components_update", _("The template %(name)s was edited.") % {"name": name}, value)]


def read_account(value: Value) -> list[Event]:
    event = str(value["event"])
    facts: dict[str, Any] = {"account_event": event}
    if value.get("restriction_info"):
        return [_restricted(value["restriction_info"], facts)]
    facts["details"] = {key: item for key, item in value.items() if key != "event"}
    if event in ENDING_EVENTS:
        return [_account(facts, LinkState.CLOSED, _("The WhatsApp account is no longer shared with this Meta app."))]
    ban = value.get("ban_info")
    if isinstance(ban, dict):
        facts["ban_state"] = ban.get("waba_ban_state")
        if ban.get("waba_ban_state") == "DISABLE":
            return [_account(facts, LinkState.CLOSED, _("Meta has disabled this WhatsApp account."))]
    violation = value.get("violation_info")
    if isinstance(violation, dict):
        return [_account(facts, reason=_("Meta reports a policy violation: %(kind)s.") % {"kind": violation.get("violation_type", "?")})]
    return [_account(facts)]


def _restricted(infos: Any, facts: dict[str, Any]) -> ConnectionState:
    """Without an expiration a restriction stands until Meta says otherwise."""
    until = {str(item.get("restriction_type")): moment(item.get("expiration")) or FOR_EVER for item in infos}
    facts["restrictions"] = [{"type": kind, "until": None if end == FOR_EVER else end.isoformat()} for kind, end in until.items()]
    return ConnectionState(
        reason=_("Meta restricts what this account may do."),
        facts=facts,
        is_account=True,
        rest_until=until.get(NO_ANSWERS),
        no_campaigns_until=until.get(NO_CAMPAIGNS),
    )


def _account(facts: dict[str, Any], state: LinkState | None = None, reason: str = "") -> ConnectionState:
    return ConnectionState(state, reason, facts, is_account=True)


def _fact_reader(names: dict[str, str]) -> Callable[[Value], list[Event]]:
    """`names`: their key → our fact. What names a number is about that one, the rest about the account."""

    def read(value: Value) -> list[Event]:
        facts = {ours: value[theirs] for theirs, ours in names.items() if value.get(theirs) is not None}
        number = _number_in(value)
        return [ConnectionState(facts=facts, is_account=not number, number=number)]

    return read


def _number_in(value: Value) -> str:
    return str(value.get("display_phone_number") or "")


def read_capability(value: Value) -> list[Event]:
    """How many people may be written to in 24 hours outside a service window; -1 means no limit."""
    limit = value.get("max_daily_conversations_per_business", value.get("max_daily_conversation_per_phone"))
    facts = {key: value[key] for key in ("max_phone_numbers_per_business", "max_phone_numbers_per_waba") if key in value}
    return [ConnectionState(facts=facts | {"daily_limit": "unlimited" if limit == -1 else limit}, is_account=True)]


def read_quality(value: Value) -> list[Event]:
    number = _number_in(value)
    facts: dict[str, Any] = {"quality_event": value["event"], "display_phone_number": value.get("display_phone_number")}
    if value["event"] == "THROUGHPUT_UPGRADE":
        facts["throughput"] = {"level": "HIGH"}
    limit = value.get("max_daily_conversations_per_business") or value.get("current_limit")
    if limit:
        facts["messaging_limit"] = limit
    return [ConnectionState(facts=facts, is_account=not number, number=number)]


def rate(facts: Json) -> float:
    """Messages a second, in and out: 80, 1000 after Meta's upgrade, 20 while the Business app on a phone shares the number.

    https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput
    """
    if facts.get("is_on_biz_app") is True:
        return SHARED_WITH_PHONE_RATE
    throughput = facts.get("throughput")
    return HIGH_RATE if isinstance(throughput, dict) and throughput.get("level") == "HIGH" else STANDARD_RATE


READERS: dict[str, Callable[[Value], list[Event]]] = {
    "message_template_status_update": read_template_status,
    "message_template_quality_update": read_template_quality,
    "template_category_update": read_template_category,
    "message_template_components_update": read_template_components,
    "account_update": read_account,
    "account_review_update": _fact_reader({"decision": "account_review"}),
    "account_alerts": _fact_reader(
        {"alert_type": "alert", "alert_status": "alert_status", "alert_severity": "alert_severity", "alert_description": "alert_text"}
    ),
    "business_capability_update": read_capability,
    "phone_number_quality_update": read_quality,
    "phone_number_name_update": _fact_reader(
        {
            "decision": "name_decision",
            "requested_verified_name": "requested_name",
            "rejection_reason": "name_rejection",
            "display_phone_number": "display_phone_number",
        }
    ),
    "security": _fact_reader(
        {"event": "security_event", "requester": "security_requester", "display_phone_number": "display_phone_number"}
    ),
}
