"""What a campaign says: its text or template as something that can be filled, and what is wrong with it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from campaigns.models import Campaign, Recipient
from campaigns.rendering import Message, missing_slots, template_message, text_message
from campaigns.types import Audience
from connectors.registry import provider_named
from connectors.types import MessageKind
from contacts.models import CustomField
from contacts.types import CONTACT_VARIABLES, CUSTOM
from tenants.lib.errors import ApplicationError
from tenants.lib.patterns import pattern_of

APPROVED = "APPROVED"


def message_of(campaign: Campaign) -> Message:
    if campaign.template is None:
        return text_message(campaign.body)
    return template_message(
        name=campaign.template.name,
        language=campaign.template.language,
        components=campaign.template.components,
        variables=campaign.variables,
    )


def audience_of(campaign: Campaign) -> Audience:
    """Who is meant by the campaign as it is now, and what its text asks of them."""
    capabilities = provider_named(campaign.connection.provider).capabilities
    return Audience(
        list_ids=tuple(campaign.lists.values_list("pk", flat=True)),
        tag_ids=tuple(campaign.tags.values_list("pk", flat=True)),
        excluded_tag_ids=tuple(campaign.excluded_tags.values_list("pk", flat=True)),
        required=required_variables(campaign),
        needs_open_window=capabilities.has_service_window and campaign.template_id is None,
        connection_id=campaign.connection_id,
    )


def check_content(campaign: Campaign) -> None:
    """Raises ApplicationError, naming the field, for a text or template that cannot be sent through this connection."""
    if campaign.template is None:
        _check_text(campaign)
    else:
        _check_template(campaign)
    _check_variables(campaign)


def required_variables(campaign: Campaign) -> tuple[str, ...]:
    """The variables that every recipient must have a value for, because they have no fallback."""
    return required_in([campaign.body] if campaign.template is None else campaign.variables.values())


def required_in(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for text in texts for name in pattern_of(str(text)).required}))


def _check_text(campaign: Campaign) -> None:
    capabilities = provider_named(campaign.connection.provider).capabilities
    if not campaign.body.strip():
        raise ApplicationError(_("Write a text or choose a template."), code="required", field="body")
    if MessageKind.TEXT not in capabilities.kinds:
        raise ApplicationError(_("This connection cannot send texts."), code="kind_unsupported", field="body")
    if len(campaign.body) > capabilities.max_text_length:
        limit = capabilities.max_text_length
        raise ApplicationError(_("The text may have %(limit)s characters at most.") % {"limit": limit}, code="too_long", field="body")


def _check_template(campaign: Campaign) -> None:
    template = campaign.template
    assert template is not None
    if template.connection_id != campaign.connection_id:
        raise ApplicationError(_("This template belongs to another connection."), code="template_of_other_connection", field="template")
    if template.status != APPROVED:
        words = _("The template “%(name)s” is not approved (%(status)s).") % {"name": template.name, "status": template.status.lower()}
        raise ApplicationError(words, code="template_not_approved", field="template")
    missing = missing_slots(template.components, campaign.variables)
    if missing:
        words = _("The template's variable %(slot)s has no value.") % {"slot": ", ".join(missing)}
        raise ApplicationError(words, code="variable_without_value", field="variables")


def _check_variables(campaign: Campaign) -> None:
    """A variable that no recipient can have a value for is a typing mistake."""
    field = "body" if campaign.template is None else "variables"
    unknown = {name for name in required_variables(campaign) if name not in CONTACT_VARIABLES}
    unknown -= {CUSTOM + key for key in CustomField.objects.values_list("key", flat=True)}
    for name in sorted(unknown):
        if not Recipient.objects.filter(campaign=campaign, variables__has_key=name).exists():
            words = _("Nobody has a value for {{%(name)s}}. Use a contact's field, or say what stands there without one: {{%(name)s|…}}.")
            raise ApplicationError(words % {"name": name}, code="variable_without_value", field=field)
