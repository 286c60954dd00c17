"""Message templates, as the gateway has them."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.auditing import record
from connectors import events
from connectors.models import Connection, Template
from connectors.registry import provider_named
from connectors.services.links import gateway_s_words, link_for
from connectors.types import TemplateInfo, TemplateState
from tenants.lib.announcing import announce
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError

GONE = "DELETED"
# What the gateway may change, and how much of it the columns hold.
LONGEST = {"external_id": 64, "status": 24, "category": 24, "quality": 16, "reason": 300}


def sync_templates(connection: Connection, *, by: User | None) -> int:
    """Fetch the gateway's list; how many there are. One that is gone there goes here, or is marked when a campaign used it."""
    provider = provider_named(connection.provider)
    if not provider.capabilities.has_templates:
        raise ApplicationError(_("This gateway has no templates."), code="no_templates")
    with gateway_s_words():
        found = provider.templates(link_for(connection))
    with transaction.atomic():
        _store(connection, found)
        _remove_others(connection, found)
        if by is not None:
            record("connection.templates_synced", connection, by=by)
        events.templates_changed(connection.pk)
    return len(found)


@transaction.atomic
def apply_template_state(connection: Connection, state: TemplateState) -> None:
    """The gateway changed a template: only what it says changes. One that we never saw is added."""
    template = Template.objects.select_for_update().filter(connection=connection, name=state.name, language=state.language).first()
    if template is None and state.external_id:
        template = Template.objects.select_for_update().filter(connection=connection, external_id=state.external_id).first()
    if template is None and not (state.name and state.language):
        return
    if template is None:
        template = Template(connection=connection, name=state.name, language=state.language)
    before = template.status if template.pk else ""
    for field, longest in LONGEST.items():
        if getattr(state, field):
            setattr(template, field, getattr(state, field)[:longest])
    if state.status and not state.reason:
        template.reason = ""
    template.synced_at = now()
    template.save()
    events.templates_changed(connection.pk)
    if template.status != before:
        announce("template.moved", template_id=template.pk)


def _store(connection: Connection, found: list[TemplateInfo]) -> None:
    before = {(name, language): status for name, language, status in connection.templates.values_list("name", "language", "status")}
    rows = [
        Template(
            connection=connection,
            external_id=info.external_id,
            name=info.name,
            language=info.language,
            status=info.status,
            category=info.category,
            components=list(info.components),
            quality=info.quality[:16],
            reason=info.reason[:300],
            synced_at=now(),
        )
        for info in {(info.name, info.language): info for info in found}.values()
    ]
    Template.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["connection", "name", "language"],
        update_fields=["external_id", "status", "category", "components", "quality", "reason", "synced_at"],
    )
    for template in connection.templates.order_by("pk"):
        if before.get((template.name, template.language), template.status) != template.status:
            announce("template.moved", template_id=template.pk)


def _remove_others(connection: Connection, found: list[TemplateInfo]) -> None:
    listed = {(info.name, info.language) for info in found}
    for template in Template.objects.filter(connection=connection):
        if (template.name, template.language) in listed:
            continue
        try:
            with transaction.atomic():
                template.delete()
        except ProtectedError:
            Template.objects.filter(pk=template.pk).update(status=GONE)
            announce("template.moved", template_id=template.pk)
