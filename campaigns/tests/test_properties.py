"""What holds of every audience and of every order of receipts: drawn at random, held against the same rules in plain Python."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
from django.db import transaction
from hypothesis import strategies as st

from campaigns.models import Campaign, CampaignCount, Recipient
from campaigns.selectors import campaigns_with_counts, counts_of
from campaigns.services.audience import audience_of, count_audience, freeze_audience
from campaigns.services.given import replace_given
from campaigns.services.lines import keep_lines
from campaigns.tests.factories import CampaignFactory, ConnectionFactory
from campaigns.types import InlineRecipient
from connectors.types import Delivery, Receipt
from contacts.models import Address, Contact, ContactList, OptOut, Tag
from contacts.tests.factories import ContactFactory
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tickets.models import Message
from tickets.services.receipts import apply_receipts

LISTS, TAGS = ("A", "B"), ("x", "y", "z")
some_tags = st.frozensets(st.sampled_from(TAGS))
some_lists = st.frozensets(st.sampled_from(LISTS))
quickly = hypothesis.settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)


@dataclasses.dataclass(frozen=True)
class Person:
    lists: frozenset[str]
    tags: frozenset[str]
    is_given: bool
    is_blocked: bool
    has_stopped: bool
    address: str  # "valid", "invalid", "none"
    lives_in_recife: bool


@dataclasses.dataclass(frozen=True)
class Choice:
    lists: frozenset[str]
    tags: frozenset[str]
    has_all_tags: bool
    is_for_everybody: bool
    excluded_tags: frozenset[str]
    only_recife: bool

    def means(self, person: Person) -> bool:
        by_tags = (self.tags <= person.tags) if self.has_all_tags else bool(self.tags & person.tags)
        is_chosen = self.is_for_everybody or bool(self.lists & person.lists) or (bool(self.tags) and by_tags)
        return person.is_given or (is_chosen and (person.lives_in_recife or not self.only_recife))

    def reason_against(self, person: Person) -> str:
        if self.excluded_tags & person.tags:
            return "excluded_tag"
        if person.is_blocked:
            return "blocked"
        if person.has_stopped:
            return "opted_out"
        return {"none": "no_address", "invalid": "invalid_address", "valid": ""}[person.address]


people = st.builds(
    Person,
    lists=some_lists,
    tags=some_tags,
    is_given=st.booleans(),
    is_blocked=st.booleans(),
    has_stopped=st.booleans(),
    address=st.sampled_from(["valid", "valid", "valid", "invalid", "none"]),
    lives_in_recife=st.booleans(),
).map(lambda person: dataclasses.replace(person, is_given=person.is_given and person.address != "none"))
choices = st.builds(
    Choice,
    lists=some_lists,
    tags=some_tags,
    has_all_tags=st.booleans(),
    is_for_everybody=st.booleans(),
    excluded_tags=some_tags,
    only_recife=st.booleans(),
)


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Whatever an example writes is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def settle(persons: list[Person]) -> tuple[list[Contact], dict[str, Any]]:
    marks: dict[str, Any] = {name: ContactList.objects.create(name=name) for name in LISTS}
    marks |= {name: Tag.objects.create(name=name) for name in TAGS}
    contacts = []
    for person in persons:
        contact = ContactFactory(is_blocked=person.is_blocked, custom={"city": "Recife"} if person.lives_in_recife else {})
        contact.lists.set([marks[name] for name in person.lists])
        contact.tags.set([marks[name] for name in person.tags])
        if person.has_stopped:
            OptOut.objects.create(contact=contact, purpose="marketing")
        addresses = Address.objects.filter(contact=contact)
        addresses.update(is_invalid=True) if person.address == "invalid" else None
        addresses.delete() if person.address == "none" else None
        contacts.append(contact)
    return contacts, marks


def campaign_for(choice: Choice, persons: list[Person], contacts: list[Contact], marks: dict[str, Any]) -> Campaign:
    condition = [{"field": "custom.city", "operator": "equals", "value": "Recife"}] if choice.only_recife else []
    campaign = CampaignFactory(
        body="Hello", has_all_tags=choice.has_all_tags, is_for_everybody=choice.is_for_everybody, conditions=condition
    )
    campaign.lists.set([marks[name] for name in choice.lists])
    campaign.tags.set([marks[name] for name in choice.tags])
    campaign.excluded_tags.set([marks[name] for name in choice.excluded_tags])
    replace_given(campaign, [InlineRecipient(contact.phone) for contact, person in zip(contacts, persons, strict=True) if person.is_given])
    keep_lines(campaign)
    return campaign


@quickly
@hypothesis.given(persons=st.lists(people, min_size=1, max_size=10), choice=choices)
def test_everybody_who_is_meant_stands_there_once_with_the_one_reason_against_them(acme, persons, choice):
    with undone():
        contacts, marks = settle(persons)
        campaign = campaign_for(choice, persons, contacts, marks)
        expected = {
            contact.pk: choice.reason_against(person) for contact, person in zip(contacts, persons, strict=True) if choice.means(person)
        }
        counted = count_audience(audience_of(campaign), campaign_id=campaign.pk)
        with contextlib.suppress(ApplicationError):  # nobody is left
            freeze_audience(campaign)
        frozen = list(Recipient.objects.filter(campaign=campaign).values_list("contact", "exclusion"))

        assert len(frozen) == len(dict(frozen))
        assert dict(frozen) == expected
        assert (counted.count, sum(counted.exclusions.values())) == (
            list(expected.values()).count(""),
            len(expected) - list(expected.values()).count(""),
        )


@quickly
@hypothesis.given(persons=st.lists(people, min_size=1, max_size=8), choice=choices, more=some_tags)
def test_leaving_more_out_adds_nobody_and_choosing_more_loses_nobody(acme, persons, choice, more):
    def reached(chosen: Choice) -> int:
        return count_audience(audience_of(campaign_for(chosen, persons, contacts, marks))).count

    with undone():
        contacts, marks = settle(persons)
        usual = reached(choice)

        assert reached(dataclasses.replace(choice, excluded_tags=choice.excluded_tags | more)) <= usual
        assert reached(dataclasses.replace(choice, is_for_everybody=True)) >= usual
        assert reached(dataclasses.replace(choice, only_recife=False)) >= usual


STEPS = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.FAILED)


@quickly
@hypothesis.given(told=st.lists(st.sampled_from(STEPS), min_size=1, max_size=6), data=st.data())
def test_receipts_in_any_order_and_repeated_end_at_the_furthest_and_count_once(acme, told, data):
    orders: list[Callable[[], list[Delivery]]] = [lambda: sorted(told), lambda: data.draw(st.permutations(told + told))]
    ends = []
    for order in orders:
        with undone():
            campaign, message = one_sent()
            seen = []
            for status in order():
                apply_receipts(campaign.connection, [Receipt(message.external_id, status, now())])
                message.refresh_from_db()
                seen.append(message.status)
            assert seen == sorted(seen)
            (recipient,) = Recipient.objects.filter(campaign=campaign)
            ends.append((message.status, recipient.status, counts_of(campaigns_with_counts().get(pk=campaign.pk))))

    assert ends[0] == ends[1]
    assert ends[0][0] == ends[0][1] == max(told)


def one_sent() -> tuple[Campaign, Message]:
    line, contact = ConnectionFactory(), ContactFactory()
    campaign = CampaignFactory(connection=line, status=Campaign.Status.RUNNING)
    common = {"contact": contact, "connection": line, "external_id": "wamid.one", "status": Delivery.ACCEPTED}
    message = Message.objects.create(direction="out", origin="campaign", origin_id=campaign.pk, kind="text", key="r1.1", **common)
    Recipient.objects.create(campaign=campaign, address=contact.phone, state="sent", message_id=message.pk, **common)
    CampaignCount.objects.create(campaign=campaign, name="sent", connection_id=line.pk, delta=1)
    return campaign, message
