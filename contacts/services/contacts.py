"""What people of the company do with contacts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.auditing import record
from contacts import events
from contacts.models import Address, Contact, ContactList, CustomField, OptOut, Tag
from contacts.services import consent
from tenants.lib.addresses import canonical_phone
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.services.plans import require_room

PLAIN_FIELDS = ("name", "email", "locale", "notes", "is_blocked")


@transaction.atomic
def create_contact(*, by: User | None, fields: Mapping[str, Any], tags: Sequence[Tag] = (), lists: Sequence[ContactList] = ()) -> Contact:
    """A new contact. `fields` as in ContactWriteSerializer; refused when the number belongs to somebody already."""
    phone = _canonical(fields.get("phone", ""))
    if not phone and not fields.get("name"):
        raise ApplicationError(_("Give a name or a phone number."), code="required", field="phone")
    require_room(current_company(), "contacts", Contact.objects.count())
    contact = Contact(phone=phone, custom=_checked_custom(fields.get("custom", {})))
    _set_plain(contact, fields)
    contact.save()
    if phone:
        _claim_phone(contact, phone)
    contact.tags.set(tags)
    contact.lists.set(lists)
    contact.refresh_from_db()
    events.contact_created(contact)
    return contact


@transaction.atomic
def update_contact(
    contact: Contact, *, by: User, fields: Mapping[str, Any], tags: Sequence[Tag] | None = None, lists: Sequence[ContactList] | None = None
) -> Contact:
    """Change what is given, keep the rest, as it is now: an import or a colleague may have written since the contact was read.

    A new phone becomes the main one; the old stays an address of the contact.
    """
    try:
        contact.refresh_from_db(from_queryset=Contact.objects.select_for_update())
    except Contact.DoesNotExist as error:
        raise ApplicationError(_("This contact is not there any more."), code="gone", status=409) from error
    if "phone" in fields:
        phone = _canonical(fields["phone"])
        if phone and phone != contact.phone:
            _claim_phone(contact, phone)
        contact.phone = phone
    if "custom" in fields:
        contact.custom = contact.custom | _checked_custom(fields["custom"])
    _set_plain(contact, fields)
    contact.updated_at = Now()
    contact.save()
    if tags is not None:
        contact.tags.set(tags)
    if lists is not None:
        contact.lists.set(lists)
    fresh = Contact.objects.prefetch_related("tags", "lists", "addresses", "opt_outs").get(pk=contact.pk)
    events.contact_updated(fresh)
    return fresh


@transaction.atomic
def delete_contact(contact: Contact, *, by: User) -> None:
    """Only a contact without history may go: conversations are kept."""
    contact_id = contact.pk
    record("contact.deleted", contact, by=by)
    try:
        with transaction.atomic():
            contact.delete()
    except ProtectedError as error:
        raise ApplicationError(
            _("This contact has conversations or campaigns and cannot be deleted. Block it instead."), code="in_use", status=409
        ) from error
    events.contact_deleted(contact_id)


@transaction.atomic
def contact_by_number(*, number: str, name: str = "", by: User | None, field: str = "number") -> Contact:
    """The contact with this number, made if nobody has it. The number may be typed in any usual way."""
    phone = _canonical(number, field=field)
    address = Address.objects.select_related("contact").filter(kind="phone", value=phone).first()
    if address:
        return address.contact
    try:
        with transaction.atomic():
            return create_contact(by=by, fields={"phone": phone, "name": name})
    except ApplicationError as error:
        if error.code != "taken":
            raise
        return Address.objects.select_related("contact").get(kind="phone", value=phone).contact


@transaction.atomic
def opt_out(contact: Contact, *, by: User, purpose: str, reason: str = "") -> None:
    """The contact gets no more messages of this purpose. Twice is once."""
    if consent.stop(contact, purpose=purpose, source=OptOut.Source.AGENT, by=by, words=reason):
        record("contact.opted_out", contact, by=by, purpose=purpose)
    _tell(contact)


@transaction.atomic
def opt_in(contact: Contact, *, by: User, purpose: str, reason: str = "") -> None:
    """Whoever said no before: a person of the company knows that it is welcome now."""
    if consent.resume(contact, purpose=purpose, source=OptOut.Source.AGENT, lifts=consent.SAID_TO_US, by=by, words=reason):
        record("contact.opted_in", contact, by=by, purpose=purpose)
    _tell(contact)


@transaction.atomic
def add_to_list(contact_list: ContactList, *, by: User, contacts: Sequence[Contact]) -> int:
    """How many were not in the list before."""
    before = contact_list.contacts.count()
    contact_list.contacts.add(*contacts)
    added = contact_list.contacts.count() - before
    if added:
        record("word.filled", contact_list, by=by, count=added)
    return added


@transaction.atomic
def remove_from_list(contact_list: ContactList, *, by: User, contacts: Sequence[Contact]) -> None:
    before = contact_list.contacts.count()
    contact_list.contacts.remove(*contacts)
    removed = before - contact_list.contacts.count()
    if removed:
        record("word.emptied", contact_list, by=by, count=removed)


def _tell(contact: Contact) -> None:
    events.contact_updated(Contact.objects.prefetch_related("tags", "lists", "addresses", "opt_outs").get(pk=contact.pk))


def _canonical(text: str, *, field: str = "phone") -> str:
    if not text.strip():
        return ""
    try:
        return canonical_phone(text, region=current_company().country)
    except ValueError as error:
        raise ApplicationError(str(error), code="invalid_phone", field=field) from error


def _claim_phone(contact: Contact, phone: str) -> None:
    if Address.objects.filter(contact=contact, kind="phone", value=phone).exists():
        return
    try:
        with transaction.atomic():
            Address.objects.create(contact=contact, kind="phone", value=phone)
    except IntegrityError as error:
        holder = Address.objects.select_related("contact").get(kind="phone", value=phone).contact
        raise ApplicationError(
            _("The number %(phone)s belongs to %(name)s already (contact %(id)s).")
            % {"phone": phone, "name": holder.display_name, "id": holder.pk},
            code="taken",
            field="phone",
        ) from error


def _set_plain(contact: Contact, fields: Mapping[str, Any]) -> None:
    for field in PLAIN_FIELDS:
        if field in fields:
            setattr(contact, field, fields[field])


def _checked_custom(values: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.key: field for field in CustomField.objects.all()} if values else {}
    for key, value in values.items():
        if key not in known:
            raise ApplicationError(_("There is no custom field “%(key)s”.") % {"key": key}, code="unknown_field", field="custom")
        field = known[key]
        if field.kind == CustomField.Kind.CHOICE and value not in ("", None) and value not in field.choices:
            raise ApplicationError(
                _("“%(value)s” is not one of the choices of %(label)s.") % {"value": value, "label": field.label},
                code="invalid_choice",
                field="custom",
            )
    return dict(values)
