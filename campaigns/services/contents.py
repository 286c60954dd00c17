"""What a campaign says: its variants or its template as something that can be filled, and all that is wrong with it."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from campaigns.models import Campaign, Line, Recipient, Variant
from campaigns.rendering import ImpossibleMessage, Message, media_message, template_message, text_message
from campaigns.services.lines import lines_of
from connectors.models import Connection, Media, Template
from connectors.registry import provider_named
from connectors.selectors import readiness_of
from connectors.services.media import has_file, outgoing_of
from connectors.services.template_slots import MISSING, missing_slots, slots_of, with_dots
from connectors.types import Capabilities, MessageKind
from contacts.models import CustomField
from contacts.types import CONTACT_VARIABLES, CUSTOM
from tenants.lib.errors import ApplicationError
from tenants.lib.patterns import pattern_of
from tickets.services.contents import LONGEST_CAPTION, WITHOUT_CAPTION

APPROVED = "APPROVED"
ALONE = -1  # the place of a body that has no variants beside it


def variants_of(campaign: Campaign) -> list[Variant]:
    """The messages that recipients share out between them; none of them is stored when the campaign has a `body` alone."""
    if campaign.template_id is not None:
        return []
    stored = list(campaign.variants.select_related("media").order_by("position")) if campaign.pk else []
    return stored or [body_alone(campaign.body)]


def body_alone(body: str) -> Variant:
    return Variant(position=ALONE, body=body)


def template_through(campaign: Campaign, number: Connection) -> Template | None:
    """The campaign's template as this number has it: each has its own of the name and language."""
    template = campaign.template
    if template is None or template.connection_id == number.pk:
        return template
    return Template.objects.filter(connection=number, name=template.name, language=template.language).first()


def messages_of(campaign: Campaign, number: Connection) -> tuple[Message, ...]:
    """One for each variant, as they go through this number. What cannot be sent any more says so for each of its recipients."""
    if campaign.template is None:
        return tuple(_message_of(number, variant) for variant in variants_of(campaign))
    header = campaign.header_media
    refusal = _refusal_of(number, header) if header is not None else None
    if header is not None and refusal is not None:
        return (ImpossibleMessage("template", None, *refusal),)
    template = template_through(campaign, number)
    if template is None:
        return (ImpossibleMessage("template", None, "template_missing", _words_of_missing(campaign.template, number)),)
    kind = MessageKind(header.kind) if header is not None else MessageKind.TEMPLATE
    return (
        template_message(
            name=template.name,
            language=template.language,
            components=template.components,
            variables=campaign.variables,
            header=outgoing_of(header, number, kind=kind, caption="") if header is not None else None,
            media_id=campaign.header_media_id,
        ),
    )


def files_of(campaign: Campaign) -> list[Media]:
    """What goes with the messages, each once."""
    files = [variant.media for variant in variants_of(campaign)] + [campaign.header_media if campaign.template_id else None]
    return list({file.pk: file for file in files if file is not None}.values())


def check_content(campaign: Campaign) -> None:
    """Raises ApplicationError, naming the field, for what cannot be sent through one of its connections."""
    for problem in problems_of(campaign, variants_of(campaign), given_names=names_given_with(campaign)):
        raise problem


def problems_of(
    campaign: Campaign, variants: Sequence[Variant], *, given_names: Collection[str] = (), lines: Sequence[Line] | None = None
) -> Iterator[ApplicationError]:
    """All that is wrong with the content, each with its field. `given_names`: variables that come with recipients."""
    numbers = [line.connection for line in (lines_of(campaign) if lines is None else lines)]
    said: set[tuple[str | None, str]] = set()
    for number in numbers:
        problems = _problems_of_template(campaign, number) if campaign.template else _problems_of_variants(variants, number)
        for problem in problems:
            if (problem.field, str(problem)) not in said:  # of several numbers, the first tells
                yield problem
            said.add((problem.field, str(problem)))
    yield from _unknown_variables(campaign, variants, given_names)


def required_variables(campaign: Campaign, variants: Sequence[Variant]) -> tuple[tuple[int, str], ...]:
    """The variables that a variant's recipients must have a value for, because they have no fallback."""
    if campaign.template is not None:
        return tuple((0, name) for name in required_in(campaign.variables.values()))
    return tuple((place, name) for place, variant in enumerate(variants) for name in required_in([variant.body]))


def required_in(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for text in texts for name in pattern_of(str(text)).required}))


def _shortest(text: str) -> int:
    """How long the text is at least, whatever its variables become."""
    return sum(len(part) for part in pattern_of(text).parts if isinstance(part, str))


def _field(variant: Variant, name: str) -> str:
    """What a form calls it: `variants.1.body`, or `body`."""
    return name if variant.position == ALONE else f"variants.{variant.position}.{name}"


def _message_of(connection: Connection, variant: Variant) -> Message:
    if variant.media is None:
        return text_message(variant.body)
    refusal = _refusal_of(connection, variant.media)
    if refusal is not None:
        return ImpossibleMessage(variant.media.kind, variant.media.pk, *refusal)
    file = outgoing_of(variant.media, connection, kind=MessageKind(variant.media.kind), caption="")
    return media_message(file, media_id=variant.media.pk, caption=variant.body)


