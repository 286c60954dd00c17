"""Who is writing to us: a contact found or made by any of the sender's addresses."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from contacts import events
from contacts.models import Address as AddressRow
from contacts.models import Contact, OptOut
from contacts.services import consent
from contacts.types import Sender
from tenants.lib.addresses import Address, AddressKind, canonical_wa_id
from tenants.lib.clock import now


def remember_sender(*, addresses: tuple[Address, ...], name: str = "", username: str = "") -> Contact:
    """The contact that has any of these addresses, with the others added to it; a new one if nobody has.

    Safe when two workers meet the same new sender: the unique address decides, the loser takes the winner's contact.
    A name that people of the company typed is not overwritten. Raises ValueError without an address.
    """
    return remember_senders([Sender(addresses=addresses, name=name, username=username)])[0]


def known_sender(addresses: Sequence[Address]) -> Contact | None:
    """The contact that has any of these addresses; nobody is remembered anew."""
    rows = _rows_of(canonical_addresses(tuple(addresses)))
    return rows[0].contact if rows else None


LAST_SEEN_SECONDS = 3600


@transaction.atomic(savepoint=False)
def remember_senders(senders: Sequence[Sender]) -> list[Contact]:
    """The contact of each, in their order. Those who are known, and say nothing new of themselves, cost one query together."""
    spelled = [canonical_addresses(sender.addresses) for sender in senders]
    rows = {_place_of(row): row for row in _rows_of([address for addresses in spelled for address in addresses])}
    contacts: list[Contact] = []
    created, updated = set(), set()
    for sender, addresses in zip(senders, spelled, strict=True):
        if not addresses:
            raise ValueError("A sender without an address cannot be remembered.")
        known = [rows[address] for address in addresses if address in rows]
        if known:
            contact = known[0].contact
            has_changed = _learn(contact, sender, addresses, known)
        else:
            contact, is_new = _new_contact(sender, addresses)
            has_changed = not is_new and _fill_in(contact, sender, addresses)
            if is_new:
                created.add(contact.pk)
        if has_changed:
            updated.add(contact.pk)
        rows |= {address: AddressRow(contact=contact, kind=address.kind.value, value=address.value) for address in addresses if not known}
        contacts.append(contact)
    _note_seen(contacts)
    _tell(created, updated - created)
    return contacts


@transaction.atomic
def change_address(*, old: Address, new: Address) -> Contact | None:
    """The person behind `old` is now reached at `new`; the old one stays known. None when nobody has `old`."""
    (old_known,) = canonical_addresses((old,))
    (new_known,) = canonical_addresses((new,))
    row = AddressRow.objects.select_related("contact").filter(kind=old_known.kind.value, value=old_known.value).first()
    if row is None:
        return None
    _add_addresses(row.contact, [new_known])
    if new_known.kind == AddressKind.PHONE and AddressRow.objects.filter(kind="phone", value=new_known.value, contact=row.contact).exists():
        Contact.objects.filter(pk=row.contact_id).update(phone=new_known.value, updated_at=Now())
        row.contact.phone = new_known.value
    events.contact_updated(row.contact)
    return row.contact


@transaction.atomic
def apply_preference(*, addresses: tuple[Address, ...], purpose: str, is_stop: bool) -> Contact:
    """What the person told WhatsApp itself: stop or resume a purpose. Separate from a stop word they typed."""
    contact = remember_sender(addresses=addresses)
    verb = consent.stop if is_stop else consent.resume
    if verb(contact, purpose=purpose, source=OptOut.Source.WHATSAPP):
        events.contact_updated(contact)
    return contact


def mark_address_invalid(*, contact_ids: list[int], reason: str) -> int:
    """These contacts' phone numbers are not on WhatsApp; campaigns leave them out. Returns how many were marked."""
    phones = AddressRow.objects.filter(contact_id__in=contact_ids, kind="phone", is_invalid=False)
    return phones.update(is_invalid=True, invalid_reason=reason[:160])


