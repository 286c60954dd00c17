"""The customer sees that somebody writes: on the Cloud API, as Meta's server takes it, and nowhere that cannot show it."""

import pytest

from connectors.emulators.cloud.world import Record
from connectors.tests.meta import TOKEN, emulated_meta
from tickets.services.tickets import accept
from tickets.tasks import show_typing
from tickets.tests.factories import heard


@pytest.fixture
def meta(settings):
    with emulated_meta() as server:
        settings.GRAPH_URL = server.url
        yield server


@pytest.fixture
def said(meta, cloud_line, marina):
    """Marina's message, as Meta and we know it."""
    cloud_line.credentials = {"phone_number_id": "1055", "access_token": TOKEN}
    cloud_line.save()
    record = Record("wamid.typing", "1055", marina.phone.lstrip("+"), False, {}, meta.world.now())
    meta.world.keep(record)
    return record, heard(cloud_line, marina, external_id=record.wamid).ticket


def test_writing_an_answer_shows_on_the_customers_phone(said, bob):
    record, ticket = said
    accept(ticket, by=bob)

    show_typing(ticket.pk)

    assert record.statuses == ["read", "typing"]


def test_nothing_shows_before_somebody_has_the_conversation(said):
    record, ticket = said

    show_typing(ticket.pk)

    assert record.statuses == []


def test_a_gateway_that_refuses_harms_nothing(said, meta, bob):
    record, ticket = said
    accept(ticket, by=bob)
    del meta.world.messages[record.wamid]

    show_typing(ticket.pk)

    assert record.statuses == []


def test_where_it_cannot_be_shown_nobody_asks(meta, line, marina, bob):
    ticket = heard(line, marina).ticket
    accept(ticket, by=bob)

    show_typing(ticket.pk)
