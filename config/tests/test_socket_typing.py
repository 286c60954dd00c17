"""Who is writing: colleagues and customers, told at once to those who may see the conversation, and kept by nobody."""

import datetime

import pytest
from asgiref.sync import sync_to_async

from config.inbound import handle
from config.tests.browser import Browser, played, ticket_of
from connectors.types import Person, TypingSign
from contacts.models import Contact
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tickets.models import Message
from tickets.tests.factories import QueueFactory, TicketFactory


@pytest.fixture
def sales(acme, bob):
    return QueueFactory(name="Sales", members=[bob])


def heard_in(company, connection, events):
    with enter(company):
        handle(connection, events)


def test_typing_reaches_those_who_see_the_ticket_and_nobody_else(acme, alice, bob, carol, sales):
    ticket = TicketFactory(queue=sales)
    passes = [ticket_of(user) for user in (alice, bob, carol)]

    async def story():
        async with Browser(passes[0]) as of_alice, Browser(passes[1]) as of_bob, Browser(passes[2]) as of_carol:
            for page in (of_alice, of_bob, of_carol):
                await page.hears()
            of_carol.says(event="typing", ticketId=ticket.pk)
            refused = await of_carol.hears()
            of_bob.says(event="typing", ticketId=ticket.pk)
            heard = await of_alice.hears()
            of_alice.says(event="userStatus", status="away")
            await of_carol.notices_that("Alice", "away")

            assert refused == {"event": "error", "code": "not_found"}
            assert (heard["event"], "seq" in heard) == (f"company-{acme.pk}-ticket", False)
            assert heard["data"] | {"user": heard["data"]["user"]["name"]} == {"action": "typing", "ticketId": ticket.pk, "user": "Bob"}

    played(story)


def test_a_customer_who_types_is_seen_where_the_conversation_is_seen(acme, alice, carol, sales):
    ticket = TicketFactory(queue=sales)
    passes = [ticket_of(user) for user in (alice, carol)]
    other = Person((Address(AddressKind.PHONE, "+5511900000099"),))
    same = Person((Address(AddressKind.PHONE, ticket.contact.phone),))
    late = now() - datetime.timedelta(minutes=1)

    async def story():
        async with Browser(passes[0]) as of_alice, Browser(passes[1]) as of_carol:
            for page in (of_alice, of_carol):
                await page.hears()
            signs = [TypingSign(other, now()), TypingSign(same, late), TypingSign(same, now())]
            await sync_to_async(heard_in)(acme, ticket.connection, signs)
            told = await of_alice.hears()
            of_alice.says(event="userStatus", status="away")
            await of_carol.notices_that("Alice", "away")  # and nothing before

            assert (told["event"], "seq" in told) == (f"company-{acme.pk}-ticket", False)
            assert told["data"] == {"action": "typing", "ticketId": ticket.pk}

    played(story)
    assert (Message.objects.count(), Contact.objects.count()) == (0, 1)
