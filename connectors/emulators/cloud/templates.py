"""Message templates: listed page by page, created and edited under Meta's rules, deleted, unpaused.

https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates
"""

import re
from typing import Any

from connectors.emulators.cloud.accounts import page_of
from connectors.emulators.cloud.calls import Call
from connectors.emulators.cloud.courier import Courier
from connectors.emulators.cloud.names import fresh_id
from connectors.emulators.cloud.refusals import Refusal, invalid
from connectors.emulators.cloud.template_rules import check_components
from connectors.emulators.cloud.world import Account, Template, World

Json = dict[str, Any]
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?")
NAME = re.compile(r"[a-z0-9_]{1,512}")
FIELDS = (
    "id",
    "name",
    "language",
    "status",
    "category",
    "components",
    "parameter_format",
    "quality_score",
    "rejected_reason",
    "previous_category",
)
SHOWN = ("name", "parameter_format", "components", "language", "status", "category", "id", "previous_category")


def facts_of(template: Template) -> Json:
    facts: Json = {
        "name": template.name,
        "parameter_format": template.parameter_format,
        "components": template.components,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "id": template.id,
        "quality_score": {"score": template.quality},
        "rejected_reason": template.rejected_reason,
    }
    return facts | {"previous_category": template.previous_category} if template.previous_category else facts


def _fields_asked(call: Call) -> list[str]:
    asked = [name for name in call.query.get("fields", "").split(",") if name] or list(SHOWN)
    unknown = [name for name in asked if name not in FIELDS]
    if unknown:
        raise invalid(f"Tried accessing nonexisting field ({unknown[0]}) on node type (WhatsAppMessageTemplate)")
    return list(dict.fromkeys((*asked, "id")))


def read(template: Template, call: Call) -> Json:
    facts = facts_of(template)
    return {name: facts[name] for name in _fields_asked(call) if name in facts}


def list_all(account: Account, call: Call) -> Json:
    asked = _fields_asked(call)
    found = [template for template in account.templates.values() if template.status != "DELETED"]
    for key in ("name", "language", "status", "category"):
        if call.query.get(key):
            wanted = call.query[key]
            found = [template for template in found if _matches(getattr(template, key), wanted, is_part=key == "name")]
    items = [facts_of(template) for template in found]
    shown = [{name: item[name] for name in asked if name in item} for item in items]
    return page_of(shown, call, f"{account.id}/message_templates")


def _matches(value: str, wanted: str, *, is_part: bool) -> bool:
    return wanted in value if is_part else value.lower() == wanted.lower()


def create(world: World, courier: Courier, account: Account, call: Call) -> Json:
    document = call.document
    name, language = str(call.required("name")), str(call.required("language"))
    category = str(call.required("category")).upper()
    if not NAME.fullmatch(name):
        raise _creation(2388299 if len(name) <= 512 else 2388040, "Invalid name", "Names hold lower-case letters, digits and underscores.")
    if not LANGUAGE.fullmatch(language):
        raise invalid(f"Param language is not a supported language: {language}.")
    if category not in CATEGORIES:
        raise invalid(f'Param category must be one of {{{", ".join(CATEGORIES)}}} - got "{category}".')
    if world.template(account, name, language):
        words = f"There is already content in {language} for the template {name}."
        raise _creation(2388024, "Content in this language already exists", words)
    if len(account.templates) >= account.template_limit:
        raise _creation(2388019, "Message template limit exceeded", f"You have reached the limit of {account.template_limit} templates.")
    form = str(document.get("parameter_format", "POSITIONAL")).upper()
    if form not in ("NAMED", "POSITIONAL"):
        raise invalid("Param parameter_format must be one of {NAMED, POSITIONAL}.")
    components = check_components(world, document.get("components"), category, is_named=form == "NAMED")
    template = Template(fresh_id(), name, language, category, components, "PENDING", form, created_at=world.now())
    account.templates[template.id] = template
    if not account.reviews_templates:
        decide(courier, account, template, "APPROVED")
    return {"id": template.id, "status": template.status, "category": template.category}


def decide(courier: Courier, account: Account, template: Template, status: str, *, reason: str = "NONE") -> None:
    """Meta's word about a template, told to those who subscribed."""
    template.status = "APPROVED" if status == "REINSTATED" else status
    template.rejected_reason = reason
    value: Json = {
        "event": status,
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "message_template_category": template.category,
        "reason": reason,
    }
    if status == "PAUSED":
        value["other_info"] = {"title": "FIRST_PAUSE", "description": "Your WhatsApp message template has been paused for 3 hours."}
    courier.tell(account, "message_template_status_update", value)


def edit(world: World, courier: Courier, account: Account, template: Template, call: Call) -> Json:
    """Only approved, rejected and paused templates; an approved one once a day."""
    if template.status not in ("APPROVED", "REJECTED", "PAUSED"):
        raise _creation(2388039, "Template is locked", "This template is being reviewed and cannot be edited.")
    if template.status == "APPROVED" and world.now() - template.edited_at < 24 * 3600:
        raise _creation(2388023, "Message template cannot be edited", "An approved template can be edited once in 24 hours.")
    document = call.document
    category = str(document.get("category", template.category)).upper()
    if category != template.category and template.status == "APPROVED":
        raise invalid("The category of an approved template cannot be changed.")
    template.components = check_components(
        world, document.get("components", template.components), category, is_named=template.parameter_format == "NAMED"
    )
    template.category, template.edited_at, template.status = category, world.now(), "PENDING"
    if not account.reviews_templates:
        decide(courier, account, template, "APPROVED")
    return {"success": True}


def delete(account: Account, call: Call) -> Json:
    """By name all languages; with `hsm_id` only that one."""
    name, wanted = str(call.required("name")), str(call.parameters.get("hsm_id") or "")
    gone = [one for one in account.templates.values() if one.name == name and wanted in ("", one.id)]
    if not gone:
        raise _creation(2593002, "Message template not found", f"There is no template with the name {name}.")
    for template in gone:
        del account.templates[template.id]
    return {"success": True}


def unpause(courier: Courier, account: Account, template: Template) -> Json:
    if template.status != "PAUSED":
        return {"success": False, "reason": "The template is not paused."}
    decide(courier, account, template, "APPROVED")
    return {"success": True}


def _creation(subcode: int, title: str, words: str) -> Refusal:
    return Refusal(100, message="Invalid parameter", subcode=subcode, user_title=title, user_message=words)
