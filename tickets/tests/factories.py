"""Rows and gateway events for stories about conversations."""

import datetime
from itertools import count

import factory

from connectors.models import Connection
from connectors.types import Delivery, InboundMessage, MessageKind, Person, Receipt
from contacts.models import Contact
from contacts.tests.factories import ContactFactory
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.clock import now
from tickets.models import Message, Queue, QueueMember, Ticket
from tickets.services.receiving import receive_message

_number = count(1)


class ConnectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Connection

    name = factory.Sequence(lambda number: f"Line {number}")
    provider = "simulator"
    number = factory.Sequence(lambda number: f"+55113000{number:04d}")
    state = "connected"


class QueueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Queue
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Queue {number}")

    @factory.post_generation
    def members(self, create: bool, extracted: object, **_: object) -> None:
        for user in extracted or ():
            QueueMember.objects.create(queue=self, user=user)


class TicketFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Ticket

    contact = factory.SubFactory(ContactFactory)
    connection = factory.SubFactory(ConnectionFactory)
    protocol = factory.Sequence(lambda number: f"20261122-{number:06d}")
    last_inbound_at = factory.LazyFunction(now)


def inbound(
    contact: Contact,
    body: str = "Hello",
    *,
    external_id: str = "",
    kind: MessageKind = MessageKind.TEXT,
    at: datetime.datetime | None = None,
    **more: object,
) -> InboundMessage:
    """What a gateway says when the contact writes."""
    return InboundMessage(
        external_id=external_id or f"wamid.in.{next(_number)}",
        person=Person(addresses=(Address(AddressKind.PHONE, contact.phone),), name=contact.name),
        kind=kind,
        sent_at=at or now(),
        body=body,
        **more,
    )


def heard(connection: Connection, contact: Contact, body: str = "Hello", **more: object) -> Message:
    """The contact writes; the stored message."""
    return receive_message(connection, contact, inbound(contact, body, **more)).message


def receipt(message: Message, status: Delivery, *, at: datetime.datetime | None = None, **more: object) -> Receipt:
    return Receipt(external_id=message.external_id, status=status, at=at or now(), **more)
