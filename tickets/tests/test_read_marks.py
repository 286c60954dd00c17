"""The customer sees that somebody of the company read: on the Cloud API, as Meta's server takes it, once for each newest message."""

import pytest

from connectors.emulators.cloud.world import Record
from connectors.tests.meta import TOKEN, emulated_meta
from tickets.services.tickets import mark_read
from tickets.tasks import show_read
from tickets.tests.factories import heard


@pytest.fixture
def meta(settings):
    with emulated_meta() as server:
        settings.GRAPH_URL = server.url
        yield server


@pytest.fixture
def writes(meta, cloud_line, marina):
    """Marina writes: her message as Meta and we know it."""
    cloud_line.credentials = {"phone_number_id": "1055", "access_token": TOKEN}
    cloud_line.save()

    def write(wamid):
        record = Record(wamid, "1055", marina.phone.lstrip("+"), False, {}, meta.world.now())
        meta.world.keep(record)
        return record, heard(cloud_line, marina, external_id=wamid).ticket

    return write


def test_who_reads_shows_it_on_the_customers_phone_once_per_newest_message(writes, bob):
    first, ticket = writes("wamid.read.1")
    second, ticket = writes("wamid.read.2")
    mark_read(ticket, by=bob)

    show_read(ticket.pk)
    show_read(ticket.pk)
    third, ticket = writes("wamid.read.3")
    mark_read(ticket, by=bob)
    show_read(ticket.pk)

    assert [record.statuses.count("read") for record in (second, third)] == [1, 1]


def test_what_nobody_read_yet_is_not_told(writes):
    record, ticket = writes("wamid.read.4")

    show_read(ticket.pk)

    assert record.statuses == []


def test_a_gateway_that_refuses_harms_nothing(writes, meta, bob):
    record, ticket = writes("wamid.read.5")
    mark_read(ticket, by=bob)
    del meta.world.messages[record.wamid]

    show_read(ticket.pk)

    assert record.statuses == []


@pytest.mark.parametrize(("number", "asked"), [("cloud_line", 1), ("line", 0)])
def test_reading_asks_after_commit_and_only_where_it_can_be_shown(request, marina, bob, number, asked, django_capture_on_commit_callbacks):
    ticket = heard(request.getfixturevalue(number), marina).ticket

    with django_capture_on_commit_callbacks() as told:
        mark_read(ticket, by=bob)
    with django_capture_on_commit_callbacks() as told_again:
        mark_read(ticket, by=bob)

    assert (len([deed for deed in told if "later" in deed.__qualname__]), told_again) == (asked, [])