def mark_address_valid(*, contacts: QuerySet[Any]) -> int:
    """`contacts`: a query for ids of contacts whose phones answer after all. Returns how many numbers were marked."""
    return AddressRow.objects.filter(contact_id__in=contacts, kind="phone", is_invalid=True).update(is_invalid=False, invalid_reason="")


def canonical_addresses(addresses: tuple[Address, ...]) -> list[Address]:
    """The same addresses in the spelling that we store, without repeats, phones first."""
    spelled = [
        Address(AddressKind.PHONE, canonical_wa_id(address.value)) if address.kind == AddressKind.PHONE else address
        for address in addresses
        if address.value
    ]
    return sorted(dict.fromkeys(spelled), key=lambda address: address.kind != AddressKind.PHONE)


def _note_seen(contacts: list[Contact]) -> None:
    """At most once in a while for each, and without touching `updated_at`: nobody edited them."""
    at = now()
    long_ago = at - datetime.timedelta(seconds=LAST_SEEN_SECONDS)
    stale = {each.pk for each in contacts if each.last_seen_at is None or each.last_seen_at < long_ago}
    if stale:
        Contact.objects.filter(pk__in=stale).update(last_seen_at=at)
    for contact in contacts:
        contact.last_seen_at = at if contact.pk in stale else contact.last_seen_at


def _tell(created: set[int], updated: set[int]) -> None:
    if not created and not updated:
        return
    with_parts = Contact.objects.prefetch_related("tags", "lists", "addresses", "opt_outs")
    for contact in with_parts.filter(pk__in=created | updated).order_by("pk"):
        if contact.pk in created:
            events.contact_created(contact)
        else:
            events.contact_updated(contact)


def _place_of(row: AddressRow) -> Address:
    return Address(AddressKind(row.kind), row.value)


def _rows_of(addresses: list[Address]) -> list[AddressRow]:
    wanted = set(addresses)
    rows = AddressRow.objects.select_related("contact").filter(value__in={address.value for address in addresses})
    return [row for row in rows if _place_of(row) in wanted]


def _new_contact(sender: Sender, addresses: list[Address]) -> tuple[Contact, bool]:
    """The contact, and whether it was made here: of two workers at once one makes it, the other takes it."""
    phone = next((address.value for address in addresses if address.kind == AddressKind.PHONE), "")
    contact = Contact.objects.create(name=sender.name[:160], username=sender.username[:80], phone=phone)
    _add_addresses(contact, addresses)
    rows = _rows_of(addresses)
    if any(row.contact_id == contact.pk for row in rows):
        return contact, True
    contact.delete()
    return rows[0].contact, False


def _learn(contact: Contact, sender: Sender, addresses: list[Address], known: list[AddressRow]) -> bool:
    """Whether something about a known contact changed: a new address, a name at last, a number that answers after all."""
    invalid = [row.pk for row in known if row.is_invalid and row.pk]
    if invalid:
        AddressRow.objects.filter(pk__in=invalid).update(is_invalid=False, invalid_reason="")
    missing = [address for address in addresses if address not in {_place_of(row) for row in known}]
    _add_addresses(contact, missing)
    return _fill_in(contact, sender, addresses) or bool(invalid or missing)


def _add_addresses(contact: Contact, addresses: list[Address]) -> None:
    if addresses:
        AddressRow.objects.bulk_create(
            [AddressRow(contact=contact, kind=address.kind.value, value=address.value) for address in addresses], ignore_conflicts=True
        )


def _fill_in(contact: Contact, sender: Sender, addresses: list[Address]) -> bool:
    changed = {}
    if sender.name and not contact.name:
        changed["name"] = sender.name[:160]
    if sender.username and contact.username != sender.username:
        changed["username"] = sender.username[:80]
    phone = next((address.value for address in addresses if address.kind == AddressKind.PHONE), "")
    if phone and not contact.phone:
        changed["phone"] = phone
    if not changed:
        return False
    Contact.objects.filter(pk=contact.pk).update(**changed, updated_at=Now())
    for field, value in changed.items():
        setattr(contact, field, value)
    return True
