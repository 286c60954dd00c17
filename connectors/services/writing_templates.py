"""Templates written here: checked by the vendor's rules, handed in, changed, deleted. The gateway has the last word, and the first copy."""

from collections.abc import Mapping
from typing import Any, cast

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.auditing import record
from connectors import events
from connectors.models import Connection, Media, Template
from connectors.registry import provider_named
from connectors.services.links import gateway_s_words, link_for
from connectors.services.templates import GONE
from connectors.types import TemplateDraft, TemplateInfo, TemplateWriter
from tenants.lib import filing
from tenants.lib.announcing import announce
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError, BadInput

# Meta lets others rest: one under review is locked, a deleted name is blocked for 30 days.
EDITABLE = frozenset({"APPROVED", "REJECTED", "PAUSED"})
SAMPLE_TYPES = frozenset({"image/jpeg", "image/png", "video/mp4", "application/pdf"})


def draft_of(*, name: str, language: str, category: str, components: list[Mapping[str, Any]], parameter_format: str) -> TemplateDraft:
    """The same words in the vendor's spelling: kinds in capitals, as it answers them."""
    spelled = tuple(
        {key: value.upper() if key in ("type", "format") and isinstance(value, str) else value for key, value in component.items()}
        for component in components
    )
    return TemplateDraft(name.strip(), language.strip(), category.upper(), spelled, parameter_format.upper())


def check_template(connection: Connection, draft: TemplateDraft) -> None:
    """Raises BadInput with everything that the gateway would refuse, by field."""
    problems = _writer(connection).template_problems(draft)
    if problems:
        raise BadInput(problems)


def create_template(connection: Connection, draft: TemplateDraft, *, by: User) -> Template:
    """Hand it in; it waits for the gateway's review. Raises BadInput, `template_exists` (409), or the gateway's own words."""
    check_template(connection, draft)
    if connection.templates.filter(name=draft.name, language=draft.language).exclude(status=GONE).exists():
        words = _("There is a template of this name in this language already. Edit it, or choose another name.")
        raise ApplicationError(words, code="template_exists", field="name", status=409)
    with gateway_s_words():
        info = _writer(connection).create_template(link_for(connection), draft)
    return _kept(connection, info, deed="connection.template_written", by=by)


def edit_template(template: Template, draft: TemplateDraft, *, by: User) -> Template:
    """Its category and contents; name and language stay what they are. The gateway reviews it again, and it is not sent meanwhile."""
    if template.status not in EDITABLE:
        locked = _("Only approved, rejected and paused templates can be changed (this one: %(status)s).") % {"status": template.status}
        raise ApplicationError(locked, code="template_locked", status=409)
    if (draft.name, draft.language) != (template.name, template.language):
        fixed = _("Name and language of a template stay. Make a new one instead.")
        raise ApplicationError(fixed, code="template_name_fixed", field="name")
    if template.status == "APPROVED" and draft.category != template.category:
        kept = _("The category of an approved template stays. Make a new one instead.")
        raise ApplicationError(kept, code="template_category_fixed", field="category")
    check_template(template.connection, draft)
    with gateway_s_words():
        info = _writer(template.connection).edit_template(link_for(template.connection), template.external_id, draft)
    return _kept(template.connection, info, deed="connection.template_changed", by=by)


def delete_template(template: Template, *, by: User) -> None:
    """At the gateway, then here; one that a campaign used stays, marked as deleted."""
    with gateway_s_words():
        _writer(template.connection).delete_template(link_for(template.connection), name=template.name, external_id=template.external_id)
    record("connection.template_deleted", template, by=by)
    try:
        with transaction.atomic():
            Template.objects.get(pk=template.pk).delete()
    except ProtectedError:
        with transaction.atomic():
            Template.objects.filter(pk=template.pk).update(status=GONE)
            announce("template.moved", template_id=template.pk)
    events.templates_changed(template.connection_id)


def upload_sample(connection: Connection, media: Media, *, by: User) -> str:
    """The handle by which a draft names this uploaded file as its header's sample."""
    if media.state != Media.State.READY or media.mime_type not in SAMPLE_TYPES:
        words = _("A sample is a JPEG or PNG picture, an MP4 video or a PDF.")
        raise ApplicationError(words, code="template_sample_type", field="upload")
    with gateway_s_words(), filing.open_file(media.file) as file:
        return _writer(connection).upload_sample(
            link_for(connection),
            file,
            filename=media.filename or f"sample-{media.pk}",
            mime_type=media.mime_type,
            size_bytes=media.size_bytes or 0,
        )


@transaction.atomic
def _kept(connection: Connection, info: TemplateInfo, *, deed: str, by: User) -> Template:
    before = connection.templates.filter(name=info.name, language=info.language).values_list("status", flat=True).first()
    template, _is_new = Template.objects.update_or_create(
        connection=connection,
        name=info.name,
        language=info.language,
        defaults={
            "external_id": info.external_id,
            "status": info.status,
            "category": info.category,
            "components": list(info.components),
            "reason": "",
            "synced_at": now(),
        },
    )
    record(deed, template, by=by)
    events.templates_changed(connection.pk)
    if before != template.status:
        announce("template.moved", template_id=template.pk)
    return template


def _writer(connection: Connection) -> TemplateWriter:
    provider = provider_named(connection.provider)
    if not provider.capabilities.manages_templates:
        raise ApplicationError(_("Templates of this gateway cannot be written here."), code="no_templates")
    return cast(TemplateWriter, provider)
