"""Changes that are about the number, the account or its templates, by their `field`. Each reader returns the events it found.

https://developers.facebook.com/docs/graph-api/webhooks/reference/whatsapp-business-account/
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from connectors.providers.cloud_api.people import moment
from connectors.types import ConnectionState, Event, LinkState, OtherEvent, TemplateState

Value = dict[str, Any]
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
        facts["restrictions"] = [
            {"type": item.get("restriction_type"), "until": until.isoformat() if (until := moment(item.get("expiration"))) else None}
            for item in value["restriction_info"]
        ]
        return [ConnectionState(reason=_("Meta restricts what this account may do."), facts=facts)]
    facts["details"] = {key: item for key, item in value.items() if key != "event"}
    if event in ENDING_EVENTS:
        return [ConnectionState(LinkState.CLOSED, _("The WhatsApp account is no longer shared with this Meta app."), facts)]
    ban = value.get("ban_info")
    if isinstance(ban, dict):
        facts["ban_state"] = ban.get("waba_ban_state")
        if ban.get("waba_ban_state") == "DISABLE":
            return [ConnectionState(LinkState.CLOSED, _("Meta has disabled this WhatsApp account."), facts)]
    violation = value.get("violation_info")
    if isinstance(violation, dict):
        reason = _("Meta reports a policy violation: %(kind)s.") % {"kind": violation.get("violation_type", "?")}
        return [ConnectionState(reason=reason, facts=facts)]
    return [ConnectionState(facts=facts)]


def _fact_reader(names: dict[str, str]) -> Callable[[Value], list[Event]]:
    """`names`: their key → our fact."""

    def read(value: Value) -> list[Event]:
        return [ConnectionState(facts={ours: value[theirs] for theirs, ours in names.items() if value.get(theirs) is not None})]

    return read


def read_capability(value: Value) -> list[Event]:
    """How many people may be written to in 24 hours outside a service window; -1 means no limit."""
    limit = value.get("max_daily_conversations_per_business", value.get("max_daily_conversation_per_phone"))
    facts = {key: value[key] for key in ("max_phone_numbers_per_business", "max_phone_numbers_per_waba") if key in value}
    return [ConnectionState(facts=facts | {"daily_limit": "unlimited" if limit == -1 else limit})]


def read_quality(value: Value) -> list[Event]:
    facts = {"quality_event": value["event"], "display_phone_number": value.get("display_phone_number")}
    limit = value.get("max_daily_conversations_per_business") or value.get("current_limit")
    if limit:
        facts["messaging_limit"] = limit
    return [ConnectionState(facts=facts)]


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