def _refusal_of(connection: Connection, media: Media) -> tuple[str, str] | None:
    """Why the file can go to nobody: code and words."""
    state = readiness_of(media, connection)
    if state.error_code:
        return state.error_code, state.error_text
    if media.state == Media.State.READY and not has_file(media):
        return "media_missing", _("The file “%(name)s” is not in the storage any more. Choose it again.") % {"name": media}
    return None


def _problems_of_variants(variants: Sequence[Variant], connection: Connection) -> Iterator[ApplicationError]:
    for variant in variants:
        yield from _problems_of_variant(variant, connection)


def _problems_of_variant(variant: Variant, connection: Connection) -> Iterator[ApplicationError]:
    capabilities = provider_named(connection.provider).capabilities
    if variant.media is not None:
        yield from _problems_of_file(variant.media, connection, capabilities, field=_field(variant, "media"))
        if variant.body.strip() and MessageKind(variant.media.kind) in WITHOUT_CAPTION:
            yield ApplicationError(
                _("There can be no text beside this kind of file."), code="caption_unsupported", field=_field(variant, "body")
            )
    elif not variant.body.strip():
        yield ApplicationError(_("Write a text or choose a template."), code="required", field=_field(variant, "body"))
    elif MessageKind.TEXT not in capabilities.kinds:
        yield ApplicationError(_("This connection cannot send texts."), code="kind_unsupported", field=_field(variant, "body"))
    limit = LONGEST_CAPTION if variant.media is not None else capabilities.max_text_length
    if len(variant.body) > limit:
        yield ApplicationError(
            _("The text may have %(limit)s characters at most.") % {"limit": limit}, code="too_long", field=_field(variant, "body")
        )


def _problems_of_file(media: Media, connection: Connection, capabilities: Capabilities, *, field: str) -> Iterator[ApplicationError]:
    if MessageKind(media.kind) not in capabilities.kinds:
        yield ApplicationError(_("This connection cannot send this kind of file."), code="kind_unsupported", field=field)
    refusal = _refusal_of(connection, media)
    if refusal is not None:
        yield ApplicationError(refusal[1], code=refusal[0], field=field)


def _words_of_missing(template: Template, number: Connection) -> str:
    words = _("The connection “%(connection)s” has no template “%(template)s” in this language.")
    return words % {"connection": number.name, "template": template.name}


def _problems_of_template(campaign: Campaign, number: Connection) -> Iterator[ApplicationError]:
    assert campaign.template is not None
    if number.pk == campaign.connection_id and campaign.template.connection_id != number.pk:
        yield ApplicationError(_("This template belongs to another connection."), code="template_of_other_connection", field="template")
        return
    template = template_through(campaign, number)
    if template is None:
        yield ApplicationError(_words_of_missing(campaign.template, number), code="template_missing", field="connections")
        return
    if template.status != APPROVED:
        words = _("The template “%(name)s” is not approved (%(status)s).") % {"name": template.name, "status": template.status.lower()}
        yield ApplicationError(words, code="template_not_approved", field="template")
    values = with_dots(template.components, campaign.variables)
    header = campaign.header_media
    for slot in missing_slots(template.components, values):
        if slot.media and header is not None:
            continue
        words = _("The template's variable %(slot)s has no value.") % {"slot": slot.key}
        yield ApplicationError(words, code=MISSING, field=f"variables.{slot.key}")
    for slot in slots_of(template.components):
        if slot.media and header is not None and header.kind != slot.media:
            yield ApplicationError(_("The template's header wants another kind of file."), code="kind_mismatch", field="header_media")
        if not slot.media and _shortest(values.get(slot.key, "")) > slot.longest:
            words = _("The text may have %(limit)s characters at most.") % {"limit": slot.longest}
            yield ApplicationError(words, code="too_long", field=f"variables.{slot.key}")
    if header is not None:
        capabilities = provider_named(number.provider).capabilities
        yield from _problems_of_file(header, number, capabilities, field="header_media")


def _unknown_variables(campaign: Campaign, variants: Sequence[Variant], given_names: Collection[str]) -> Iterator[ApplicationError]:
    """A variable that no recipient can have a value for is a typing mistake."""
    known = CONTACT_VARIABLES | set(given_names) | {CUSTOM + key for key in CustomField.objects.values_list("key", flat=True)}
    if campaign.template is not None:
        texts = [(f"variables.{slot}", str(text)) for slot, text in campaign.variables.items()]
    else:
        texts = [(_field(variant, "body"), variant.body) for variant in variants]
    for field, text in texts:
        for name in required_in([text]):
            if name not in known:
                words = _(
                    "Nobody has a value for {{%(name)s}}. Use a contact's field, or say what stands there without one: {{%(name)s|…}}."
                )
                yield ApplicationError(words % {"name": name}, code="variable_without_value", field=field)


def names_given_with(campaign: Campaign, required: Iterable[tuple[int, str]] | None = None) -> set[str]:
    """Those of the required variables that at least one recipient was given."""
    asked = required_variables(campaign, variants_of(campaign)) if required is None else required
    given = Recipient.objects.filter(campaign=campaign)
    return {name for name in {name for _variant, name in asked} if given.filter(variables__has_key=name).exists()}
