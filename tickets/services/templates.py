"""A template with its variables filled in."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from connectors.models import Template
from connectors.services.template_slots import MISSING, VARIABLE, missing_slots, parameter_of, parts_of, slots_of, with_dots
from connectors.types import TemplateCall
from tenants.lib.errors import ApplicationError


def variables_of(template: Template) -> list[str]:
    """The names a caller must give, as connectors/services/template_slots.py spells them."""
    return [slot.key for slot in slots_of(template.components)]


def fill_template(template: Template, *, variables: Mapping[str, str]) -> TemplateCall:
    """The template as it is sent. Refused when it is not approved, or when a variable has no value (`template_variable_missing`)."""
    if template.status != "APPROVED":
        raise ApplicationError(
            _("The template %(name)s is not approved (%(status)s).") % {"name": template.name, "status": template.status},
            code="template_not_approved",
            field="template",
        )
    values = with_dots(template.components, variables)
    missing = [slot.key for slot in missing_slots(template.components, values)]
    if missing:
        raise ApplicationError(
            _("The template %(name)s needs a value for: %(variables)s.") % {"name": template.name, "variables": ", ".join(missing)},
            code=MISSING,
            field="template",
        )
    return TemplateCall(
        name=template.name,
        language=template.language,
        components=tuple(
            {**part.head, "parameters": [parameter_of(slot, str(values[slot.key])) for slot in part.slots]}
            for part in parts_of(template.components)
        ),
        body=VARIABLE.sub(lambda found: str(values[found[1]]), template.body),
    )
