"""Who writes to us is remembered once, whatever they are called this time."""

from contacts.models import Address, Contact, OptOut
from contacts.services.senders import apply_preference, change_address, remember_sender
from contacts.tests.factories import ContactFactory
from tenants.lib.addresses import Address as Said
from tenants.lib.addresses import AddressKind
from tenants.lib.clock import now

PHONE = Said(AddressKind.PHONE, "5511987654321")
WITHOUT_NINTH_DIGIT = Said(AddressKind.PHONE, "551187654321")
BSUID = Said(AddressKind.BSUID, "BR.1349")


def addresses_of(contact):
    return set(Address.objects.filter(contact=contact).values_list("kind", "value"))


def test_a_new_sender_becomes_a_contact_with_every_address(acme):
    contact = remember_sender(addresses=(BSUID, PHONE), name="Marina", username="marina.d")

    assert (contact.name, contact.username, contact.phone) == ("Marina", "marina.d", "+5511987654321")
    assert addresses_of(contact) == {("phone", "+5511987654321"), ("bsuid", "BR.1349")}


def test_the_ninth_digit_makes_no_second_contact(acme):
    first = remember_sender(addresses=(PHONE,), name="Marina")
    second = remember_sender(addresses=(WITHOUT_NINTH_DIGIT,), name="Marina D")

    assert second == first
    assert Contact.objects.count() == 1


def test_a_sender_known_by_phone_gains_the_bsuid_and_is_found_by_it_alone(acme):
    known = ContactFactory(name="", phone="+5511987654321")

    remember_sender(addresses=(PHONE, BSUID), name="Marina")
    again = remember_sender(addresses=(BSUID,))

    assert (again, again.name) == (known, "Marina")


def test_a_name_that_people_typed_is_kept(acme):
    ContactFactory(name="Marina Duarte (VIP)", phone="+5511987654321")

    contact = remember_sender(addresses=(PHONE,), name="marina")

    assert contact.name == "Marina Duarte (VIP)"


def test_a_changed_number_belongs_to_the_same_contact(acme):
    contact = remember_sender(addresses=(PHONE,), name="Marina")

    change_address(old=PHONE, new=Said(AddressKind.PHONE, "5511912345678"))

    contact.refresh_from_db()
    assert contact.phone == "+5511912345678"
    assert addresses_of(contact) == {("phone", "+5511987654321"), ("phone", "+5511912345678")}


def test_what_the_customer_told_whatsapp_is_kept_apart_from_what_an_agent_set(acme, alice):
    contact = remember_sender(addresses=(PHONE,))
    apply_preference(addresses=(PHONE,), purpose="marketing", is_stop=True)
    stopped = list(contact.opt_outs.values_list("purpose", "source"))

    apply_preference(addresses=(PHONE,), purpose="marketing", is_stop=False)
    OptOut.objects.create(contact=contact, purpose="marketing", source=OptOut.Source.AGENT, by=alice, created_at=now())
    apply_preference(addresses=(PHONE,), purpose="marketing", is_stop=False)

    assert stopped == [("marketing", "whatsapp")]
    assert list(contact.opt_outs.values_list("purpose", "source")) == [("marketing", "agent")]
