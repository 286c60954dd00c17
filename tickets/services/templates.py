"""A template with its variables filled in."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from connectors.models import Media, Template
from connectors.services.template_slots import MISSING, VARIABLE, file_parameter, missing_slots, parameter_of, parts_of, slots_of, with_dots
from connectors.types import Media as FileContent
from connectors.types import TemplateCall
from tenants.lib.errors import ApplicationError


def variables_of(template: Template) -> list[str]:
    """The names a caller must give, as connectors/services/template_slots.py spells them."""
    return [slot.key for slot in slots_of(template.components)]


def fill_template(template: Template, *, variables: Mapping[str, str], header: Media | None = None) -> TemplateCall:
    """The template as it is sent. Refused when it is not approved, or when a variable has no value (`template_variable_missing`).

    `header`: the file of its header, instead of a link among the variables. Its place in the call stays empty until it is sent
    (`with_header`): what the gateway calls the file is known only then.
    """
    if template.status != "APPROVED":
        raise ApplicationError(
            _("The template %(name)s is not approved (%(status)s).") % {"name": template.name, "status": template.status},
            code="template_not_approved",
            field="template",
        )
    values = with_dots(template.components, variables)
    if header is not None and header.kind not in {slot.media for slot in slots_of(template.components)}:
        words = _("The template %(name)s has no file of this kind in its header.") % {"name": template.name}
        raise ApplicationError(words, code="kind_mismatch", field="media")
    missing = [slot.key for slot in missing_slots(template.components, values) if header is None or not slot.media]
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
            {**part.head, "parameters": [parameter_of(slot, str(values[slot.key])) for slot in part.slots if slot.key in values]}
            for part in parts_of(template.components)
        ),
        body=VARIABLE.sub(lambda found: str(values[found[1]]), template.body),
    )


def with_header(components: Iterable[Mapping[str, Any]], file: FileContent) -> tuple[Mapping[str, Any], ...]:
    """The call's components with the file in the header's place."""
    return tuple({**part, "parameters": [file_parameter(file)]} if part["type"] == "header" else part for part in components)
