"""An import is taken back, but for what people did since."""

from contacts.models import Contact, CustomField, OptOut, Tag
from contacts.services.contacts import update_contact
from contacts.services.senders import apply_preference
from contacts.tests.factories import ContactFactory
from contacts.tests.files import PEOPLE, URL, error, imported, ready, start, undone
from tenants.lib.addresses import Address as Said
from tenants.lib.addresses import AddressKind


def test_an_import_is_undone_but_for_what_happened_since(sam, bob, client_of):
    restored = ContactFactory(name="Old name", phone="+5511987650001", email="old@example.test", custom={"city": "Recife"})
    edited = ContactFactory(name="Old too", phone="+5511987650002")
    CustomField.objects.create(key="city", label="City")
    tag, had = Tag.objects.create(name="New"), Tag.objects.create(name="Had")
    restored.tags.add(had)
    file = "name,phone,email,city\n" + "".join(f"New {last},1198765000{last},new{last}@example.test,Natal\n" for last in range(1, 7))
    client = client_of(sam)
    job = imported(client, file, tags=[tag.pk, had.pk])
    update_contact(edited, by=bob, fields={"name": "Bob wrote this"})
    by_phone = {contact.phone[-1]: contact for contact in Contact.objects.all()}
    update_contact(by_phone["3"], by=bob, fields={"notes": "Called"})
    OptOut.objects.create(contact=by_phone["4"], purpose="all")

    job = undone(client, job)

    left = {contact.phone[-1]: contact for contact in Contact.objects.all()}
    assert (job.state, job.removed_count, job.restored_count, job.kept_count) == ("undone", 2, 2, 2)
    assert sorted(left) == ["1", "2", "3", "4"]
    assert (left["1"].name, left["1"].email, left["1"].custom) == ("Old name", "old@example.test", {"city": "Recife"})
    assert [each.name for each in left["1"].tags.all()] == ["Had"]
    assert (left["2"].name, left["2"].email, left["2"].custom) == ("Bob wrote this", "", {})


def test_an_undo_happens_once_and_only_after_an_import(sam, client_of):
    client = client_of(sam)
    pk = ready(client, PEOPLE)

    early = client.post(f"{URL}{pk}/undo/")
    dry = start(client, pk, dry_run=True)
    after_dry = client.post(f"{URL}{pk}/undo/")
    job = undone(client, start(client, dry.pk))
    twice = client.post(f"{URL}{pk}/undo/")

    assert [error(answer) for answer in (early, after_dry, twice)] == [(409, None, "not_done")] * 3
    assert (job.state, Contact.objects.count()) == ("undone", 0)


def test_an_undo_takes_back_tags_lists_and_consent_but_not_what_the_customer_said_since(sam, client_of):
    known, stopped, had = (ContactFactory(phone=f"+551198765000{last}") for last in "123")
    had_tag = Tag.objects.create(name="Had")
    had.tags.add(had_tag)
    client = client_of(sam)
    job = imported(client, "phone,tags,lists,opt out\n" + "".join(f'1198765000{last},"Had, New",News,yes\n' for last in "1234"))
    apply_preference(addresses=(Said(AddressKind.PHONE, "5511987650002"),), purpose="marketing", is_stop=True)

    job = undone(client, job)

    assert (job.removed_count, job.restored_count, job.kept_count) == (1, 3, 0)
    left = {contact.pk: contact for contact in Contact.objects.all()}
    assert sorted(left) == sorted([known.pk, stopped.pk, had.pk])
    assert {pk: [tag.name for tag in contact.tags.all()] for pk, contact in left.items()} == {known.pk: [], stopped.pk: [], had.pk: ["Had"]}
    assert [list(contact.lists.all()) for contact in left.values()] == [[], [], []]
    assert list(OptOut.objects.values_list("contact", "source")) == [(stopped.pk, "whatsapp")]
