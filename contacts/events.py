"""What browsers are told about contacts. Everybody in a company may see its contacts."""

from contacts.models import Contact, Tag
from contacts.serializers import ContactSerializer, TagSerializer
from tenants.lib.realtime import EVERYONE, Frame, publish


def contact_created(contact: Contact) -> None:
    publish([Frame("contact", {"action": "create", "contact": ContactSerializer(contact).data}, EVERYONE)])


def contact_updated(contact: Contact) -> None:
    publish([Frame("contact", {"action": "update", "contact": ContactSerializer(contact).data}, EVERYONE)])


def contact_deleted(contact_id: int) -> None:
    publish([Frame("contact", {"action": "delete", "contactId": contact_id}, EVERYONE)])


def tag_changed(action: str, tag: Tag) -> None:
    publish([Frame("tag", {"action": action, "tag": TagSerializer(tag).data}, EVERYONE)])


def tag_deleted(tag_id: int) -> None:
    publish([Frame("tag", {"action": "delete", "tagId": tag_id}, EVERYONE)])
