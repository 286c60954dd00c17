"""What browsers are told about contacts. Everybody in a company may see its contacts; imports are for those who may import."""

import redis
import structlog
from django.db import transaction

from accounts.permissions import ACTIONS
from contacts.models import Contact, ContactImport, CustomField, Tag
from contacts.serializers import ContactImportSerializer, ContactSerializer, CustomFieldSerializer, TagSerializer
from tenants.lib import valkey
from tenants.lib.realtime import EVERYONE, Audience, Frame, publish
from tenants.lib.tenancy import current_company

IMPORTERS = Audience(roles=ACTIONS["contact.import"])
PROGRESS_MILLISECONDS = 1000

log = structlog.get_logger(__name__)


def contact_created(contact: Contact) -> None:
    publish([Frame("contact", {"action": "create", "contact": ContactSerializer(contact).data}, EVERYONE)])


def contact_updated(contact: Contact) -> None:
    publish([Frame("contact", {"action": "update", "contact": ContactSerializer(contact).data}, EVERYONE)])


def contact_deleted(contact_id: int) -> None:
    publish([Frame("contact", {"action": "delete", "contactId": contact_id}, EVERYONE)])


def contacts_changed() -> None:
    """Many at once: browsers ask again for what they show."""
    publish([Frame("contact", {"action": "reload"}, EVERYONE)])


def tag_changed(action: str, tag: Tag) -> None:
    publish([Frame("tag", {"action": action, "tag": TagSerializer(tag).data}, EVERYONE)])


def tag_deleted(tag_id: int) -> None:
    publish([Frame("tag", {"action": "delete", "tagId": tag_id}, EVERYONE)])


def custom_field_changed(action: str, field: CustomField) -> None:
    publish([Frame("settings", {"action": action, "customField": CustomFieldSerializer(field).data}, EVERYONE)])


def custom_field_deleted(field_id: int) -> None:
    publish([Frame("settings", {"action": "delete", "customFieldId": field_id}, EVERYONE)])


def import_changed(action: str, import_id: int) -> None:
    """create or update, after commit, to those who may import."""
    transaction.on_commit(lambda: _tell_import(action, import_id))


def import_progressed(import_id: int) -> None:
    """At most one frame a second; the end is told by `import_changed`."""
    name = f"recado:{current_company().pk}:contact-import:{import_id}:told"
    try:
        is_first = bool(valkey.client().set(name, 1, nx=True, px=PROGRESS_MILLISECONDS))
    except redis.RedisError as error:
        log.warning("import_progress_not_told", import_id=import_id, error=str(error))
        return
    if is_first:
        _tell_import("update", import_id)


def _tell_import(action: str, import_id: int) -> None:
    job = ContactImport.objects.select_related("created_by").filter(pk=import_id).first()
    if job is not None:
        publish([Frame("contactImport", {"action": action, "contactImport": ContactImportSerializer(job).data}, IMPORTERS)])
