"""A template with its variables filled in."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from connectors.models import Template
from connectors.types import TemplateCall
from tenants.lib.errors import ApplicationError

VARIABLE = re.compile(r"{{\s*([\w.]+)\s*}}")
MEDIA_HEADERS = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document"}


def variables_of(template: Template) -> list[str]:
    """The names a caller must give: body variables by their own name ("1", "first_name"), then `header_…` and `button_<place>`."""
    names = list(dict.fromkeys(VARIABLE.findall(template.body)))
    for component in template.components:
        kind = component.get("type")
        if kind == "HEADER" and component.get("format") in MEDIA_HEADERS:
            names.append("header_media")
        if kind == "HEADER" and component.get("format", "TEXT") == "TEXT":
            names += [f"header_{name}" for name in dict.fromkeys(VARIABLE.findall(component.get("text", "")))]
        if kind == "BUTTONS":
            names += [
                f"button_{place}" for place, button in enumerate(component.get("buttons", [])) if VARIABLE.search(button.get("url", ""))
            ]
    return names


def fill_template(template: Template, *, variables: Mapping[str, str]) -> TemplateCall:
    """The template as it is sent. Refused when it is not approved, or when a variable has no value (`template_variable_missing`)."""
    if template.status != "APPROVED":
        raise ApplicationError(
            _("The template %(name)s is not approved (%(status)s).") % {"name": template.name, "status": template.status},
            code="template_not_approved",
            field="template",
        )
    missing = [name for name in variables_of(template) if not str(variables.get(name, "")).strip()]
    if missing:
        raise ApplicationError(
            _("The template %(name)s needs a value for: %(variables)s.") % {"name": template.name, "variables": ", ".join(missing)},
            code="template_variable_missing",
            field="template",
        )
    components = [_filled(component, variables) for component in template.components]
    return TemplateCall(
        name=template.name,
        language=template.language,
        components=tuple(part for parts in components for part in parts),
        body=VARIABLE.sub(lambda found: str(variables[found[1]]), template.body),
    )


def _filled(component: Mapping[str, Any], variables: Mapping[str, str]) -> list[dict[str, Any]]:
    kind = component.get("type")
    if kind == "BODY":
        return _with_texts("body", component.get("text", ""), variables, prefix="")
    if kind == "HEADER" and component.get("format") in MEDIA_HEADERS:
        media = MEDIA_HEADERS[component["format"]]
        return [{"type": "header", "parameters": [{"type": media, media: {"link": variables["header_media"]}}]}]
    if kind == "HEADER" and component.get("format", "TEXT") == "TEXT":
        return _with_texts("header", component.get("text", ""), variables, prefix="header_")
    if kind == "BUTTONS":
        return [
            {
                "type": "button",
                "sub_type": "url",
                "index": str(place),
                "parameters": [{"type": "text", "text": str(variables[f"button_{place}"])}],
            }
            for place, button in enumerate(component.get("buttons", []))
            if VARIABLE.search(button.get("url", ""))
        ]
    return []


def _with_texts(kind: str, text: str, variables: Mapping[str, str], *, prefix: str) -> list[dict[str, Any]]:
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    if not names:
        return []
    parameters = [
        {"type": "text", "text": str(variables[prefix + name])} | ({} if name.isdigit() else {"parameter_name": name})
        for name in (sorted(names, key=int) if all(name.isdigit() for name in names) else names)
    ]
    return [{"type": kind, "parameters": parameters}]
