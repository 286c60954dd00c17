"""Campaigns for stories. In the company that is entered."""

import factory

from campaigns.models import Campaign, Recipient
from campaigns.services.lines import keep_lines
from connectors.models import Connection, Template
from contacts.models import ContactList
from contacts.tests.factories import ContactFactory


class ConnectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Connection

    name = factory.Sequence(lambda number: f"Campaign line {number}")
    provider = "simulator"
    number = factory.Sequence(lambda number: f"+55113100{number:04d}")
    state = "connected"
    settings = factory.LazyFunction(lambda: {"messages_per_second": 10_000})


class TemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Template

    connection = factory.SubFactory(ConnectionFactory, provider="cloud_api")
    name = factory.Sequence(lambda number: f"promo_{number}")
    language = "pt_BR"
    status = "APPROVED"
    components = factory.LazyFunction(lambda: [{"type": "BODY", "text": "Hello {{1}}, here is {{2}}."}])


class CampaignFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Campaign
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Campaign {number}")
    connection = factory.SubFactory(ConnectionFactory)
    body = "Hello {{first_name|there}}"

    @factory.post_generation
    def lists(self, create: bool, extracted: object, **_: object) -> None:
        if create and extracted:
            self.lists.set(extracted)

    @factory.post_generation
    def lines(self, create: bool, extracted: object, **_: object) -> None:
        """One that is made running has what a start would have written."""
        if create and self.status not in (Campaign.Status.DRAFT, Campaign.Status.SCHEDULED):
            keep_lines(self)


def list_of(count: int, *, name: str = "Customers") -> ContactList:
    """A contact list with this many contacts."""
    contacts = ContactFactory.create_batch(count)
    contact_list = ContactList.objects.create(name=f"{name} {contacts[0].pk if contacts else ''}")
    contact_list.contacts.set(contacts)
    return contact_list


def states_of(campaign: Campaign) -> dict[str, int]:
    """How many recipients are in each state."""
    found: dict[str, int] = {}
    for state in Recipient.objects.filter(campaign=campaign).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found
