"""Two contacts turn out to be one person."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.auditing import record
from contacts import events
from contacts.models import Address, ConsentEntry, Contact, OptOut
from tenants.lib.announcing import announce
from tenants.lib.errors import ApplicationError


@transaction.atomic
def merge_contacts(kept: Contact, other: Contact, *, by: User | None) -> Contact:
    """Everything of `other` becomes `kept`'s: numbers, tags, lists, conversations, campaigns; then `other` is gone.

    Where both say something, `kept` is believed; notes are put together; who said no, in either, has said no.
    Raises ApplicationError: same_contact; and what those who hold its history refuse (open_conversations, campaign_running).
    """
    if kept.pk == other.pk:
        raise ApplicationError(_("Choose another contact to merge with."), code="same_contact", field="contact")
    locked = {contact.pk: contact for contact in Contact.objects.filter(pk__in=(kept.pk, other.pk)).order_by("pk").select_for_update()}
    if len(locked) < 2:
        raise ApplicationError(_("One of the contacts is not there any more."), code="gone", status=409)
    kept, other = locked[kept.pk], locked[other.pk]
    record("contact.merged", kept, by=by, other=other.display_name)
    # Those above refuse, or take the history over; nothing that forbids a deletion is left.
    announce("contact.merged", kept_id=kept.pk, other_id=other.pk)
    Address.objects.filter(contact=other).update(contact=kept)
    kept.tags.add(*other.tags.all())
    kept.lists.add(*other.lists.all())
    for said in OptOut.objects.filter(contact=other):
        OptOut.objects.get_or_create(contact=kept, purpose=said.purpose, source=said.source, defaults={"by": said.by})
    ConsentEntry.objects.filter(contact=other).update(contact=kept)
    _fill(kept, other)
    other_id = other.pk
    try:
        with transaction.atomic():
            other.delete()
    except (ProtectedError, IntegrityError) as error:
        raise ApplicationError(_("This contact is in use elsewhere and cannot be merged."), code="in_use", status=409) from error
    fresh = Contact.objects.prefetch_related("tags", "lists", "addresses", "opt_outs").get(pk=kept.pk)
    events.contact_deleted(other_id)
    events.contact_updated(fresh)
    return fresh


def _fill(kept: Contact, other: Contact) -> None:
    for field in ("name", "phone", "email", "username", "locale"):
        setattr(kept, field, getattr(kept, field) or getattr(other, field))
    kept.notes = "\n".join(filter(None, [kept.notes, other.notes if other.notes != kept.notes else ""]))
    kept.custom = other.custom | {key: value for key, value in kept.custom.items() if value not in ("", None)}
    kept.is_blocked = kept.is_blocked or other.is_blocked
    kept.last_seen_at = max(filter(None, [kept.last_seen_at, other.last_seen_at]), default=None)
    kept.updated_at = Now()
    kept.save()
